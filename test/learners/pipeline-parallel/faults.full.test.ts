import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type System, startSystem } from '../../../src/actors/index.ts';
import {
  onSystem,
  openPipeline,
  type Pipeline,
  type PipelineOptions,
  type PlantedFault,
} from '../../../src/learners/pipeline-parallel/index.ts';
import { threadsOfTheSources } from '../../setup/threads.ts';
import { batchOf, module } from './nets.ts';

// Its nets are the tests' own.
threadsOfTheSources();

const settings = { inputs: 6, width: 8, blocks: 4, classes: 3, dropout: 0.1 };
const options: PipelineOptions = {
  net: { module, name: 'residualMlp', settings },
  cuts: [2, 4],
  rows: 10,
  micro: 4,
  optimizer: { kind: 'adam', learningRate: 0.01 },
  clip: 1,
  seed: 3,
};
const batches = Array.from({ length: 5 }, (_, i) => batchOf(10, 6, 3, i));

let system: System;
let opened = 0;
beforeEach(async () => {
  system = await startSystem({ seed: 1 });
});
afterEach(async () => {
  await system.stop();
});

const open = (more: Partial<PipelineOptions> = {}): Promise<Pipeline> =>
  openPipeline(onSystem(system, { prefix: `${++opened} ` }), { ...options, ...more });

async function run(more: Partial<PipelineOptions> = {}, given = batches) {
  const pipeline = await open(more);
  const losses: number[] = [];
  let replays = 0;
  for (const batch of given) {
    const step = await pipeline.step(batch);
    losses.push(step.loss);
    replays += step.replays;
  }
  const state = await pipeline.snapshot();
  const { restarts } = pipeline;
  await pipeline.close();
  return { losses, state, replays, restarts };
}

describe('a stage that is lost', () => {
  let undisturbed: Awaited<ReturnType<typeof run>> | undefined;
  const faults: readonly (readonly [string, PlantedFault, number])[] = [
    ['the first one in mid-flush', { kind: 'exit', stage: 0, replica: 0, mini: 2, micro: 1 }, 1],
    ['the middle one in mid-flush', { kind: 'exit', stage: 1, replica: 0, mini: 2, micro: 3 }, 1],
    ['the last one in the first mini-batch', { kind: 'exit', stage: 2, replica: 0, mini: 0, micro: 0 }, 1],
    ['one that stands still', { kind: 'hang', stage: 1, replica: 0, mini: 2, micro: 2 }, 1],
    ['one that is to update', { kind: 'exitInApply', stage: 1, replica: 0, mini: 2 }, 0],
  ];
  it.each(faults)('%s: the mini-batch is played again, with equal results', async (_, fault, replays) => {
    undisturbed ??= await run();
    const disturbed = await run({ fault, deadline: 30_000, hangAfter: 3_000 });
    expect(disturbed.restarts).toBe(1);
    expect(disturbed.replays).toBe(replays);
    expect(disturbed.losses).toEqual(undisturbed.losses);
    expect(disturbed.state).toEqual(undisturbed.state);
  });

  const kinds = [
    ['statistics', 'normedMlp', 3, 2],
    ['what layers carry', 'carryingMlp', 6, 1],
  ] as const;
  it.each(kinds)('%s: counted once and from the right moment', async (_, name, classes, cut) => {
    const given = Array.from({ length: 4 }, (_, i) => batchOf(10, 4, classes, i));
    const net = { module, name, settings: { width: 6 } };
    const own = { net, cuts: [cut], recompute: 'always' } as const;
    const whole = await run(own, given);
    const at = { stage: 0, replica: 0, mini: 2 };
    for (const fault of [
      { kind: 'exit', ...at, micro: 1 } as const,
      { kind: 'exitInApply', ...at } as const,
    ]) {
      const disturbed = await run({ ...own, fault }, given);
      expect(disturbed.restarts).toBe(1);
      expect(disturbed.losses).toEqual(whole.losses);
      expect(disturbed.state).toEqual(whole.state);
    }
  });

  it('of one of two pipelines side by side', async () => {
    const two = { replicas: 2, micro: 2 };
    const whole = await run(two);
    const fault = { kind: 'exit', stage: 1, replica: 1, mini: 1, micro: 0 } as const;
    const disturbed = await run({ ...two, fault });
    expect(disturbed.restarts).toBe(1);
    expect(disturbed.losses).toEqual(whole.losses);
    expect(disturbed.state).toEqual(whole.state);
  });
});

describe('a mini-batch that fails changes nothing', () => {
  const at = { replica: 0, mini: 1, micro: 1 };
  it.each([
    [
      'a gradient that never arrives',
      { kind: 'dropBackward', stage: 2, ...at },
      /not every stage is done within 10000 ms/,
    ],
    ['a stage that throws', { kind: 'throw', stage: 1, ...at }, /stage 1: planted failure in micro-batch 1/],
  ] as const)('%s', async (_, fault, message) => {
    const pipeline = await open({ fault, deadline: 10_000 });
    await pipeline.step(batches[0]);
    const before = await pipeline.snapshot();
    await expect(pipeline.step(batches[1])).rejects.toThrow(message);
    expect(await pipeline.snapshot()).toEqual(before);
    expect(pipeline.restarts).toBe(0);
    await pipeline.close();
  });

  it('a loss that is no number', async () => {
    const pipeline = await open();
    await pipeline.step(batches[0]);
    const before = await pipeline.snapshot();
    const x = batches[1].x.slice();
    x[7] = Number.NaN;
    await expect(pipeline.step({ ...batches[1], x })).rejects.toThrow('the gradient is no number');
    expect(await pipeline.snapshot()).toEqual(before);
    expect((await pipeline.step(batches[1])).mini).toBe(1);
    await pipeline.close();
  });
});
