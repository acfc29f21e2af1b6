import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type System, startSystem } from '../../../src/actors/index.ts';
import {
  gradientDifference,
  type MiniBatch,
  microRows,
  onSystem,
  openPipeline,
  type Pipeline,
  type PipelineOptions,
  referenceGradient,
} from '../../../src/learners/pipeline-parallel/index.ts';
import { threadsOfTheSources } from '../../setup/threads.ts';
import { batchOf, module, plainFirst, residualMlp } from './nets.ts';

// Its nets are the tests' own.
threadsOfTheSources();

let system: System;
beforeAll(async () => {
  system = await startSystem({ seed: 1 });
  // It keeps both threads, and what they have loaded, from one pipeline to the next.
  await openPipeline(onSystem(system, { threads: 2 }), {
    net: { module, name: 'twoWeights', settings: {} },
    cuts: [1],
    rows: 1,
    micro: 1,
    optimizer: { kind: 'sgd', learningRate: 1 },
    seed: 1,
  });
});
afterAll(async () => {
  await system.stop();
});

let opened = 0;
async function withPipeline<T>(
  options: Partial<PipelineOptions> & Pick<PipelineOptions, 'net' | 'cuts' | 'rows' | 'micro'>,
  work: (pipeline: Pipeline) => Promise<T>,
): Promise<T> {
  opened++;
  const place = onSystem(system, { threads: 2, prefix: `${opened} ` });
  const pipeline = await openPipeline(place, {
    optimizer: { kind: 'sgd', learningRate: 0.05 },
    seed: 3,
    ...options,
  });
  try {
    return await work(pipeline);
  } finally {
    await pipeline.close();
  }
}

const settings = { inputs: 12, width: 16, blocks: 5, classes: 4, dropout: 0.1 };
const mlp = { module, name: 'residualMlp', settings };
const cuts = [[], [3], [2, 4], [1, 3, 5]];

describe('the gradient is that of the whole mini-batch', () => {
  for (const rows of [24, 29]) {
    const batch = batchOf(rows, 12, 4, 5);
    for (const micro of [1, 2, 4, 8, 12]) {
      it(`${rows} rows in ${micro} micro-batches, 1 to 4 stages, recomputed or not: to 1e-5 and to the bit`, async () => {
        const parts = microRows(rows, micro);
        const { gradient } = await referenceGradient(residualMlp(settings), batch, { seed: 3, rows: parts });
        for (const cut of cuts) {
          const found: Float32Array[] = [];
          for (const recompute of ['always', 'exceptLast', 'never'] as const) {
            found.push(
              await withPipeline({ net: mlp, cuts: cut, rows, micro, recompute, clip: 1 }, async pipeline => {
                await pipeline.step(batch);
                return pipeline.gradients();
              }),
            );
            expect(gradientDifference(found[0], gradient)).toBeLessThanOrEqual(1e-5);
          }
          expect(found[1]).toEqual(found[0]);
          expect(found[2]).toEqual(found[0]);
        }
      });
    }
  }
});

it('large parameters lie in their places: gradient, update, snapshot', async () => {
  const wide = { inputs: 12, width: 130, blocks: 3, classes: 4, dropout: 0.1 };
  const net = { module, name: 'residualMlp', settings: wide };
  const batch = batchOf(10, 12, 4, 5);
  const { gradient } = await referenceGradient(residualMlp(wide), batch, { seed: 3, rows: [5, 5] });
  const optimizer = { kind: 'adam', learningRate: 0.01 } as const;
  const options = { net, rows: 10, micro: 2, optimizer };
  const one = await withPipeline({ ...options, cuts: [2] }, async pipeline => {
    const before = await pipeline.parameters();
    await pipeline.step(batch);
    expect(gradientDifference(await pipeline.gradients(), gradient)).toBeLessThanOrEqual(1e-5);
    // Adam's first step is a whole rate against the sign of each slope.
    const after = await pipeline.parameters();
    const steps = after.map((p, i) =>
      Math.abs(gradient[i]) > 1e-4 ? (p - before[i]) * Math.sign(gradient[i]) : -0.01,
    );
    for (const step of [Math.min(...steps), Math.max(...steps)]) expect(step).toBeCloseTo(-0.01, 4);
    const snapshot = await pipeline.snapshot();
    return { snapshot, next: (await pipeline.step(batch)).loss };
  });
  await withPipeline({ ...options, cuts: [2] }, async pipeline => {
    await pipeline.restore(one.snapshot);
    expect((await pipeline.step(batch)).loss).toBe(one.next);
  });
});

it('stages without parameters pass gradients on, a first one too', async () => {
  const batch = batchOf(9, 4, 3, 1);
  const { gradient } = await referenceGradient(plainFirst(), batch, { seed: 3, rows: [5, 4] });
  const net = { module, name: 'plainFirst', settings: {} };
  await withPipeline({ net, cuts: [1, 2, 3], rows: 9, micro: 2 }, async pipeline => {
    await pipeline.step(batch);
    expect(gradientDifference(await pipeline.gradients(), gradient)).toBeLessThanOrEqual(1e-5);
  });
});

const losses = async (pipeline: Pipeline, batches: readonly MiniBatch[]): Promise<readonly number[]> => {
  const all: number[] = [];
  for (const batch of batches) all.push((await pipeline.step(batch)).loss);
  return all;
};
const many = (steps: number, rows: number, inputs: number, classes: number) =>
  Array.from({ length: steps }, (_, i) => batchOf(rows, inputs, classes, i % 10));
const largest = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i])));

describe('100 steps have the same losses to 1e-4', () => {
  it.each([
    ['sgd', { kind: 'sgd', learningRate: 0.05, momentum: 0.9 }],
    ['adam', { kind: 'adam', learningRate: 0.003 }],
  ] as const)(
    'one stage in one piece, and four stages with eight micro-batches: %s',
    async (_, optimizer) => {
      const batches = many(100, 24, 12, 4);
      const net = { ...mlp, settings: { ...settings, dropout: 0 } };
      const plain = { net, rows: 24, optimizer, clip: 1 };
      const one = await withPipeline({ ...plain, cuts: [], micro: 1 }, p => losses(p, batches));
      const four = await withPipeline({ ...plain, cuts: [1, 3, 5], micro: 8 }, p => losses(p, batches));
      expect(one[99]).toBeLessThan(0.5 * one[0]);
      expect(largest(one, four)).toBeLessThanOrEqual(1e-4);
    },
  );
});

describe('statistics', () => {
  const net = { module, name: 'normedMlp', settings: { width: 6 } };
  const batch = batchOf(11, 4, 3, 9);
  const statisticsAfter = (options: Partial<PipelineOptions>) =>
    withPipeline({ net, cuts: [2], rows: 11, micro: 3, ...options }, async pipeline => {
      await pipeline.step(batch);
      return pipeline.statistics();
    });

  it('move once a mini-batch, by all its rows, whether activations are recomputed or not', async () => {
    const kept = await statisticsAfter({ recompute: 'never' });
    expect(await statisticsAfter({ recompute: 'always' })).toEqual(kept);
    expect(await statisticsAfter({ recompute: 'exceptLast', cuts: [] })).toEqual(kept);
    // The first norm sees x · W: its running mean is a tenth of the mean over all rows, which does not depend on M.
    const whole = await statisticsAfter({ micro: 1, cuts: [] });
    expect(gradientDifference(kept['norm a'], whole['norm a'])).toBeLessThan(1e-5);
  });

  it('counted again by recomputation are noticed', async () => {
    const kept = await statisticsAfter({ recompute: 'never' });
    const twice = await statisticsAfter({ recompute: 'always', fault: { kind: 'statisticsTwice' } });
    expect(gradientDifference(twice['norm a'], kept['norm a'])).toBeGreaterThan(0.05);
  });
});

describe('what layers carry', () => {
  const net = { module, name: 'carryingMlp', settings: { width: 6 } };
  const batches = many(4, 8, 4, 6);
  const run = (options: Partial<PipelineOptions>, given = batches) =>
    withPipeline({ net, cuts: [1], rows: 8, micro: 3, ...options }, p => losses(p, given));

  it('goes with its rows, however they are cut into micro-batches and stages', async () => {
    const one = await run({ cuts: [], micro: 1, recompute: 'never' });
    expect(largest(await run({ recompute: 'always' }), one)).toBeLessThan(1e-5);
    expect(largest(await run({ micro: 8 }), one)).toBeLessThan(1e-5);
  });

  it('is forgotten where a row starts anew', async () => {
    const one = await run({});
    const reset = new Uint8Array(8);
    reset[5] = 1;
    const [first, second] = await run({}, [batches[0], { ...batches[1], reset }]);
    expect(first).toBe(one[0]);
    expect(second).not.toBe(one[1]);
    const all = await run({}, [batches[0], { ...batches[1], reset: new Uint8Array(8).fill(1) }]);
    const fresh = await withPipeline({ net, cuts: [1], rows: 8, micro: 3 }, async pipeline => {
      const start = await pipeline.snapshot();
      await pipeline.step(batches[0]);
      const { stages } = await pipeline.snapshot();
      const nothing = stages.map(each => each.map(stage => ({ ...stage, carried: {} })));
      await pipeline.restore({ updates: start.updates + 1, stages: nothing });
      return (await pipeline.step(batches[1])).loss;
    });
    expect(all[1]).toBe(fresh);
  });
});

describe('pipelines side by side', () => {
  it('have the gradient of one on the whole mini-batch, and stay the same', async () => {
    const batches = many(5, 21, 12, 4);
    const options = { net: mlp, cuts: [3], rows: 21, clip: 1 };
    const one = await withPipeline({ ...options, micro: 6 }, async pipeline => ({
      losses: await losses(pipeline, batches),
      gradient: await pipeline.gradients(),
    }));
    await withPipeline({ ...options, micro: 3, replicas: 2 }, async pipeline => {
      expect(largest(await losses(pipeline, batches), one.losses)).toBeLessThan(1e-5);
      expect(gradientDifference(await pipeline.gradients(), one.gradient)).toBeLessThan(1e-4);
      const { stages } = await pipeline.snapshot();
      expect(stages[1].map(({ params }) => params)).toEqual(stages[0].map(({ params }) => params));
    });
  });

  it('gather statistics over all of them', async () => {
    const net = { module, name: 'normedMlp', settings: { width: 6 } };
    const batch = batchOf(12, 4, 3, 9);
    const statisticsAfter = (options: { micro: number; replicas: number }) =>
      withPipeline({ net, cuts: [2], rows: 12, ...options }, async pipeline => {
        await pipeline.step(batch);
        return pipeline.statistics();
      });
    const one = await statisticsAfter({ micro: 4, replicas: 1 });
    const two = await statisticsAfter({ micro: 2, replicas: 2 });
    for (const [name, values] of Object.entries(one)) {
      expect(gradientDifference(two[name], values)).toBeLessThan(1e-6);
    }
  });
});

it('goes on from a snapshot as if it had not been stopped', async () => {
  const batches = many(6, 24, 12, 4);
  const options = {
    net: mlp,
    cuts: [3],
    rows: 24,
    micro: 4,
    optimizer: { kind: 'adam', learningRate: 0.01 },
  } as const;
  const whole = await withPipeline(options, p => losses(p, batches));
  const snapshot = await withPipeline(options, async pipeline => {
    await losses(pipeline, batches.slice(0, 3));
    return pipeline.snapshot();
  });
  const rest = await withPipeline(options, async pipeline => {
    await pipeline.restore(snapshot);
    return losses(pipeline, batches.slice(3));
  });
  expect(rest).toEqual(whole.slice(3));
});
