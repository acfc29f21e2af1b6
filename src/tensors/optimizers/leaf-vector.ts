import type { HostTensor, TreeOf } from '../contract.ts';
import { treeLayout } from '../layout.ts';

/**
 * A vector in the layout order of parameters with one number for all of each leaf's elements: a weight decay that leaves biases alone,
 * or a learning rate a layer.
 * @param of the number of a leaf, from its path such as `policy.0.weights` and its shape
 * @example leafVector(params, (path, shape) => (shape.length > 1 ? 0.01 : 0))
 */
export function leafVector<P>(
  params: P & TreeOf<P, HostTensor>,
  of: (path: string, shape: readonly number[]) => number,
): HostTensor {
  const { size, leaves } = treeLayout(params);
  const data = new Float32Array(size);
  for (const leaf of leaves) data.fill(of(leaf.path, leaf.shape), leaf.offset, leaf.offset + leaf.size);
  return { shape: [size], data };
}
