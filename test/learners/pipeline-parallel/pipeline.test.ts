import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type System, startSystem } from '../../../src/actors/index.ts';
import {
  gradientDifference,
  measureCosts,
  microRows,
  onSystem,
  openPipeline,
  type PipelineOptions,
  type PipelinePlace,
  referenceGradient,
} from '../../../src/learners/pipeline-parallel/index.ts';
import { threadsOfTheSources } from '../../setup/threads.ts';
import { batchOf, module, residualMlp } from './nets.ts';

// Its nets are the tests' own.
threadsOfTheSources();

let system: System;
beforeAll(async () => {
  system = await startSystem({ seed: 1 });
});
afterAll(async () => {
  await system.stop();
});

// None is closed before the end: they share one thread, which goes with the last of them.
let opened = 0;
const open = (options: Partial<PipelineOptions> & Pick<PipelineOptions, 'net' | 'cuts' | 'rows' | 'micro'>) =>
  openPipeline(onSystem(system, { threads: 1, prefix: `${++opened} ` }), {
    optimizer: { kind: 'sgd', learningRate: 0.1 },
    seed: 3,
    ...options,
  });

const settings = { inputs: 6, width: 8, blocks: 4, classes: 3, dropout: 0.1 };
const mlp = { module, name: 'residualMlp', settings };
const plain = { module, name: 'plainFirst', settings: {} };
const two = { module, name: 'twoWeights', settings: {} };
const examples = { rows: 4, x: Float32Array.of(1, 2, -1, 3), targets: Int32Array.of(2, 3, 0, 4) };

it('has the gradient of the whole mini-batch, and clips it by the norm over all stages', async () => {
  const batch = batchOf(10, 6, 3, 5);
  const rows = microRows(10, 4);
  const pipeline = await open({ net: mlp, cuts: [2, 4], rows: 10, micro: 4, clip: 0.5 });
  const before = await pipeline.parameters();
  const { loss, gradientNorm, spans, bytes } = await pipeline.step(batch);
  const reference = await referenceGradient(residualMlp(settings), batch, { seed: 3, rows });
  expect(loss).toBeCloseTo(reference.loss, 5);
  expect(gradientDifference(await pipeline.gradients(), reference.gradient)).toBeLessThan(1e-5);
  const norm = Math.hypot(...reference.gradient);
  expect(norm).toBeGreaterThan(0.5);
  expect(gradientNorm).toBeCloseTo(norm, 5);
  const after = await pipeline.parameters();
  const wanted = before.map((p, i) => p - ((0.1 * 0.5) / norm) * reference.gradient[i]);
  expect(gradientDifference(after, wanted)).toBeLessThan(1e-5);
  const phases = ['F', 'R', 'B'].map(phase => spans.filter(span => span.phase === phase).length);
  expect(phases).toEqual([12, 9, 12]);
  // To the next stage and back: 10 rows of 8 numbers over both cuts.
  expect(bytes.sent).toBe(2 * 2 * 10 * 8 * 4);
});

describe('the example of two weights', () => {
  it.each([[[2, 2]], [[3, 1]]])('has gradients -7.125 and -2.375 in micro-batches of %j', async micro => {
    const pipeline = await open({ net: two, cuts: [1], rows: 4, micro });
    expect((await pipeline.step(examples)).loss).toBeCloseTo(1.71875, 6);
    const [first, second] = await pipeline.gradients();
    expect(first).toBeCloseTo(-7.125, 5);
    expect(second).toBeCloseTo(-2.375, 5);
  });

  it('is wrong by a mean of means', async () => {
    const fault = { kind: 'meanOfMeans' } as const;
    const pipeline = await open({ net: two, cuts: [1], rows: 4, micro: [3, 1], fault });
    await pipeline.step(examples);
    const [first, second] = await pipeline.gradients();
    expect(first).toBeCloseTo(-10, 5);
    expect(second).toBeCloseTo(-3.3333, 4);
  });
});

it('has an account of what each layer takes', async () => {
  const costs = await measureCosts(onSystem(system, { threads: 1 }), { net: plain, rows: 6, tries: 1 });
  expect(costs.map(({ name, parameters }) => [name, parameters])).toEqual([
    ['start', 0],
    ['dense 0', 40],
    ['middle', 0],
    ['dense 1', 72],
    ['dense 2', 27],
  ]);
  // tanh keeps its input and its output, 6 rows of 4 numbers.
  expect(costs[0].bytes).toBe(2 * 6 * 4 * 4);
  for (const { forward, backward } of costs) expect(Math.min(forward, backward)).toBeGreaterThan(0);
});

it('leaves no actor behind where one of them cannot be spawned', async () => {
  const stopped: string[] = [];
  const place = onSystem(system, { threads: 1, prefix: 'none ' });
  const refusing: PipelinePlace = {
    ...place,
    async stage(definition, config, options) {
      if (options.index === 1) throw new Error('no thread is left');
      const handle = await place.stage(definition, config, options);
      const stop = async () => {
        stopped.push(options.name);
        await handle.stop();
      };
      return { ...handle, stop };
    },
  };
  const given = { net: two, cuts: [1], rows: 4, micro: 2, seed: 3 };
  const optimizer = { kind: 'sgd', learningRate: 0.1 } as const;
  await expect(openPipeline(refusing, { ...given, optimizer })).rejects.toThrow('no thread is left');
  expect(stopped).toEqual(['stage 0']);
});

it('makes up for an update that one stage was not told of while another had done it', async () => {
  const place = onSystem(system, { threads: 1, prefix: 'late ' });
  let deaf = true;
  const twice: unknown[] = [];
  const partly: PipelinePlace = {
    ...place,
    async stage(definition, config, options) {
      const handle = await place.stage(definition, config, options);
      const answers = (name: PropertyKey) => {
        const found: unknown = Reflect.get(handle.call, name);
        if (!deaf || name !== 'apply') return found;
        const call = found as (order: unknown) => Promise<unknown>;
        return async (order: unknown) => {
          if (options.index > 0) throw new Error('no answer');
          // Asked a second time before the first is done.
          twice.push(...(await Promise.all([call(order), call(order)])));
        };
      };
      return { ...handle, call: new Proxy(handle.call, { get: (_, name) => answers(name) }) };
    },
  };
  const given = { net: two, cuts: [1], rows: 4, micro: 2, seed: 3 };
  const optimizer = { kind: 'sgd', learningRate: 0.1 } as const;
  const pipeline = await openPipeline(partly, { ...given, optimizer });
  await expect(pipeline.step(examples)).rejects.toThrow('no answer');
  expect(twice).toEqual([{ updates: 1 }, { updates: 1 }]);
  deaf = false;
  expect((await pipeline.step(examples)).mini).toBe(1);
  const undisturbed = await open(given);
  for (let mini = 0; mini < 2; mini++) await undisturbed.step(examples);
  expect(await pipeline.snapshot()).toEqual(await undisturbed.snapshot());
});

describe('what cannot be is refused', () => {
  it('a mini-batch of another form', async () => {
    const pipeline = await open({ net: two, cuts: [1], rows: 4, micro: 2 });
    await expect(pipeline.step({ ...examples, rows: 3 })).rejects.toThrow(
      'mini-batch: rows: expected 4, got 3',
    );
    await expect(pipeline.step({ ...examples, x: new Float32Array(5) })).rejects.toThrow(
      'mini-batch: x: expected 4 numbers of float32, got 5 of float32',
    );
    await expect(pipeline.step({ ...examples, targets: new Int32Array(1) })).rejects.toThrow(
      'mini-batch: targets: expected 4 numbers, got 1',
    );
  });

  it('a learning rate that is no number, and the state of a net that is cut elsewhere', async () => {
    const pipeline = await open({ net: plain, cuts: [2], rows: 4, micro: 2 });
    const other = await open({ net: plain, cuts: [4], rows: 4, micro: 2 });
    const before = await pipeline.parameters();
    const batch = batchOf(4, 4, 3, 1);
    await expect(pipeline.step(batch, { learningRate: Number.NaN })).rejects.toThrow(
      'pipeline: learningRate: expected a number from 0, got NaN',
    );
    await expect(pipeline.restore(await other.snapshot())).rejects.toThrow(
      'pipeline: restore: stage 0: expected 40 parameters, got 112: the state is of a net that is cut elsewhere',
    );
    expect(await pipeline.parameters()).toEqual(before);
  });

  it('pipelines side by side that are not one or more', async () => {
    await expect(open({ net: two, cuts: [1], rows: 4, micro: 2, replicas: 0 })).rejects.toThrow(
      'pipeline: replicas: expected a positive integer, got 0',
    );
  });

  it('a cut behind the last layer', async () => {
    await expect(open({ net: two, cuts: [2], rows: 4, micro: 2 })).rejects.toThrow(
      'pipeline: cuts = [2]: expected layers from 1 to 1, ascending',
    );
  });

  it('micro-batches that are not the mini-batch', async () => {
    await expect(open({ net: two, cuts: [1], rows: 4, micro: [3, 2] })).rejects.toThrow(
      'pipeline: micro = [3, 2]: expected positive rows that add up to 4',
    );
  });

  it('a net that its module does not have', async () => {
    await expect(open({ net: { ...two, name: 'none' }, cuts: [], rows: 4, micro: 2 })).rejects.toThrow(
      'expected an exported function named none, got undefined',
    );
  });
});
