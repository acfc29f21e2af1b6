import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initTensors, type Tensor, tf } from '../../../src/tensors/index.ts';

type Dtype = 'float32' | 'int32' | 'bool';
type Result = Tensor | Tensor[];
/** What is computed, from tensors of a dtype. */
type Case = (dtype: Dtype) => Result;

const numbers = [-2, 1, 0, 3, -1, 2, 5, -4, 0, 7, 1, -3];
/** A tensor of a dtype with all signs, zeros and, where it has them, fractions. */
function make(dtype: Dtype, shape: number[], from = 0): Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  const values = Array.from({ length: size }, (_, i) => numbers[(i * 5 + from) % numbers.length]);
  if (dtype === 'float32')
    return tf.tensor(
      values.map(x => 1.25 * x),
      shape,
    );
  return tf.tensor(dtype === 'bool' ? values.map(x => (x > 0 ? 1 : 0)) : values, shape, dtype);
}
const ops = tf as unknown as Readonly<Record<string, (...args: unknown[]) => Result>>;
const indices = (...values: number[]) => tf.tensor1d(values, 'int32');
const matrix = (dtype: Dtype, from = 0) => make(dtype, [3, 4], from);

const table: Record<string, Case> = {};
const unary =
  'abs neg sign ceil floor round exp expm1 log log1p sqrt rsqrt square reciprocal sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh sigmoid logSigmoid softplus relu relu6 elu selu leakyRelu step isNaN isInf isFinite logicalNot softmax logSoftmax cumsum onesLike zerosLike clone erf transpose';
for (const name of unary.split(' ')) table[name] = dtype => ops[name](matrix(dtype));
const binary =
  'add sub mul div divNoNan floorDiv mod maximum minimum pow squaredDifference atan2 equal notEqual less lessEqual greater greaterEqual logicalAnd logicalOr logicalXor prelu';
for (const name of binary.split(' ')) {
  table[name] = dtype => ops[name](matrix(dtype), matrix(dtype, 3));
  table[`${name} of rows`] = dtype => ops[name](matrix(dtype), make(dtype, [4], 3));
}
for (const name of 'sum mean max min prod any all argMax argMin logSumExp'.split(' ')) {
  for (const axis of [0, 1]) table[`${name} along ${axis}`] = dtype => ops[name](matrix(dtype), axis);
}
for (const to of ['float32', 'int32', 'bool'] as const) {
  table[`cast to ${to}`] = dtype => tf.cast(matrix(dtype), to);
  table[`one-hot as ${to}`] = () => tf.oneHot(indices(0, 2, 7, 1), 3, 1, 0, to);
  if (to !== 'bool') table[`one-hot of two numbers as ${to}`] = () => tf.oneHot(indices(0, 2), 3, 5, 2, to);
}
const select = (dtype: Dtype, condition: Tensor) => tf.where(condition, matrix(dtype), matrix(dtype, 2));
Object.assign(table, {
  reshape: dtype => tf.reshape(matrix(dtype), [4, 3]),
  slice: dtype => tf.slice(matrix(dtype), [1, 1], [2, 2]),
  'slice with strides': dtype => tf.stridedSlice(matrix(dtype), [0, 0], [3, 4], [2, 2]),
  concat: dtype => tf.concat([matrix(dtype), matrix(dtype, 2)], 1),
  stack: dtype => tf.stack([make(dtype, [4]), make(dtype, [4], 1)]),
  split: dtype => tf.split(make(dtype, [12]), [5, 7]),
  gather: dtype => tf.gather(matrix(dtype), indices(2, 0)),
  where: dtype => select(dtype, matrix('bool', 1)),
  'where, a row at a time': dtype => select(dtype, make('bool', [3])),
  clipByValue: dtype => tf.clipByValue(matrix(dtype), -1, 2),
  tile: dtype => tf.tile(matrix(dtype), [2, 1]),
  pad: dtype =>
    tf.pad(
      matrix(dtype),
      [
        [1, 0],
        [0, 2],
      ],
      1,
    ),
  reverse: dtype => tf.reverse(matrix(dtype), 1),
  topk: dtype => Object.values(tf.topk(matrix(dtype), 2)),
  fill: dtype => tf.fill([2, 2], 3, dtype),
  addN: dtype => tf.addN([matrix(dtype), matrix(dtype, 1), matrix(dtype, 2)]),
  batchNorm: dtype =>
    tf.batchNorm(matrix(dtype), make('float32', [4]) as tf.Tensor1D, tf.tensor1d([1, 2, 3, 4])),
  norm: dtype => tf.norm(matrix(dtype)),
  'mul with real numbers': dtype => tf.mul(matrix(dtype), matrix('float32', 1)),
} satisfies Record<string, Case>);

/** Where the plain JavaScript backend is none to go by. */
const notCompared: Readonly<Record<string, Dtype>> = {
  // It cuts e^x − 1 to a whole number, where the stock wasm kernel does not.
  expm1: 'int32',
  // It adds truth values to 2 and takes them away to 255, which are none.
  ...Object.fromEntries(['add', 'sub', 'add of rows', 'sub of rows', 'addN'].map(name => [name, 'bool'])),
  // It says that the quotient of real numbers is int32.
  floorDiv: 'float32',
  'floorDiv of rows': 'float32',
  // Its running sums are in truth values, so that logarithms of them are infinite.
  ...Object.fromEntries(['logSoftmax', 'logSumExp along 0', 'logSumExp along 1'].map(name => [name, 'bool'])),
  // Wasm refuses, and says so.
  cumsum: 'bool',
};

interface Found {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** What an op gives on a backend, or what it refuses the dtype with. */
async function on(backend: 'wasm' | 'cpu', compute: Case, dtype: Dtype): Promise<Found[] | string> {
  await tf.setBackend(backend);
  let found: Found[] | string = '';
  tf.tidy(() => {
    try {
      // What is written past a result's end would be found in the tensor behind it.
      const [results, behind] = [[compute(dtype)].flat(), tf.ones([64])];
      found = results.map(tensor => ({
        dtype: tensor.dtype,
        shape: tensor.shape,
        values: [...tensor.dataSync()],
      }));
      expect(new Set(behind.dataSync())).toEqual(new Set([1]));
    } catch (error) {
      found = (error as Error).message;
    }
  });
  return found;
}
const form = (found: Found[]) => found.map(({ dtype, shape }) => ({ dtype, shape }));

describe('an op on the wasm backend says what the plain JavaScript one says', () => {
  beforeAll(async () => {
    await initTensors('eager/wasm');
  });
  afterAll(async () => {
    await tf.setBackend('wasm');
  });

  it.each(Object.keys(table))('%s', async name => {
    for (const dtype of ['float32', 'int32', 'bool'] as const) {
      if (notCompared[name] === dtype) continue;
      const found = await on('wasm', table[name], dtype);
      const expected = await on('cpu', table[name], dtype);
      if (typeof found === 'string' || typeof expected === 'string') {
        expect(found).toBe(expected);
        continue;
      }
      expect(form(found)).toEqual(form(expected));
      found.forEach(({ values }, i) => {
        values.forEach((value, j) => {
          const wanted = expected[i].values[j];
          if (value === wanted || Object.is(value, wanted)) return;
          expect(Math.abs(value - wanted), `${dtype}: ${value}, not ${wanted}`).toBeLessThanOrEqual(
            1e-5 * Math.max(1, Math.abs(wanted)),
          );
        });
      });
    }
  });

  it('and leaves nothing behind there', async () => {
    await tf.setBackend('wasm');
    const kept = () => (tf.findBackend('cpu') as unknown as { numDataIds(): number }).numDataIds();
    const [before, tensors] = [kept(), tf.memory().numTensors];
    tf.tidy(
      () =>
        void [tf.topk(matrix('bool'), 2), tf.clipByValue(matrix('int32'), 0, 1), table['batchNorm']('int32')],
    );
    expect(kept()).toBe(before);
    expect(tf.memory().numTensors).toBe(tensors);
  });
});
