import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { labelledStream } from '../../../src/actors/streams/index.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import { type Arm, type Lane, openArms } from '../../../src/scenarios/arms/index.ts';
import type { Stage } from '../../../src/scenarios/contract.ts';
import { findScenario } from '../../../src/scenarios/runner/find.ts';
import { resumeRun, startRun } from '../../../src/scenarios/runner/start.ts';
import type { RunView } from '../../../src/scenarios/runner/view.ts';
import { asker } from '../../fixtures/actors/asker.ts';
import { threadsOfTheSources } from '../../setup/threads.ts';
import { mortal } from '../fixtures/mortal.ts';

const file = fileURLToPath(new URL('../fixtures/lessons.ts', import.meta.url));
const mistaken = fileURLToPath(new URL('../fixtures/mistaken.ts', import.meta.url));

// The pupil learns on threads with stock actors.
threadsOfTheSources();

/** @param stopAfter arms, after which the run is asked to stop */
async function play(changes: { set?: string[]; threads?: number; stopAfter?: number; resume?: string }) {
  const { set = [], threads = 2, stopAfter, resume } = changes;
  const runs = mkdtempSync(join(tmpdir(), 'troupe-arms-'));
  const stopping = new AbortController();
  const steps: number[] = [];
  const warnings: string[] = [];
  let saves = 0;
  const view: RunView = {
    started() {},
    progress: ({ step }) => void steps.push(step),
    warning: message => void warnings.push(message),
    saved() {
      if (++saves === stopAfter) stopping.abort();
    },
    finished() {},
  };
  const surroundings = { view, signal: stopping.signal };
  const outcome = resume
    ? await resumeRun(resume, surroundings)
    : await startRun(
        {
          found: await findScenario(file),
          seeds: [3],
          smoke: false,
          set,
          threads,
          executor: 'onnx-cpu',
          runs,
        },
        surroundings,
      );
  const metrics = outcome.status === 'finished' ? outcome.summary.metrics : undefined;
  return { outcome, metrics, folder: outcome.folder, steps, saves, warnings };
}

let first: ReturnType<typeof play> | undefined;
/** A run on one lane that nothing befell. */
function whole() {
  first ??= play({ threads: 1 });
  return first;
}

const rowsIn = (folder: string) => readFileSync(join(folder, 'metrics.jsonl'), 'utf8');

describe('arms side by side', { timeout: 180_000 }, () => {
  it('come to the same on one lane and on two, where each learner has a thread of its own', async () => {
    const one = await whole();
    const two = await play({ threads: 2, set: ['learners=apart'] });
    const { metrics } = one;
    expect(metrics?.['many.soft']).toBeLessThan(metrics?.['few.soft'] as number);
    expect(metrics).toMatchObject({ 'few.drawn': 20 * 32, 'few.distinct': 64, 'many.distinct': 20 * 32 });
    expect(two.metrics).toEqual(metrics);
    expect(rowsIn(two.folder)).toBe(rowsIn(one.folder));
    expect(two.steps.at(-1)).toBe(60);
  });

  it('go on after the last whole arm', async () => {
    const { metrics, folder: untouched } = await whole();
    const cut = await play({ threads: 1, stopAfter: 1 });
    expect(cut.outcome).toMatchObject({ status: 'interrupted', step: 20 });
    const { folder } = cut;
    const rest = await play({ resume: folder });
    expect(rest.saves).toBe(2);
    expect(rest.metrics).toEqual(metrics);
    expect(rowsIn(folder)).toBe(rowsIn(untouched));
  });

  it('end together when one fails, with what is done saved', async () => {
    await expect(play({ set: ['breaks=many'] })).rejects.toMatchObject({
      message: expect.stringContaining('many pupil.learn: a mistake of its own'),
      saved: 40,
    });
  });
});

/** What `openArms` needs of a run, of which the arms in `done` were played in an earlier sitting, if it had one. */
function stageWith(
  done: Readonly<Record<string, Snapshot>> | undefined,
  signal = new AbortController().signal,
) {
  const enders: (() => void | Promise<void>)[] = [];
  const saved: Snapshot[] = [];
  const warnings: string[] = [];
  const state = done && { step: 3, names: Object.keys(done), results: Object.values(done) };
  const stage = {
    ...{ seed: 1, threads: 2, signal, resume: state && { step: 3, state } },
    record: {
      warn: (line: string) => void warnings.push(line),
      progress() {},
      metrics() {},
      checkpoint: async (_step: number, state: Snapshot) => void saved.push(state),
    },
    atEnd: (end: () => void | Promise<void>) => void enders.push(end),
  };
  return {
    stage: stage as unknown as Stage,
    saved,
    warnings,
    end: () => Promise.all(enders.map(end => end())),
  };
}

describe('arms of light actors, or of none', { timeout: 60_000 }, () => {
  const arm = <R>(name: string, play: Arm<R>['play']): Arm<R> => ({ name, steps: 1, play });
  const never = (): Promise<never> => Promise.reject(new Error('played'));

  it('are not played where an earlier sitting did, and differ in their names over all phases', async () => {
    const { stage, end } = stageWith({ a: 1, b: [2] });
    const arms = await openArms(stage, { steps: 4 });
    expect(await arms.play([arm('a', never), arm('b', never)])).toEqual({ a: 1, b: [2] });
    await expect(arms.play([arm('c', async () => 3), arm('a', never)])).rejects.toThrow(
      'arms: two are called a: expected names that differ in all phases',
    );
    await end();
  });

  it('are not begun where the run was stopped between phases', async () => {
    const stopping = new AbortController();
    const { stage, saved, end } = stageWith({}, stopping.signal);
    const arms = await openArms(stage, { steps: 2 });
    await arms.play([arm('a', async () => 1)]);
    stopping.abort();
    await expect(arms.play([arm('b', never)])).rejects.toMatchObject({ name: 'Interrupted', step: 4 });
    expect(saved.length).toBe(1);
    await end();
  });

  it('leave a checkpoint where nothing is done yet', async () => {
    const { stage, saved, end } = stageWith(undefined, AbortSignal.abort());
    const arms = await openArms(stage, { steps: 2 });
    await expect(arms.play([arm('a', never)])).rejects.toMatchObject({ name: 'Interrupted', step: 0 });
    expect(saved).toEqual([{ step: 0, names: [], results: [] }]);
    await end();
  });

  it('are committed in their order, whichever is done first, and shut out what comes late', async () => {
    const { stage, saved, end } = stageWith({});
    const arms = await openArms(stage, { steps: 2 });
    let quick = (): void => {};
    const isDone = new Promise<void>(resolve => {
      quick = resolve;
    });
    let lane: Lane | undefined;
    const results = await arms.play([
      arm('slow', async () => {
        await isDone;
        return 1;
      }),
      arm('quick', async own => {
        lane = own;
        quick();
        return 2;
      }),
    ]);
    expect(results).toEqual({ slow: 1, quick: 2 });
    expect(saved).toEqual([
      { step: 4, names: ['slow'], results: [1] },
      { step: 5, names: ['slow', 'quick'], results: [1, 2] },
    ]);
    await expect(lane?.spawn(mortal, {})).rejects.toThrow('arm quick: it has ended');
    await end();
    await expect(arms.play([arm('late', own => own.spawn(mortal, {}))])).rejects.toThrow(
      'the system has been stopped',
    );
  });

  it('are played anew where an actor dies', async () => {
    const { stage, saved, warnings, end } = stageWith(undefined);
    const arms = await openArms(stage, { steps: 2 });
    const file = join(mkdtempSync(join(tmpdir(), 'troupe-dies-')), 'once');
    const results = await arms.play([
      arm('dies', async lane => {
        const actor = await lane.spawn(mortal, {});
        await actor.call.dieOnce(file);
        return actor.call.answer(1);
      }),
      arm('lives', async lane => (await lane.spawn(mortal, {})).call.answer(2)),
    ]);
    expect(results).toEqual({ dies: 1, lives: 2 });
    expect(saved.at(-1)).toEqual({ step: 2, names: ['dies', 'lives'], results: [1, 2] });
    expect(warnings.join()).toMatch(/dies mortal.*the arms under way are played anew \(1 of 2\)/);
    await end();
  });

  it('are not played anew where the input is wrong', async () => {
    const { stage, warnings, end } = stageWith(undefined);
    const arms = await openArms(stage, { steps: 1 });
    const asks = arm('asks', async lane => {
      const pool = { from: 0, count: 10 };
      const config = { data: { name: 'glyphs' as const }, pool, order: 'fresh' as const, batch: 4, seed: 1 };
      const stream = await lane.spawn(labelledStream, config);
      const client = await lane.spawn(asker, {});
      lane.link(client.outputs.needs, stream.inputs.needs);
      await client.call.ask(3);
      // The stream's end is the arm's, which would wait for ever.
      return new Promise<never>(() => {});
    });
    await expect(arms.play([asks])).rejects.toThrow(
      /asks labelled.*a stream of fresh samples: expected at most 2 batches of 4/,
    );
    expect(warnings.join()).not.toContain('anew');
    await end();
  });

  it('end with the run where the scenario itself fails between phases', async () => {
    const threads = () => process.getActiveResourcesInfo().filter(kind => kind === 'MessagePort').length;
    const before = threads();
    const settings = {
      threads: 1,
      executor: 'auto',
      smoke: false,
      seeds: [1],
      runs: mkdtempSync(join(tmpdir(), 'troupe-arms-')),
    };
    const found = await findScenario(mistaken);
    const view = { started() {}, progress() {}, warning() {}, saved() {}, finished() {} };
    const run = startRun({ ...settings, found }, { view, signal: new AbortController().signal });
    await expect(run).rejects.toMatchObject({
      message: expect.stringContaining('a mistake between phases'),
      saved: 1,
    });
    expect(threads()).toBe(before);
  });
});
