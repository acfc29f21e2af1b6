import { usageError } from '../../core/errors.ts';
import { compile, type HostTensor, type Tensor } from '../../tensors/index.ts';
import type { PlanetModel, PlanetParams } from './networks.ts';
import { type ImaginationArguments, imagine } from './roll.ts';

/** Open-loop prediction as a program that reads the parameters of another one, the update's say. */
export const compileImagination = (model: PlanetModel, params: PlanetParams<HostTensor>, executor?: string) =>
  compile(
    ({ params, ...args }: ImaginationArguments & { params: PlanetParams<Tensor> }) =>
      imagine(params, args, model),
    { state: { params }, name: 'planet imagination', ...(executor !== undefined && { executor }) },
  );

/** How far predictions are off, by step ahead: mean squared errors over what the best constant has. Below 1 is better than it. */
export interface OpenLoopErrors {
  /** By step, [H]. */
  readonly bySteps: readonly number[];
  /** Of all steps together. */
  readonly mean: number;
}

/**
 * Mean squared errors of predictions over those of the best constant, each number of a row having its own: its mean.
 * @param predicted [B × H × n]
 * @param truth [B × H × n]
 * @throws a usage error where the truth never changes: no constant is wrong then
 */
export function openLoopErrors(
  predicted: ArrayLike<number>,
  truth: ArrayLike<number>,
  horizon: number,
  size = 1,
): OpenLoopErrors {
  const rows = truth.length / (horizon * size);
  if (predicted.length !== truth.length || !Number.isInteger(rows) || rows === 0) {
    throw usageError(
      `openLoopErrors: ${predicted.length} predictions and ${truth.length} truths, expected as many, a multiple of ${horizon * size}`,
    );
  }
  const means = new Float64Array(size);
  for (let i = 0; i < truth.length; i++) means[i % size] += truth[i] / (rows * horizon);
  const off = new Float64Array(horizon);
  const constant = new Float64Array(horizon);
  for (let i = 0; i < truth.length; i++) {
    const step = Math.floor(i / size) % horizon;
    off[step] += (predicted[i] - truth[i]) ** 2;
    constant[step] += (truth[i] - means[i % size]) ** 2;
  }
  const whole = constant.reduce((sum, value) => sum + value, 0);
  if (!(whole > 0)) throw usageError('openLoopErrors: truth never changes, expected numbers that do');
  return {
    bySteps: Array.from(off, error => error / (whole / horizon)),
    mean: off.reduce((sum, error) => sum + error, 0) / whole,
  };
}
