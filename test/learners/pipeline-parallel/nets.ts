import { Random } from '../../../src/core/random.ts';
import type {
  MiniBatch,
  SequentialLayer,
  SequentialNet,
} from '../../../src/learners/pipeline-parallel/contract.ts';
import {
  type Affine,
  affineInit,
  type Dense,
  dense,
  denseInit,
  dropout,
  type HostTensor,
  labelCrossEntropy,
  type Tensor,
  tf,
} from '../../../src/tensors/index.ts';

export interface MlpSettings {
  readonly inputs: number;
  readonly width: number;
  readonly blocks: number;
  readonly classes: number;
  readonly dropout: number;
}

export const module = import.meta.url;

/** inputs → blocks × (x + relu(dense)) → classes, with dropout in the blocks. */
export function residualMlp({ inputs, width, blocks, classes, dropout: rate }: MlpSettings): SequentialNet {
  const dims = [inputs, ...Array.from({ length: blocks }, () => width), classes];
  const layers = dims.slice(1).map((outputs, i): SequentialLayer => {
    const inner = i > 0 && i < blocks;
    return {
      name: `dense ${i}`,
      init: random => ({ ...denseInit(random, dims[i], outputs, { init: 'he' }) }),
      ...(rate > 0 && inner && { noise: [outputs] }),
      apply(params, x, { noise }) {
        const y = dense(params as unknown as Dense<Tensor>, x, i === blocks ? 'linear' : 'relu');
        const kept = noise ? dropout(y, noise, rate) : y;
        return { y: inner ? tf.add(x, kept) : kept };
      },
    };
  });
  return classifier(layers, inputs);
}

const classifier = (layers: readonly SequentialLayer[], inputs: number): SequentialNet => ({
  layers,
  input: { shape: [inputs], dtype: 'float32' },
  targets: [],
  loss: (y, targets) => labelCrossEntropy(y, targets),
});

/** y = w2 · relu(w1 · x), squared error: the example of the method's unit values. */
export function twoWeights(): SequentialNet {
  const weight = (value: number): HostTensor => ({ shape: [1], data: Float32Array.of(value) });
  return {
    layers: [
      {
        name: 'first',
        init: () => ({ w: weight(0.5) }),
        apply: (params, x) => ({ y: tf.relu(tf.mul(x, (params as { w: Tensor }).w)) }),
      },
      {
        name: 'second',
        init: () => ({ w: weight(1.5) }),
        apply: (params, x) => ({ y: tf.mul(x, (params as { w: Tensor }).w) }),
      },
    ],
    input: { shape: [1], dtype: 'float32' },
    targets: [],
    loss: (y, targets) => tf.square(tf.sub(tf.reshape(y, [-1]), tf.cast(targets, 'float32'))),
  };
}

/** Dense layers with batch norm between them. */
export function normedMlp({ width }: { readonly width: number }): SequentialNet {
  const linear = (name: string, inputs: number, outputs: number): SequentialLayer => ({
    name,
    init: random => ({ ...denseInit(random, inputs, outputs, { init: 'he' }) }),
    apply: (params, x) => ({ y: dense(params as unknown as Dense<Tensor>, x, 'linear') }),
  });
  const norm = (name: string): SequentialLayer => ({
    name,
    init: () => ({ ...affineInit(width) }),
    statistics: { channels: width, perRow: 1 },
    apply(params, x) {
      const { scale, shift } = params as unknown as Affine<Tensor>;
      const mean = tf.mean(x, 0, true);
      const centred = tf.sub(x, mean);
      const variance = tf.mean(tf.square(centred), 0, true);
      const y = tf.mul(centred, tf.rsqrt(tf.add(variance, 1e-5)));
      const sums = tf.stack([tf.sum(x, 0), tf.sum(tf.square(x), 0)]);
      return { y: tf.relu(tf.add(tf.mul(y, scale), shift)), sums };
    },
  });
  return classifier(
    [linear('a', 4, width), norm('norm a'), linear('b', width, width), norm('norm b'), linear('c', width, 3)],
    4,
  );
}

/** A layer that adds what it carried: h ← tanh(x · W + h). */
export function carryingMlp({ width }: { readonly width: number }): SequentialNet {
  const layer = (name: string, inputs: number): SequentialLayer => ({
    name,
    init: random => ({ ...denseInit(random, inputs, width, { init: 'he' }) }),
    carries: [width],
    apply(params, x, { carried }) {
      const z = dense(params as unknown as Dense<Tensor>, x, 'linear');
      const y = tf.tanh(carried ? tf.add(z, carried) : z);
      return { y, carried: y };
    },
  });
  return classifier([layer('a', 4), layer('b', width)], 4);
}

/** Made-up rows. */
export function batchOf(rows: number, inputs: number, classes: number, seed: number): MiniBatch {
  const random = Random.fromSeed(seed).split('batch');
  const x = new Float32Array(rows * inputs);
  random.fillNormal(x);
  return { rows, x, targets: Int32Array.from({ length: rows }, () => random.integer(classes)) };
}

/** A layer without parameters before one that has some. */
export function plainFirst(): SequentialNet {
  const net = residualMlp({ inputs: 4, width: 8, blocks: 2, classes: 3, dropout: 0 });
  const plain = (name: string): SequentialLayer => ({
    name,
    init: () => ({}),
    apply: (_, x) => ({ y: tf.tanh(x) }),
  });
  return { ...net, layers: [plain('start'), net.layers[0], plain('middle'), ...net.layers.slice(1)] };
}
