import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import {
  additiveMask,
  attend,
  causalMask,
  initTensors,
  relativeBlock,
  relativeBlockInit,
  selfAttention,
  selfAttentionInit,
  type Tensor,
  tf,
  transformerBlock,
  transformerBlockInit,
} from '../../../src/tensors/index.ts';
import { agreesWithTorch, asTensors, close, noise, play } from '../fixtures/torch-cases.ts';

beforeAll(async () => {
  await initTensors();
});

type Names = 'x' | 'weights' | 'bias' | 'output' | 'outputBias';
const attentionShapes = { x: [2, 3, 4], weights: [4, 12], bias: [12], output: [4, 4], outputBias: [4] };
const attentionOf = (p: Readonly<Record<Names, Tensor>>) => ({
  queryKeyValue: { weights: p.weights, bias: p.bias },
  output: { weights: p.output, bias: p.outputBias },
});

describe('attention gives PyTorch’s outputs and gradients', () => {
  it('causal, on tensors of four axes', () =>
    agreesWithTorch('attend causal', { q: [2, 2, 3, 4], k: [2, 2, 3, 4], v: [2, 2, 3, 5] }, ({ q, k, v }) =>
      attend(q, k, v, { mask: causalMask(3) }),
    ));

  it('as a layer with heads', () =>
    agreesWithTorch('self-attention', attentionShapes, p => selfAttention(attentionOf(p), p.x, 2)));

  it.each(['pre', 'post'] as const)('in a block with a norm %s', norm =>
    agreesWithTorch(
      `block ${norm}`,
      { ...attentionShapes, up: [4, 6], upBias: [6], down: [6, 4], downBias: [4] },
      p => {
        const affine = { scale: tf.ones([4]), shift: tf.zeros([4]) };
        const params = {
          attention: attentionOf(p),
          attentionNorm: affine,
          feedForward: [
            { weights: p.up, bias: p.upBias },
            { weights: p.down, bias: p.downBias },
          ],
          feedForwardNorm: affine,
        };
        return transformerBlock(params, p.x, {
          heads: 2,
          norm,
          activation: norm === 'pre' ? 'gelu' : 'relu',
        });
      },
    ),
  );
});

describe('attend', () => {
  it('passes a gradient to what is added to its scores', async () => {
    const inputs = {
      q: noise(1, [1, 3, 2]),
      k: noise(2, [1, 4, 2]),
      v: noise(3, [1, 4, 2]),
      bias: noise(4, [1, 3, 4]),
    };
    const { gradients, y } = await play(inputs, ({ q, k, v, bias }) => attend(q, k, v, { bias }));
    const stock = await play(inputs, ({ q, k, v, bias }) => {
      const scores = tf.add(tf.div(tf.matMul(q, k, false, true), Math.SQRT2), bias);
      return tf.matMul(tf.softmax(scores), v);
    });
    close('y', y.data, stock.y.data, 1e-6);
    for (const key of Object.keys(inputs)) close(key, gradients[key], stock.gradients[key], 2e-6);
  });

  it('can be differentiated twice', async () => {
    const inputs = { q: noise(1, [1, 3, 2]), k: noise(2, [1, 4, 2]), v: noise(3, [1, 4, 2]) };
    const steepness = ({ q, k, v }: Record<'q' | 'k' | 'v', Tensor>) => {
      const [slope] = tf.grads(query => tf.sum(tf.square(attend(query, k, v))) as tf.Scalar)([q]);
      return tf.sum(tf.square(slope));
    };
    const { gradients } = await play(inputs, steepness);
    const weight = noise(99, [1]).data[0];
    for (const key of ['q', 'k', 'v'] as const) {
      const at = async (shift: number) => {
        const data = inputs[key].data.slice();
        data[1] += shift;
        return (await play({ ...inputs, [key]: { ...inputs[key], data } }, steepness)).y.data[0];
      };
      const slope = ((await at(5e-3)) - (await at(-5e-3))) / 1e-2;
      expect(Math.abs(gradients[key][1] - weight * slope)).toBeLessThan(
        2e-3 * Math.max(0.1, Math.abs(slope)),
      );
    }
  });
});

describe('masks', () => {
  const visible = (mask: Tensor) =>
    (mask.arraySync() as number[][]).map(row => row.map(v => Number(v === 0)));

  it('causal ones show what is not later', () => {
    expect(visible(causalMask(3))).toEqual([
      [1, 0, 0],
      [1, 1, 0],
      [1, 1, 1],
    ]);
    // Two keys of a memory before three of the segment
    expect(visible(causalMask(3, 5))).toEqual([
      [1, 1, 1, 0, 0],
      [1, 1, 1, 1, 0],
      [1, 1, 1, 1, 1],
    ]);
    expect(visible(causalMask(3, 7, 4))).toEqual([
      [0, 1, 1, 1, 1, 0, 0],
      [0, 0, 1, 1, 1, 1, 0],
      [0, 0, 0, 1, 1, 1, 1],
    ]);
    expect(() => causalMask(3, 2)).toThrow('causalMask: keys: expected at least 3, got 2');
  });

  it('are made of truth values', () => {
    expect(visible(additiveMask(tf.tensor([1, 0], [1, 2], 'bool')))).toEqual([[1, 0]]);
    expect([...additiveMask(tf.tensor([0, 1], [2])).dataSync()]).toEqual([Math.fround(-1e9), 0]);
  });

  it('wrong heads are refused', () => {
    expect(() => selfAttentionInit(Random.fromSeed(1), 4)).not.toThrow();
    const params = attentionOf({
      weights: tf.zeros([4, 12]),
      bias: tf.zeros([12]),
      output: tf.zeros([4, 4]),
      outputBias: tf.zeros([4]),
      x: tf.zeros([]),
    });
    expect(() => selfAttention(params, tf.zeros([1, 2, 4]), 3)).toThrow(
      'selfAttention: heads: expected a divisor of the width 4, got 3',
    );
  });
});

describe('causality: what comes later changes nothing before it', () => {
  const random = Random.fromSeed(8);
  const [length, width] = [6, 8];
  const block = transformerBlockInit(random.split('b'), width, 16);
  const relative = relativeBlockInit(random.split('r'), width, 2, 16, 0.5);

  const layers: Record<string, (x: Tensor) => Tensor> = {
    'a block': x => transformerBlock(asTensors(block), x, { heads: 2, mask: causalMask(length) }),
    'a block with relative attention': x => relativeBlock(asTensors(relative), x, { heads: 2 }),
  };

  it.each(Object.keys(layers))('%s', async name => {
    const x = noise(1, [1, length, width]);
    const outputs = async (from: number) => {
      const data = x.data.slice().fill(0.5, from * width);
      return (await play({ x: { ...x, data } }, inputs => layers[name](inputs.x))).y.data;
    };
    const whole = await outputs(length);
    for (const from of [1, 4]) {
      const changed = await outputs(from);
      close('before', changed.subarray(0, from * width), whole.subarray(0, from * width), 0);
      expect(changed.subarray(from * width)).not.toEqual(whole.subarray(from * width));
    }
  });
});
