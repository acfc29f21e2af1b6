import { afterEach, describe, expect, test } from 'vitest';
import type { System } from '../../../src/actors/contract.ts';
import { startSystem } from '../../../src/actors/index.ts';
import {
  clusterJudge,
  holdoutGuard,
  instructionTuningConfig,
  knowledgeWorld,
  lmLearner,
  mixture,
  sentenceStream,
  splitClusters,
  type WorldSizes,
  wordVocabulary,
  worldGround,
} from '../../../src/learners/instruction-tuning/index.ts';
import { type LanguageModelConfig, languageModelConfig } from '../../../src/learners/language-model/index.ts';

let system: System | undefined;
afterEach(async () => {
  await system?.stop();
  system = undefined;
});

interface Size {
  readonly world?: Partial<WorldSizes>;
  readonly model?: Partial<LanguageModelConfig>;
  readonly held?: number;
  readonly pretraining?: number;
  readonly tuning?: number;
}

/** Pre-trains and tunes one model, and judges it before and after. */
async function learn(seed: number, size: Size = {}) {
  const settings = instructionTuningConfig.parse({});
  const model = languageModelConfig.parse(size.model ?? {});
  const world = knowledgeWorld(seed, size.world);
  const ground = worldGround(world, seed);
  const words = [...ground.words];
  const heldOut = world.relations.slice(-(size.held ?? 4));
  const { train, test } = splitClusters(ground.clusters, { test: heldOut, overlap: 'error' });
  system = await startSystem({ seed });
  const at = { on: { thread: 'lane' }, deadline: 1_800_000 } as const;
  const texts = (name: string) =>
    running.spawn(
      sentenceStream,
      { words, statements: [...ground.statements], filler: [...ground.filler], seed },
      { ...at, name },
    );
  const running = system;
  const vocabulary = wordVocabulary(words).size;
  const common = { model, vocabulary, reportEvery: 50, seed };
  const exams = [{ name: 'held out', heldOut: true, clusters: [...test] }];
  const judge = await system.spawn(clusterJudge, { words, model, exams, probes: [...ground.probes] }, at);

  const { pretraining, tuning } = settings;
  const reader = await system.spawn(
    lmLearner,
    {
      ...common,
      phase: 'pretrain',
      steps: size.pretraining ?? pretraining.steps,
      learningRate: pretraining.learningRate,
    },
    { ...at, name: 'reader' },
  );
  const text = await texts('text');
  system.link(reader.outputs.textNeeds, text.inputs.needs);
  system.link(text.outputs.batches, reader.inputs.text);
  const { params } = await reader.call.learn(null);

  const learner = await system.spawn(
    lmLearner,
    {
      ...common,
      phase: 'tune',
      steps: size.tuning ?? tuning.steps,
      learningRate: tuning.learningRate,
      weightDecay: tuning.weightDecay,
      replay: tuning.replay,
    },
    at,
  );
  const replayed = await texts('replayed');
  const mix = await system.spawn(mixture, { words, clusters: [...train], batch: tuning.batch, seed }, at);
  const guard = await system.spawn(holdoutGuard, { clusters: [...heldOut] }, at);
  system.link(learner.outputs.textNeeds, replayed.inputs.needs);
  system.link(replayed.outputs.batches, learner.inputs.text);
  system.link(learner.outputs.tuningNeeds, guard.inputs.needs);
  system.link(guard.outputs.needs, mix.inputs.needs);
  system.link(mix.outputs.batches, guard.inputs.batches);
  system.link(guard.outputs.admissions, learner.inputs.tuning);
  const tuned = (await learner.call.learn(params)).params;
  await judge.call.mustBeUnseen(await guard.call.account());

  const of = async (judged: Float32Array) => {
    const { exams, recall } = await judge.call.judge(judged);
    const mean = (names: readonly string[]) =>
      names.reduce((sum, name) => sum + recall[name], 0) / names.length;
    return {
      heldOut: exams['held out'].accuracy,
      recall: mean(world.relations),
      heldOutRecall: mean(heldOut),
    };
  };
  const done = { before: await of(params), after: await of(tuned), tuned };
  await system.stop();
  system = undefined;
  return done;
}

describe('instruction tuning', () => {
  test('a model that knows all facts follows instructions for relations that it was never tuned on', async () => {
    const { before, after } = await learn(1);
    expect(before.recall).toBeGreaterThanOrEqual(0.98);
    expect(before.heldOut).toBeLessThanOrEqual(0.4);
    expect(after.heldOut).toBeGreaterThanOrEqual(0.8);
    expect(after.heldOutRecall).toBeGreaterThanOrEqual(0.85);
  });

  test('the same seed comes to the same parameters, digit by digit', async () => {
    const size = {
      world: { entities: 6, relations: 6, items: 9 },
      model: { layers: 1, width: 16, heads: 2, inner: 32 },
      ...{ held: 2, pretraining: 30, tuning: 12 },
    };
    const first = await learn(2, size);
    const second = await learn(2, size);
    expect(second).toEqual(first);
    expect((await learn(3, size)).tuned).not.toEqual(first.tuned);
  });
});
