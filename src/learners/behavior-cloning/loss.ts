import type { ActionSpace } from '../../env/spaces.ts';
import { meanSquaredError, type Tensor, tf } from '../../tensors/index.ts';
import { actionsOf, type Head } from '../shared/distributions.ts';

/**
 * How far a policy is from what was done (Pomerleau 1991):
 *
 *     likelihood: −mean log π(a|s): the cross-entropy of choices, the density of a box's actions
 *     squared:    mean (a − μ(s))² over rows and elements, boxes only
 *
 * @param actions [B × A]
 * @returns `loss`, and `agreement`: the share of single choices that the policy would make too, or for boxes `squaredError`
 */
export function cloningLoss(
  space: ActionSpace,
  head: Head,
  actions: Tensor,
  loss: 'likelihood' | 'squared',
): { readonly loss: Tensor; readonly agreement?: Tensor; readonly squaredError?: Tensor } {
  if (space.kind === 'box') {
    const squaredError = meanSquaredError(head.outputs, actions);
    if (loss === 'squared') return { loss: squaredError, squaredError };
    return { loss: tf.neg(tf.mean(actionsOf(space, head).logProb(actions))), squaredError };
  }
  const own = actionsOf(space, head);
  const same = tf.cast(tf.equal(own.mode(), actions), 'float32');
  return { loss: tf.neg(tf.mean(own.logProb(actions))), agreement: tf.mean(same) };
}
