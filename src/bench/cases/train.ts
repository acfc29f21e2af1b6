import type { Random } from '../../core/random.ts';
import {
  type Adam,
  adam,
  clipByGlobalNorm,
  type HostTensor,
  hostTensor,
  type Tensor,
  type TreeOf,
  valueAndGrad,
} from '../../tensors/index.ts';

/** To what length the cases cut a gradient. */
export const MAX_NORM = 0.5;

/** One step of gradient descent as every case but SAC takes it: loss, gradient, cut to `MAX_NORM`, Adam. */
export function descend<P>(
  params: P & TreeOf<P, Tensor>,
  optimizer: Adam<Tensor>,
  learningRate: Tensor,
  lossOf: (params: P) => Tensor,
) {
  const { loss, gradient } = valueAndGrad((candidate: P) => ({ loss: lossOf(candidate) }), params);
  const clipped = clipByGlobalNorm(gradient, MAX_NORM);
  return { ...adam(params, clipped.gradient, optimizer, { learningRate }), loss };
}

/** Normal numbers of a shape, times `scale`. */
export function normal(random: Random, shape: readonly number[], scale = 1): HostTensor {
  const values = new Float32Array(shape.reduce((product, n) => product * n, 1));
  random.fillNormal(values);
  return hostTensor(
    shape,
    values.map(value => value * scale),
  );
}

/** Whole numbers from 0 up to `below`. */
export function integers(random: Random, shape: readonly number[], below: number): HostTensor {
  const data = new Int32Array(shape.reduce((product, n) => product * n, 1));
  return { shape, data: data.map(() => random.integer(below)) };
}
