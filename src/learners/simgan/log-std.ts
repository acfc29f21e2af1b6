import { loadPolicy, type PolicyRef } from '../../actors/policy.ts';
import { usageError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import { type HostTensor, type Tree, treeLayout } from '../../tensors/index.ts';

/**
 * The parameters of a policy with another exploration: every logarithm of a deviation that does not depend on what is seen
 * (`logStd`) set to `value`. The parameters given are not changed.
 * @throws a usage error where the policy has none, or where the parameters or the value are not its own
 */
export async function withLogStd(
  ref: PolicyRef,
  parameters: Float32Array,
  value: number,
): Promise<Float32Array> {
  if (!Number.isFinite(value)) throw usageError(`withLogStd: value = ${value}, expected a finite number`);
  const { size, leaves } = treeLayout((await loadPolicy(ref)).init(Random.fromSeed(0)) as Tree<HostTensor>);
  if (parameters.length !== size)
    throw usageError(
      `withLogStd: expected ${size} parameters of policy ${ref.name}, got ${parameters.length}`,
    );
  const leaf = leaves.find(({ path }) => path === 'logStd' || path.endsWith('.logStd'));
  if (!leaf)
    throw usageError(`withLogStd: policy ${ref.name} has no logStd, expected one that explores by it`);
  return parameters.slice().fill(value, leaf.offset, leaf.offset + leaf.size);
}
