import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { classifierInit } from '../../../src/learners/classifier/index.ts';
import { gather } from '../../../src/learners/label-inference/gather.ts';
import { inferLabels, rotationLoss } from '../../../src/learners/label-inference/index.ts';
import { scaled, scalingOf } from '../../../src/learners/label-inference/scaling.ts';
import { shiftBy } from '../../../src/learners/label-inference/shift.ts';
import { compile, type Tensor } from '../../../src/tensors/index.ts';

const settings = {
  classes: 3,
  hidden: [],
  steps: 150,
  batch: 10,
  learningRate: 0.02,
  weightDecay: 0.01,
};

/** Rows about three corners, in turn; a fourth column never moves. */
function corners(count: number, seed: number) {
  const noise = new Float32Array(count * 4);
  Random.fromSeed(seed).fillNormal(noise);
  const data = noise.map((value, at) => {
    const [row, column] = [at >> 2, at % 4];
    if (column === 3) return 7;
    return 0.4 * value + (row % 3 === column ? 3 : 0);
  });
  return { rows: { data, width: 4 }, labels: Int32Array.from({ length: count }, (_, row) => row % 3) };
}

describe('labels from few', () => {
  it('are right where classes lie apart, with a probability beside each', async () => {
    const few = corners(30, 1);
    const many = corners(1500, 2);
    const infer = () => inferLabels(few.rows, few.labels, many.rows, settings, Random.fromSeed(1));
    const { y, conf } = await infer();
    expect(y).toEqual(many.labels);
    expect(Math.min(...conf)).toBeGreaterThan(0.4);
    expect(Math.max(...conf)).toBeLessThanOrEqual(1);
    expect(await infer()).toEqual({ y, conf });
  });

  it('need one of each class at least', async () => {
    const { rows, labels } = corners(30, 1);
    const without = labels.map(y => (y === 1 ? 2 : y));
    await expect(inferLabels(rows, without, rows, settings, Random.fromSeed(1))).rejects.toThrow(
      'class 1 has no label among the 30 labelled images: expected at least one of each of 3 classes',
    );
    const outside = labels.map(y => y + 1);
    await expect(inferLabels(rows, outside, rows, settings, Random.fromSeed(1))).rejects.toThrow(
      'label = 3: expected 0 to 2',
    );
  });
});

describe('shifted images', () => {
  it('stand at every place within reach, with zeros behind them', () => {
    const image = Float32Array.from({ length: 9 }, (_, i) => i + 1);
    const random = Random.fromSeed(1);
    const seen = new Set<string>();
    for (let i = 0; i < 300; i++) {
      const out = new Float32Array(11).fill(-1);
      shiftBy(1)(image, 0, out, 1, [3, 3, 1], random);
      expect([out[0], out[10]]).toEqual([-1, -1]);
      seen.add(out.subarray(1, 10).join(' '));
    }
    expect(seen.size).toBe(9);
    for (const wanted of [
      '1 2 3 4 5 6 7 8 9',
      '0 0 0 0 1 2 0 4 5',
      '5 6 0 8 9 0 0 0 0',
      '0 0 0 2 3 0 5 6 0',
    ]) {
      expect(seen).toContain(wanted);
    }
  });
});

describe('scaling', () => {
  it('brings columns to mean 0 and deviation 1, and leaves those alone that hardly move', () => {
    const data = Float32Array.of(1, 5, 10, 3, 5, 30, 5, 5, 50);
    const columns = scaled(data, scalingOf(data, 3));
    const column = (at: number) => [columns[at], columns[at + 3], columns[at + 6]];
    expect(column(1)).toEqual([0, 0, 0]);
    expect(column(2)[2]).toBeCloseTo(20 / Math.sqrt(800 / 3 + 0.01 * ((8 + 800) / 9)), 5);
    expect(column(0)[0]).toBeCloseTo(-2 / Math.sqrt(8 / 3 + 0.01 * ((8 + 800) / 9)), 5);
  });
});

describe('batches side by side', () => {
  const batches = (...ids: number[][]) => {
    const waiting = ids.map(each => ({
      ids: Int32Array.from(each),
      x: Float32Array.from(each.flatMap(id => [id, -id])),
      y: Int32Array.from(each.flatMap(id => [id % 2, 9])),
    }));
    return { next: async () => waiting.shift() ?? Promise.reject(new Error('no more batches')) };
  };

  it('hold each image once, with its first label', async () => {
    const { ids, x, y } = await gather('labelled', batches([4, 1], [3, 2]), 2);
    expect([...ids]).toEqual([4, 1, 3, 2]);
    expect([...x]).toEqual([4, -4, 1, -1, 3, -3, 2, -2]);
    expect([...y]).toEqual([0, 1, 1, 0]);
  });

  it('are refused where they run into another epoch', async () => {
    await expect(gather('labelled', batches([4, 1], [3, 4]), 2)).rejects.toThrow(
      'labelled: sample 4 came twice in 2 batches',
    );
  });
});

describe('the loss of rotations', () => {
  it('is ln 4 where nothing is told apart, and is over four rotations of each image', async () => {
    const net = { kind: 'mlp', hidden: [5] } as const;
    const init = classifierInit(Random.fromSeed(1), { ...net, hidden: [...net.hidden] }, [3, 3, 1], 4);
    const blank = {
      ...init,
      dense: init.dense.map(({ weights, bias }) => ({
        weights: { ...weights, data: weights.data.map(() => 0) },
        bias,
      })),
    };
    const loss = await compile(
      ({ params, x }: { readonly params: Parameters<typeof rotationLoss>[0]; readonly x: Tensor }) =>
        rotationLoss(params, x),
      { state: { params: blank } },
    );
    const x = { shape: [2, 3, 3, 1], data: Float32Array.from({ length: 18 }, (_, i) => i / 18) };
    const out = await loss({ x });
    expect(out.loss.data[0]).toBeCloseTo(Math.log(4), 5);
    // The first logit of equals is taken: the upright quarter of the rows is right.
    expect(out.accuracy.data[0]).toBe(0.25);
    loss.dispose();
  });
});
