import type { Tensor } from '@tensorflow/tfjs-core';
import type { Random } from '../../core/random.ts';
import type { HostTensor } from '../contract.ts';
import * as tf from '../ops.ts';
import { stopGradient, withOwnGradient } from './own-gradient.ts';

/** What spectral norm remembers: state, not parameters. */
export interface SpectralState<T> {
  /** [outputs, 1]: about the singular vector of the largest singular value on the side of the outputs, of length one */
  readonly vector: T;
}

/** A random direction. @param outputs the length of the weights' last axis */
export function spectralStateInit(random: Random, outputs: number): SpectralState<HostTensor> {
  const data = new Float32Array(outputs);
  random.fillNormal(data);
  const norm = Math.hypot(...data);
  return { vector: { shape: [outputs, 1], data: data.map(value => value / norm) } };
}

/** What spectral norm gives. */
export interface SpectralNorm {
  /** The weights divided by `sigma`, of their shape. */
  readonly weights: Tensor;
  /** The largest singular value of the weights as a matrix, as far as the iteration has found it. A scalar. */
  readonly sigma: Tensor;
  readonly state: SpectralState<Tensor>;
}

/**
 * Divides weights by their largest singular value (Miyato et al., 2018), which power iteration finds over the updates. The
 * gradient takes the singular vectors for constants.
 * @param weights [..., outputs], seen as a matrix [everything else, outputs]
 * @param iterations of the power method; 0 leaves the state as it is, for evaluation. Default 1
 */
export function spectralNorm(weights: Tensor, state: SpectralState<Tensor>, iterations = 1): SpectralNorm {
  const matrix = tf.reshape(weights, [-1, weights.shape[weights.rank - 1]]);
  const fixed = stopGradient(matrix);
  let right = state.vector;
  let left = unit(product(fixed, right));
  for (let i = 0; i < iterations; i++) {
    if (i > 0) left = unit(product(fixed, right));
    right = unit(product(fixed, left, true));
  }
  const [divided, sigma] = withOwnGradient(
    { matrix, left, right },
    inputs => {
      const sigma = tf.sum(tf.mul(inputs.left, product(inputs.matrix, inputs.right)));
      const output = tf.div(inputs.matrix, sigma);
      return { output, more: [sigma], saved: [output, sigma] };
    },
    (dy, inputs, [output, sigma]) => ({
      // (G − ⟨G, W/σ⟩ · left · rightᵀ) / σ
      matrix: () => {
        const along = tf.mul(inputs.left, tf.sum(tf.mul(dy, output)));
        return tf.div(tf.sub(dy, product(along, inputs.right, false, true)), sigma);
      },
    }),
  );
  return { weights: tf.reshape(divided, weights.shape), sigma, state: { vector: right } };
}

const unit = (x: Tensor): Tensor => tf.mul(x, tf.rsqrt(tf.add(tf.sum(tf.square(x)), 1e-12)));

const product = (a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor =>
  tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D, transposeA, transposeB);
