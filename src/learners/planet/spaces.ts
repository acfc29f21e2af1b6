import type { Spaces } from '../../actors/policy.ts';
import { usageError } from '../../core/errors.ts';
import { boundsOf, flatSize } from '../../env/spaces.ts';
import { type Tensor, tf } from '../../tensors/index.ts';
import type { PlanetConfig } from './config.ts';

/** What a model sees and does, in numbers. */
export interface PlanetSizes {
  /** O: of an observation, flat. */
  readonly observation: number;
  /** A: of an action. */
  readonly action: number;
  /** Of h, 0 without it. */
  readonly deterministic: number;
  /** Z: of s. */
  readonly stochastic: number;
  /** Of the latent state, h then s. */
  readonly latent: number;
  /** Middle and half the width of the bounds of each number of an action. */
  readonly middle: Float32Array;
  readonly half: Float32Array;
}

/**
 * The sizes of a model's parts and the bounds of its actions, by settings and spaces.
 * @throws a usage error where the spaces are none that PlaNet can work in, or the config does not fit them
 */
export function planetSizes(config: PlanetConfig, { observation, action }: Spaces): PlanetSizes {
  const { latent, side, channels, observe, observationUnits } = config;
  if (action.kind !== 'box') throw usageError(`PlaNet: action space = ${action.kind}, expected a box`);
  const { low, high } = boundsOf(action);
  low.forEach((from, i) => {
    if (Number.isFinite(high[i] - from) && from < high[i]) return;
    throw usageError(
      `PlaNet: action space: element ${i} is in ${from} … ${high[i]}, expected finite bounds apart`,
    );
  });
  const size = flatSize(observation);
  const pixels = side * side * channels;
  if (observe === 'pixels' && size !== pixels) {
    throw usageError(`PlaNet: observations have ${size} numbers, expected ${pixels}: side² × channels`);
  }
  if (observationUnits && observationUnits.length !== size) {
    throw usageError(
      `observationUnits: ${observationUnits.length} numbers, expected ${size}, one each of a state`,
    );
  }
  const deterministic = latent === 'stochastic' ? 0 : config.deterministic;
  return {
    observation: size,
    action: flatSize(action),
    deterministic,
    stochastic: config.stochastic,
    latent: deterministic + config.stochastic,
    middle: Float32Array.from(low, (from, i) => (from + high[i]) / 2),
    half: Float32Array.from(low, (from, i) => (high[i] - from) / 2),
  };
}

/** Actions within their bounds as numbers within ±1. @param actions [rows, A] */
export const normalizeActions = (actions: Tensor, { middle, half }: PlanetSizes): Tensor =>
  tf.div(tf.sub(actions, tf.tensor1d(middle)), tf.tensor1d(half));
