import { afterEach, expect, test } from 'vitest';
import type { z } from 'zod';
import { type System, startSystem } from '../../../src/actors/index.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import type { languageModelConfig } from '../../../src/learners/language-model/index.ts';
import { segmentEvaluator, vanillaLearner, xlLearner } from '../../../src/learners/transformer-xl/index.ts';
import { recallVocabulary, testStream } from './recall.ts';

let system: System | undefined;
afterEach(async () => {
  await system?.stop();
  system = undefined;
});

const shape = { lanes: 32, length: 16 };
const sizes = { layers: 2, width: 32, heads: 2, inner: 128 };
const steps = 400;

interface Options {
  readonly model?: z.input<typeof languageModelConfig>;
  readonly distance: number;
  readonly memory?: number;
  readonly from?: number;
  readonly restore?: readonly Snapshot[];
}

/** A learner of the recall task, and a judge with samples of its own; without `memory` the vanilla one. */
async function cast({ model: form = {}, distance, memory, from = 0, restore }: Options) {
  await system?.stop();
  system = await startSystem({ seed: 1 });
  const model = { ...sizes, ...form };
  const common = { model, vocabulary: recallVocabulary, ...shape };
  const config = { ...common, steps, seed: 1, memory: memory ?? 0 };
  const spawn = { on: 'main', name: 'learner', deadline: 600_000, ...(restore && { restore }) } as const;
  const learner =
    memory === undefined
      ? await system.spawn(vanillaLearner, { ...common, steps, seed: 1 }, spawn)
      : await system.spawn(xlLearner, config, spawn);
  const judge = await system.spawn(
    segmentEvaluator,
    { ...common, memory: memory ?? 0 },
    { on: 'main', deadline: 600_000 },
  );
  for (const [reader, seed, name] of [
    [learner, 1, 'train'],
    [judge, 2, 'test'],
  ] as const) {
    const begin = reader === learner ? from : 0;
    const stream = await system.spawn(
      testStream,
      { ...shape, distance, seed, from: begin },
      { on: 'main', name },
    );
    system.link(reader.outputs.needs, stream.inputs.needs);
    system.link(stream.outputs.segments, reader.inputs.segments);
  }
  return { learner, judge };
}

test.each<Options>([
  { distance: 32 },
  { distance: 48, model: { deviation: 0.1 } },
  { distance: 32, model: { norm: 'post', deviation: 0.1 } },
  // Half of the payloads are in the cluster of rarer tokens.
  { distance: 32, model: { deviation: 0.1, adaptive: { cutoffs: [4, 9], divisor: 2 } } },
] as const)(
  'what was said before is recalled with the memory of its own lane alone: %j',
  async (options: Options) => {
    const { learner, judge } = await cast({ ...options, memory: 48 });
    await learner.call.learn();
    const params = await learner.call.parameters();
    const { accuracy, tokens } = await judge.call.evaluate(params, 30);
    expect(tokens).toBeGreaterThan(200);
    expect(accuracy).toBeGreaterThanOrEqual(0.95);
    // The planted mistake: had memories got to the wrong lanes, the bar would be missed by far.
    expect((await judge.call.evaluate(params, 30, 'shuffled')).accuracy).toBeLessThanOrEqual(0.25);
    expect((await judge.call.evaluate(params, 30, 'off')).accuracy).toBeLessThanOrEqual(0.25);
  },
);

test('the vanilla learner cannot recall it', async () => {
  const { learner, judge } = await cast({ distance: 32 });
  await learner.call.learn();
  const { accuracy } = await judge.call.evaluate(await learner.call.parameters(), 60);
  expect(accuracy).toBeLessThanOrEqual(0.2);
});

test('the same seed gives the same bits, in one go or resumed from a snapshot', async () => {
  const options = { distance: 32, memory: 48 };
  const whole = await cast(options);
  await whole.learner.call.learn(30);
  const [middle] = await whole.learner.snapshot();
  await whole.learner.call.learn(30);
  const [expected] = await whole.learner.snapshot();
  const again = await cast(options);
  await again.learner.call.learn(60);
  expect(await again.learner.snapshot()).toEqual([expected]);
  const resumed = await cast({ ...options, from: 30, restore: [middle] });
  await resumed.learner.call.learn(30);
  expect(await resumed.learner.snapshot()).toEqual([expected]);
});
