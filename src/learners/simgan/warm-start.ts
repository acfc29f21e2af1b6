import { loadPolicy, type PolicyRef } from '../../actors/policy.ts';
import { usageError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import { flattenTree, type HostTensor, type Tree, treeLayout } from '../../tensors/index.ts';

/**
 * The parameters of a policy of PPO's to be learned on from: the policy as it is, with a fresh critic, and with another
 * exploration.
 * @param logStd logarithm of the deviation of all actions
 * @throws a usage error where the parameters are not the policy's own, or it has no critic
 */
export async function warmStart(
  ref: PolicyRef,
  parameters: Float32Array,
  logStd: number,
  random: Random,
): Promise<Float32Array> {
  const fresh = (await loadPolicy(ref)).init(random) as Tree<HostTensor>;
  const { size, leaves } = treeLayout(fresh);
  if (parameters.length !== size)
    throw usageError(
      `warmStart: expected ${size} parameters of policy ${ref.name}, got ${parameters.length}`,
    );
  const values = flattenTree(fresh);
  const started = parameters.slice();
  let critic = 0;
  for (const { path, offset, size: length } of leaves) {
    if (path.startsWith('weights.value.')) {
      started.set(values.subarray(offset, offset + length), offset);
      critic += length;
    }
    if (path === 'weights.logStd') started.fill(logStd, offset, offset + length);
  }
  if (critic === 0) throw usageError(`warmStart: policy ${ref.name} has no weights.value, expected a critic`);
  return started;
}
