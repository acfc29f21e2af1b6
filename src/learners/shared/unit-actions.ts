import { usageError } from '../../core/errors.ts';
import { type ActionSpace, boundsOf } from '../../env/spaces.ts';
import { type Tensor, tf } from '../../tensors/index.ts';

/** Actions of a box to and from ±1, element by element: what actors put out and critics take in. [B × A] both ways. */
export interface UnitActions {
  /** From ±1 to the bounds of the space. */
  toBounds(actions: Tensor): Tensor;
  /** From the bounds of the space to ±1. */
  toUnit(actions: Tensor): Tensor;
}

/**
 * The scaling between the bounds of an action space and ±1.
 * @param who for the message
 * @throws a usage error where the space is no box with bounds on all sides
 */
export function unitActions(space: ActionSpace, who: string): UnitActions {
  if (space.kind !== 'box') throw usageError(`${who}: action space: kind = ${space.kind}, expected box`);
  const { low, high } = boundsOf(space);
  const wrong = low.findIndex((from, i) => !Number.isFinite(high[i] - from) || from === high[i]);
  if (wrong >= 0) {
    throw usageError(
      `${who}: action space: element ${wrong} is within ${low[wrong]} … ${high[wrong]}, expected finite bounds that differ`,
    );
  }
  if (low.every((from, i) => from === -1 && high[i] === 1)) {
    return { toBounds: actions => actions, toUnit: actions => actions };
  }
  const centre = Float32Array.from(low, (from, i) => (from + high[i]) / 2);
  const half = Float32Array.from(low, (from, i) => (high[i] - from) / 2);
  return {
    toBounds: actions => tf.add(tf.mul(actions, tf.tensor1d(half)), tf.tensor1d(centre)),
    toUnit: actions => tf.div(tf.sub(actions, tf.tensor1d(centre)), tf.tensor1d(half)),
  };
}
