import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import {
  attend,
  categoricalKl,
  dense,
  denseInit,
  gru,
  gruInit,
  hostTensor,
  initTensors,
  layerNorm,
  softmaxCrossEntropy,
  spectralNorm,
  stopGradient,
  type Tensor,
  tf,
  upsampleNearest,
  valueAndGrad,
} from '../../../src/tensors/index.ts';
import { withOwnGradient } from '../../../src/tensors/layers/own-gradient.ts';
import { asTensors, close, noise, play } from '../fixtures/torch-cases.ts';

beforeAll(async () => {
  await initTensors();
});

describe('an operation with a gradient of its own', () => {
  it('works out only the gradients that are asked for', async () => {
    const asked: string[] = [];
    const constant = hostTensor([2], [5, 7]);
    const { gradients } = await play({ a: hostTensor([2], [2, 3]) }, ({ a }) => {
      const b = tf.tensor(constant.data, [2]);
      const [y] = withOwnGradient(
        { a, b },
        inputs => ({ output: tf.mul(inputs.a, inputs.b), saved: [] }),
        (dy, inputs) => ({
          a: () => {
            asked.push('a');
            return tf.mul(dy, inputs.b);
          },
          b: () => {
            asked.push('b');
            return tf.mul(dy, inputs.a);
          },
        }),
      );
      return y;
    });
    expect(new Set(asked)).toEqual(new Set(['a']));
    const c = noise(99, [2]).data;
    close('gradient', gradients['a'], [5 * c[0], 7 * c[1]], 1e-6);
  });

  it('leaves no tensor behind, nor does its gradient’s gradient', () => {
    const random = Random.fromSeed(2);
    const [hostDense, hostGru] = [denseInit(random, 4, 4), gruInit(random, 4, 4)];
    const everything = (x: Tensor): Tensor => {
      const rows = tf.reshape(x, [-1, 4]);
      const affine = { scale: tf.ones([4]), shift: tf.zeros([4]) };
      const { weights } = spectralNorm(rows, { vector: tf.ones([4, 1]) });
      const states = gru(asTensors(hostGru), x, tf.zeros([2, 4]));
      const image = upsampleNearest(tf.reshape(rows, [1, 2, 3, 4]), 2);
      const parts = [
        dense(asTensors(hostDense), rows, 'silu'),
        layerNorm(affine, x),
        attend(x, states, x),
        softmaxCrossEntropy(weights, tf.softmax(rows)),
        categoricalKl(x, states),
        image,
      ];
      return parts.map(part => tf.sum(tf.square(part))).reduce((a, b) => tf.add(a, b));
    };
    const x = tf.tensor(noise(1, [2, 3, 4]).data, [2, 3, 4]);
    const once = () => valueAndGrad(z => ({ loss: everything(z) }), x).gradient;
    const twice = () =>
      valueAndGrad(z => {
        const { gradient } = valueAndGrad(inner => ({ loss: everything(inner) }), z);
        return { loss: tf.sum(tf.square(gradient)) };
      }, x).gradient;
    for (const f of [() => everything(x), once, twice]) {
      const [tensors, bytes] = [tf.memory().numTensors, tf.memory().numBytes];
      expect(tf.tidy(() => f().dataSync().every(Number.isFinite))).toBe(true);
      expect([tf.memory().numTensors, tf.memory().numBytes]).toEqual([tensors, bytes]);
    }
    x.dispose();
  });
});

describe('stopGradient', () => {
  it('makes a constant of what it is given', async () => {
    const inputs = { a: hostTensor([2], [2, 3]) };
    const { y, gradients } = await play(inputs, ({ a }) => tf.mul(a, stopGradient(tf.square(a))));
    expect([...y.data]).toEqual([8, 27]);
    const c = noise(99, [2]).data;
    close('gradient', gradients['a'], [4 * c[0], 9 * c[1]], 1e-6);
  });
});
