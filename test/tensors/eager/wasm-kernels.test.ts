import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { initTensors, type Tensor, tf } from '../../../src/tensors/index.ts';

const random = Random.fromSeed(5);
const normal = (...shape: number[]) => {
  const values = new Float32Array(shape.reduce((product, n) => product * n, 1));
  random.fillNormal(values);
  return { values, shape };
};
type Host = ReturnType<typeof normal>;

/** The values of an expression on a backend. */
async function on(backend: string, inputs: Host[], f: (...tensors: Tensor[]) => Tensor | Tensor[]) {
  await tf.setBackend(backend);
  const before = tf.memory().numTensors;
  const results: { shape: number[]; values: number[] }[] = [];
  tf.tidy(() => {
    const outputs = f(...inputs.map(({ values, shape }) => tf.tensor(values, shape)));
    for (const output of [outputs].flat()) {
      results.push({ shape: output.shape, values: [...output.dataSync()] });
    }
  });
  expect(tf.memory().numTensors).toBe(before);
  return results;
}

async function agree(inputs: Host[], f: (...tensors: Tensor[]) => Tensor | Tensor[], tolerance: number) {
  const found = await on('wasm', inputs, f);
  const expected = await on('cpu', inputs, f);
  expect(found.map(output => output.shape)).toEqual(expected.map(output => output.shape));
  found.forEach((output, i) => {
    output.values.forEach((value, j) => {
      expect(Math.abs(value - expected[i].values[j])).toBeLessThanOrEqual(tolerance);
    });
  });
}

describe('the wasm kernels that we replace agree with tfjs’ cpu backend', () => {
  beforeAll(async () => {
    await initTensors('eager/wasm');
  });
  afterEach(async () => {
    await tf.setBackend('wasm');
  });

  it.each([
    [[7, 5], [7, 3], true, false],
    [[7, 5], [3, 5], false, true],
    [[5, 7], [3, 5], true, true],
    [[7, 5], [5, 3], false, false],
    [[1, 5], [1, 3], true, false],
    [[4, 1], [4, 1], true, false],
    [[2, 6, 5], [2, 6, 3], true, false],
    [[2, 6, 5], [2, 3, 5], false, true],
  ])('products of %j and %j, transposed %s, %s', async (a, b, transposeA, transposeB) => {
    const product = (x: Tensor, y: Tensor) => tf.matMul(x, y, transposeA, transposeB);
    await agree([normal(...a), normal(...b)], product, 2e-6);
  });

  it('tanh, within 2.4e-7 of its value, far out, and at what is no number', async () => {
    const values = new Float32Array(20_001);
    for (let i = 0; i <= 20_000; i++) values[i] = (i - 10_000) / 1000;
    values.set([1e-30, -1e-4, 1e-3, Number.POSITIVE_INFINITY, -1e30, Number.NaN]);
    const [{ values: found }] = await on('wasm', [{ values, shape: [values.length] }], x => tf.tanh(x));
    values.forEach((x, i) => {
      const exact = Math.tanh(x);
      if (Number.isNaN(exact)) expect(found[i]).toBeNaN();
      else expect(Math.abs(found[i] - exact)).toBeLessThanOrEqual(2.4e-7 * Math.abs(exact));
    });
  });

  it('splits, into whole and into other parts', async () => {
    await agree([normal(10)], x => tf.split(x, [1, 0, 7, 2]), 0);
    await agree([normal(10)], x => tf.split(x, 5), 0);
    await agree([normal(4, 6)], x => tf.split(x, [1, 5], 1), 0);
  });

  it.each([1, 2, 3, 4, 5, 9, 64])('sums of columns of %i rows', async rows => {
    await agree([normal(rows, 7)], x => tf.sum(x, 0), 2e-6);
    await agree([normal(rows, 7)], x => tf.sum(x, 0, true), 2e-6);
    await agree([normal(rows, 7)], x => tf.sum(x, 1), 2e-6);
    await agree([normal(rows, 7)], x => tf.sum(x), 1e-5);
    await agree([normal(rows, 3, 2)], x => tf.sum(x, [0, 2]), 1e-5);
  });

  it('tensors without elements', async () => {
    await agree([normal(0, 3)], x => tf.sum(x, 0), 0);
    await agree([normal(3, 0)], x => tf.sum(x, 0), 0);
    await agree([normal(0)], x => tf.tanh(x), 0);
    await agree([normal(0)], x => tf.split(x, [0, 0]), 0);
  });

  it('sums of columns of whole numbers and of truth values', async () => {
    await agree([normal(5, 3)], x => tf.sum(tf.cast(tf.mul(x, 10), 'int32'), 0), 0);
    await agree([normal(5, 3)], x => tf.sum(tf.greater(x, 0), 0), 0);
  });
});
