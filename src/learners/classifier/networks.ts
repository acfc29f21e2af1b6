import { z } from 'zod';
import { usageError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import {
  type Convolution,
  conv2d,
  conv2dInit,
  type HostTensor,
  type Mlp,
  maxPool2d,
  mlp,
  mlpInit,
  type Tensor,
  tf,
} from '../../tensors/index.ts';

const sizes = z.array(z.number().int().positive());

/** What a classifier is made of. */
export const classifierNet = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('mlp'), hidden: sizes.describe('Units of each hidden layer.') }),
  z.strictObject({
    kind: z.literal('conv'),
    channels: sizes.min(1).describe('Of each 3 × 3 convolution; each is followed by a 2 × 2 maximum.'),
    hidden: sizes.describe('Units of each hidden layer behind the convolutions.'),
  }),
]);
/** `classifierNet`, parsed. */
export type ClassifierNet = z.output<typeof classifierNet>;

/** The parameters of a classifier: convolutions, if it has any, then dense layers. */
export interface Classifier<T> {
  readonly convolutions: readonly Convolution<T>[];
  readonly dense: Mlp<T>;
}

/**
 * The initial parameters: He's normal weights (He et al., 2015), zero biases.
 * @param shape of one sample: `[inputs]`, or `[rows, columns, channels]`, which an MLP takes as one row of numbers
 * @throws a usage error where convolutions are to see something else than images
 */
export function classifierInit(
  random: Random,
  net: ClassifierNet,
  shape: readonly number[],
  classes: number,
): Classifier<HostTensor> {
  const init = { init: 'he' } as const;
  if (net.kind === 'mlp') {
    const inputs = shape.reduce((product, n) => product * n, 1);
    return {
      convolutions: [],
      dense: mlpInit(random.split('dense'), [inputs, ...net.hidden, classes], init),
    };
  }
  if (shape.length !== 3) {
    throw usageError(
      `net: kind = conv: expected samples of [rows, columns, channels], got [${shape.join(', ')}]`,
    );
  }
  let [rows, columns, channels] = shape;
  const convolutions = net.channels.map((outputs, i) => {
    const layer = conv2dInit(random.split('convolution', i), 3, channels, outputs, init);
    [rows, columns, channels] = [Math.ceil(rows / 2), Math.ceil(columns / 2), outputs];
    return layer;
  });
  const dense = mlpInit(random.split('dense'), [rows * columns * channels, ...net.hidden, classes], init);
  return { convolutions, dense };
}

/** What stands before the last layer, [samples, units]. @param x [samples, ...shape] */
export function classifierFeatures(params: Classifier<Tensor>, x: Tensor): Tensor {
  const flat = flatFeatures(params, x);
  const hidden = params.dense.slice(0, -1);
  return hidden.length === 0 ? flat : mlp(hidden, flat, 'relu', 'relu');
}

/** Logits, [samples, classes]. @param x [samples, ...shape] */
export const classify = (params: Classifier<Tensor>, x: Tensor): Tensor =>
  mlp(params.dense, flatFeatures(params, x), 'relu');

function flatFeatures(params: Classifier<Tensor>, x: Tensor): Tensor {
  const images = params.convolutions.reduce(
    (image, layer) => maxPool2d(conv2d(layer, image, { activation: 'relu' }), { padding: 'same' }),
    x,
  );
  return tf.reshape(images, [x.shape[0], -1]);
}
