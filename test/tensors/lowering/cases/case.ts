import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { LeafSpec } from '../../../../src/tensors/leaf-spec.ts';
import * as tf from '../../../../src/tensors/ops.ts';

/** A tensor that a case is given. */
export interface Given {
  readonly shape: number[];
  readonly dtype: LeafSpec['dtype'];
  /** Its values, from numbers that are uniform in [0, 1). */
  values(random: () => number): number[];
}

/** A function of tensors, run on eager tfjs and compiled. */
export interface Case {
  readonly name: string;
  readonly given: readonly Given[];
  run(...tensors: Tensor[]): Tensor | Tensor[];
  /** Why only the forward pass is compared, where floats come in. */
  readonly forwardOnly?: string;
}

/** @param from which tensors; @param run what is done with them */
export const check = (
  name: string,
  given: readonly Given[],
  run: (...tensors: never[]) => Tensor | Tensor[],
  forwardOnly?: string,
): Case => ({ name, given, run: run as Case['run'], ...(forwardOnly !== undefined && { forwardOnly }) });

const drawn = (shape: number[], dtype: Given['dtype'], one: (random: number) => number): Given => ({
  shape,
  dtype,
  values: random => Array.from({ length: tf.util.sizeFromShape(shape) }, () => one(random())),
});

/** Floats, uniform in a range. */
export const floats = (shape: number[], low = -1.5, high = 1.5): Given =>
  drawn(shape, 'float32', random => low + (high - low) * random);

/** Floats that are not within 0.2 of 0. */
export const awayFromZero = (shape: number[]): Given =>
  drawn(shape, 'float32', random => (random < 0.5 ? -1 : 1) * (0.2 + 2 * Math.abs(random - 0.5)));

/** Whole numbers from `low` up to, not including, `high`. */
export const ints = (shape: number[], low: number, high: number): Given =>
  drawn(shape, 'int32', random => Math.floor(low + (high - low) * random));

export const bools = (shape: number[]): Given => drawn(shape, 'bool', random => Number(random < 0.5));

/** These values and no others. */
export const fixed = (
  values: number[],
  shape = [values.length],
  dtype: Given['dtype'] = 'float32',
): Given => ({
  shape,
  dtype,
  values: () => values,
});

/** Runs a kernel as it is, past the checks of tfjs' operations. */
export const kernel = (
  name: string,
  inputs: Record<string, Tensor> | Tensor[],
  attributes: object = {},
): Tensor => {
  const run = tf.engine().runKernel as (name: string, inputs: object, attrs: object) => Tensor & TensorInfo;
  return run.call(tf.engine(), name, inputs, attributes);
};

/** Why a case is forward only. */
export const NO_GRADIENT = 'no learner needs its gradient';
export const NOT_DIFFERENTIABLE = 'its result is not differentiable';
