import { beforeAll, describe, expect, it } from 'vitest';
import { initTensors, type Tensor, tf, valueAndGrad } from '../../../src/tensors/index.ts';

/** The gradients of the sum of f's result. */
function gradients(f: (...tensors: Tensor[]) => Tensor, ...at: number[][]): number[][] {
  const found: number[][] = [];
  tf.tidy(() => {
    const dx = tf.grads((...tensors: Tensor[]) => tf.sum(f(...tensors)))(at.map(values => tf.tensor(values)));
    found.push(...dx.map(gradient => [...gradient.dataSync()]));
  });
  return found;
}

describe('where a function has a kink', () => {
  beforeAll(async () => {
    await initTensors('eager/wasm');
  });

  it.each<[string, (x: Tensor) => Tensor, number[], number[]]>([
    ['abs', tf.abs, [0], [0]],
    ['relu', tf.relu, [0], [0]],
    ['relu6', tf.relu6, [0, 6], [0, 0]],
    ['elu', tf.elu, [0], [1]],
    ['clipByValue', x => tf.clipByValue(x, -1, 1), [-1, 1, -1.5, 1.5], [1, 1, 0, 0]],
    ['prelu', x => tf.prelu(x, 0.25), [0], [0.25]],
    ['max, ties share', x => tf.max(x), [3, 1, 3, 3, 3], [0.25, 0, 0.25, 0.25, 0.25]],
    ['min, ties share', x => tf.min(x), [1, 3, 1], [0.5, 0, 0.5]],
    [
      'maxPool, the first',
      x => tf.maxPool(tf.reshape(x, [1, 2, 2, 1]) as tf.Tensor4D, 2, 2, 'valid'),
      [-1, -1, -1, -2],
      [1, 0, 0, 0],
    ],
    ['topk, the first', x => tf.topk(x, 1).values, [2, 2, 1], [1, 0, 0]],
  ])('%s', (_, f, x, dx) => {
    expect(gradients(f, x)).toEqual([dx]);
  });

  it.each<[string, (a: Tensor, b: Tensor) => Tensor]>([
    ['minimum', tf.minimum],
    ['maximum', tf.maximum],
  ])('%s: the first operand takes all', (_, f) => {
    expect(gradients(f, [1, 2], [1, 2])).toEqual([
      [1, 1],
      [0, 0],
    ]);
  });

  it('what was not chosen gives 0, and not 0 · ∞', () => {
    const safe = (x: Tensor) => tf.where(tf.greater(x, 0), tf.log(tf.maximum(x, 1e-3)), 0);
    expect(gradients(safe, [0, 2])).toEqual([[0, 0.5]]);
    const chosen = (x: Tensor) => tf.mul(tf.where(tf.greater(x, 0), x, 0), tf.div(1, x));
    expect(gradients(chosen, [0])[0][0]).toBeNaN(); // 0 · ∞ in the forward pass stays what it is
    expect(gradients(x => tf.div(1, tf.where(tf.greater(x, 0), x, 1)), [0, 2])).toEqual([[0, -0.25]]);
  });
});

describe('gradients of gradients', () => {
  it.each<[string, (x: Tensor) => Tensor, (x: number) => number]>([
    ['tanh', tf.tanh, x => -2 * Math.tanh(x) * (1 - Math.tanh(x) ** 2)],
    ['sigmoid', tf.sigmoid, x => (Math.exp(-x) * (Math.exp(-x) - 1)) / (1 + Math.exp(-x)) ** 3],
    ['elu', tf.elu, x => (x < 0 ? Math.exp(x) : 0)],
    ['exp', tf.exp, Math.exp],
    ['a cube', x => tf.mul(tf.square(x), x), x => 6 * x],
    ['a quotient', x => tf.div(1, x), x => 2 / x ** 3],
    ['a power', x => tf.pow(x, 4), x => 12 * x * x],
    ['relu of a square', x => tf.square(tf.relu(x)), x => (x > 0 ? 2 : 0)],
    ['a clipped square', x => tf.square(tf.clipByValue(x, -1, 1)), x => (Math.abs(x) <= 1 ? 2 : 0)],
  ])('%s', (_, f, second) => {
    const at = [-1.5, -0.5, 0.7, 1.3];
    const slope = (x: Tensor) => tf.grad((y: Tensor) => tf.sum(f(y)))(x);
    const [found] = gradients(slope, at);
    const again = tf.tidy(() => {
      const inner = (x: Tensor) => valueAndGrad(y => ({ loss: tf.sum(f(y)) }), x).gradient;
      return [...valueAndGrad(x => ({ loss: tf.sum(inner(x)) }), tf.tensor(at)).gradient.dataSync()];
    });
    at.forEach((x, i) => {
      expect(found[i]).toBeCloseTo(second(x), 4);
      expect(again[i]).toBeCloseTo(second(x), 4);
    });
  });

  it('of a convolution: the penalty on a critic’s slope', () => {
    const filter = tf.tensor4d([0.3, -0.7, 1.1, 0.2], [2, 2, 1, 1]);
    // |∂f/∂x|² of f = Σ conv(x)², whose slope is linear in x: the gradient of the penalty is that of ½ xᵀ H² x · 4.
    const slope = (x: Tensor) =>
      tf.grad((y: Tensor) => tf.sum(tf.square(tf.conv2d(y as tf.Tensor4D, filter, 1, 'valid'))))(x);
    const penalty = (x: Tensor) => tf.sum(tf.square(slope(x)));
    tf.tidy(() => {
      const x = tf.randomNormal([1, 3, 3, 1], 0, 1, 'float32', 7);
      const found = tf.grad(penalty)(x);
      // The slope being S x with a symmetric S, the penalty's is 2 S S x.
      const wanted = tf.mul(slope(slope(x)), 2);
      expect(tf.max(tf.abs(tf.sub(found, wanted))).dataSync()[0]).toBeLessThan(1e-4);
    });
    filter.dispose();
  });
});
