import { firstValueFrom, take, toArray } from 'rxjs';
import { afterEach, describe, expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import type { System } from '../../../src/actors/contract.ts';
import { defineActor, port, startSystem } from '../../../src/actors/index.ts';
import {
  type Admission,
  type Cluster,
  clusterJudge,
  type GuardAccount,
  holdoutGuard,
  knowledgeWorld,
  lmLearner,
  mixture,
  sentenceStream,
  splitClusters,
  type TuneBatch,
  type TuningReport,
  wordVocabulary,
  worldGround,
} from '../../../src/learners/instruction-tuning/index.ts';
import { replaySteps } from '../../../src/learners/instruction-tuning/replay.ts';
import { worldTemplates } from '../../../src/learners/instruction-tuning/world-formats.ts';

/** Sends the batches that a test has it send. */
const hand = defineActor(import.meta.url, {
  name: 'hand',
  config: z.object({}),
  outputs: { batches: port<TuneBatch>() },
  start: ({ outputs }) => ({ send: (batch: TuneBatch): void => outputs.batches.next(batch) }),
});

let system: System | undefined;
afterEach(async () => {
  await system?.stop();
  system = undefined;
});

const on = { on: 'main' } as const;
const model = { layers: 1, width: 8, heads: 2, inner: 8 };
const {
  words: all,
  statements,
  filler,
  clusters,
  probes,
} = worldGround(knowledgeWorld(1, { entities: 4, relations: 5, items: 7 }), 1);
const words = [...all];
const vocabulary = wordVocabulary(words).size;
const [held] = clusters;
const { train } = splitClusters(clusters, { test: [held.name], overlap: 'error' });

/** Casts tuning: text and mixture, the guard, the learner, and a judge that hears its snapshots. */
async function cast(trained: readonly Cluster[], { tasks = [] as string[], seed = 1 } = {}) {
  system = await startSystem({ seed });
  const text = await system.spawn(
    sentenceStream,
    { words, statements: [...statements], filler: [...filler], batch: 4, seed },
    on,
  );
  const mix = await system.spawn(mixture, { words, clusters: [...trained], batch: 6, seed }, on);
  const guard = await system.spawn(holdoutGuard, { clusters: [held.name], tasks }, on);
  const common = { model, vocabulary, learningRate: 0.01, reportEvery: 3, seed };
  const learner = await system.spawn(
    lmLearner,
    { ...common, phase: 'tune', steps: 6, replay: 1 / 3, snapshotEvery: 4 },
    on,
  );
  const exams = [
    { name: 'held out', heldOut: true, clusters: [held] },
    { name: 'trained', heldOut: false, clusters: [train[0]] },
  ];
  const judge = await system.spawn(clusterJudge, { words, model, exams, probes: [...probes] }, on);
  system.link(learner.outputs.textNeeds, text.inputs.needs);
  system.link(text.outputs.batches, learner.inputs.text);
  system.link(learner.outputs.tuningNeeds, guard.inputs.needs);
  system.link(guard.outputs.needs, mix.inputs.needs);
  system.link(mix.outputs.batches, guard.inputs.batches);
  system.link(guard.outputs.admissions, learner.inputs.tuning);
  system.link(learner.outputs.snapshots, judge.inputs.snapshots);
  return { system, text, mix, guard, learner, judge };
}

async function end(): Promise<void> {
  await system?.stop();
  system = undefined;
}

describe('tuning', () => {
  async function play() {
    const { guard, learner, judge } = await cast(train);
    const reports: TuningReport[] = [];
    learner.outputs.reports.subscribe(report => reports.push(report));
    const verdicts = firstValueFrom(judge.outputs.verdicts.pipe(take(2), toArray()));
    const { params } = await learner.call.learn(null);
    const own = await judge.call.judge(params);
    const account = await guard.call.account();
    const looked = await judge.call.mustBeUnseen(account);
    const done = { reports, verdicts: await verdicts, own, account, looked };
    await end();
    return done;
  }

  test('learns from what the guard admits and from text, while judges look on', async () => {
    const { reports, verdicts, own, account, looked } = await play();
    expect(reports.map(({ step }) => step)).toEqual([3, 6]);
    for (const { textLoss, targetLoss } of reports) {
      expect(textLoss).toBeGreaterThan(1);
      expect(targetLoss).toBeGreaterThan(1);
    }
    expect(verdicts.map(({ step }) => step)).toEqual([4, 6]);
    expect({ step: 6, ...own }).toEqual(verdicts[1]);
    expect(Object.keys(own.recall)).toEqual(clusters.map(({ name }) => name));
    expect(own.exams['held out'].clusters[0]).toMatchObject({
      cluster: held.name,
      questions: 4 * worldTemplates.instruct.length,
    });
    expect(own.exams['held out'].chance).toBe(0.25);
    // Four steps of six read instructions: 24 examples of 16 facts.
    expect(account).toMatchObject({ admitted: 4, refused: 0 });
    expect([...account.clusters].sort()).toEqual(train.map(({ name }) => name).sort());
    expect(account.facts.length).toBeGreaterThan(8);
    expect(looked).toBe(4);
  });

  test('replay is evenly spread over the steps', () => {
    const places = (steps: number, share: number) =>
      replaySteps(steps, share).flatMap((replayed, i) => (replayed ? [i] : []));
    expect(places(9, 1 / 3)).toEqual([2, 5, 8]);
    expect(places(300, 1 / 3)).toHaveLength(100);
    expect(places(4, 0)).toEqual([]);
    expect(places(3, 1)).toEqual([0, 1, 2]);
  });
});

describe('the hold-out guard', () => {
  test('planted bug: a held-out cluster in the mixture is refused, counted, and the learner fails', async () => {
    const { learner, guard, judge } = await cast([...train, held]);
    await expect(learner.call.learn(null)).rejects.toThrow(
      new RegExp(`tuning batch \\d+: expected nothing that is held out, got cluster ${held.name}`),
    );
    const account = await guard.call.account();
    expect(account.refused).toBe(1);
    await expect(judge.call.mustBeUnseen(account)).rejects.toThrow('hold-out guard: it refused a batch');
  });

  test('planted bug: under another name the cluster is caught by its task', async () => {
    const { learner } = await cast([...train, { ...held, name: 'harmless' }], { tasks: [held.name] });
    await expect(learner.call.learn(null)).rejects.toThrow(`got task ${held.name}`);
  });

  test('planted bug: under other names altogether, the judge finds its own facts among those of tuning', async () => {
    const tasks = held.tasks.map(task => ({ ...task, name: 'harmless' }));
    const { learner, guard, judge } = await cast([{ ...held, name: 'harmless', tasks }]);
    await learner.call.learn(null);
    const account = await guard.call.account();
    expect(account.refused).toBe(0);
    await expect(judge.call.mustBeUnseen(account)).rejects.toThrow('but it asked for: ');
    const facts = held.tasks.flatMap(({ examples }) => examples.map(({ fact }) => fact));
    expect((await judge.call.leaksIn(account)).sort()).toEqual(facts.sort());
    expect(await judge.call.leaksIn({ facts: ['of something else'] })).toEqual([]);
  });

  test('a judge that holds out nothing does not say that nothing was seen', async () => {
    system = await startSystem({ seed: 1 });
    const exams = [{ name: 'trained', heldOut: false, clusters: [held] }];
    const judge = await system.spawn(clusterJudge, { words, model, exams }, on);
    const account = { admitted: 1, refused: 0, facts: [], clusters: [] };
    await expect(judge.call.mustBeUnseen(account)).rejects.toThrow('expected an exam that is held out');
  });

  test('lets nothing follow what it refused', async () => {
    system = await startSystem({ seed: 1 });
    const guard = await system.spawn(holdoutGuard, { clusters: ['b'] }, on);
    const sender = await system.spawn(hand, {}, on);
    system.link(sender.outputs.batches, guard.inputs.batches);
    const heard: Admission[] = [];
    guard.outputs.admissions.subscribe(admission => heard.push(admission));
    for (const [index, cluster] of ['a', 'a', 'b', 'a'].entries()) {
      await sender.call.send({
        ...{ index, rows: 1, ids: Int32Array.of(1), lossMask: Float32Array.of(0) },
        ...{ clusters: [cluster], tasks: ['t'], facts: [`${cluster} ${index}`] },
      });
    }
    await expect
      .poll(() => guard.call.account())
      .toEqual({ admitted: 2, refused: 1, facts: ['a 0', 'a 1'], clusters: ['a'] });
    expect(heard.map(({ index, admitted }) => [index, admitted])).toEqual([
      [0, true],
      [1, true],
      [2, false],
    ]);
    const [{ clusters: kept, refused }] = (await guard.snapshot()) as never as [GuardAccount];
    expect([kept, refused]).toEqual([['a'], 1]);
  });

  test('still knows what was asked for when it is restarted', async () => {
    system = await startSystem({ seed: 1 });
    const guard = await system.spawn(holdoutGuard, { clusters: ['b'] }, on);
    const sender = await system.spawn(hand, {}, on);
    system.link(sender.outputs.batches, guard.inputs.batches);
    const batch = (index: number) => ({
      ...{ index, rows: 1, ids: Int32Array.of(1), lossMask: Float32Array.of(0) },
      ...{ clusters: ['a'], tasks: ['t'], facts: [`a ${index}`] },
    });
    await sender.call.send(batch(0));
    await expect.poll(async () => (await guard.call.account()).admitted).toBe(1);
    let planted = true;
    const failsOnce = {
      *[Symbol.iterator]() {
        if (planted) {
          planted = false;
          throw new Error('planted');
        }
        yield 'a 1';
      },
    };
    await sender.call.send({ ...batch(1), facts: failsOnce as never });
    // The batch comes again to the one that is restarted.
    await expect.poll(() => guard.call.account()).toMatchObject({ admitted: 2, facts: ['a 0', 'a 1'] });
    expect(guard.restarts).toBe(1);
  });

  test('by type: what was not admitted cannot be linked to the learner', () => {
    expectTypeOf<TuneBatch>().not.toExtend<Admission>();
    expectTypeOf<Admission>().not.toExtend<TuneBatch>();
  });
});
