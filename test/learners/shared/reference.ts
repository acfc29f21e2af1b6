import { type HostTensor, mapTree, type Tensor, tf } from '../../../src/tensors/index.ts';

/** Dense layers end to end: weights [inputs × outputs] and bias, layer by layer, as `state.flat` has them. */
export type Flat = Float64Array;

/** A network of tanh layers with a linear last one, of one row, in float64. */
export function network(sizes: readonly number[], flat: ArrayLike<number>, row: readonly number[]): number[] {
  let at = 0;
  let values = [...row];
  sizes.slice(1).forEach((outputs, layer) => {
    const inputs = sizes[layer];
    const bias = at + inputs * outputs;
    values = Array.from({ length: outputs }, (_, j) => {
      const sum = values.reduce((total, x, i) => total + x * flat[at + i * outputs + j], flat[bias + j]);
      return layer < sizes.length - 2 ? Math.tanh(sum) : sum;
    });
    at = bias + outputs;
  });
  return values;
}

/** How many numbers such a network is. */
export const sizeOfNetwork = (sizes: readonly number[]): number =>
  sizes.slice(1).reduce((sum, outputs, layer) => sum + (sizes[layer] + 1) * outputs, 0);

/** The slope of a function at a point, by central differences. */
export function slope(f: (at: Flat) => number, at: ArrayLike<number>): number[] {
  const h = 1e-5;
  return Array.from({ length: at.length }, (_, i) => {
    const moved = (by: number) => {
      const point = Float64Array.from(at);
      point[i] += by;
      return f(point);
    };
    return (moved(h) - moved(-h)) / (2 * h);
  });
}

/** Where Adam's first step leads: p − rate · g / (|g| + ε). */
export const afterAdam = (before: ArrayLike<number>, gradient: readonly number[], rate: number): number[] =>
  gradient.map((g, i) => before[i] - (rate * g) / (Math.abs(g) + 1e-8));

/** The largest difference, as a part of the largest number that is wanted. */
export function difference(found: ArrayLike<number>, wanted: readonly number[]): number {
  if (found.length !== wanted.length) return Number.POSITIVE_INFINITY;
  const largest = Math.max(...wanted.map(Math.abs));
  return Math.max(...wanted.map((x, i) => Math.abs(found[i] - x))) / largest;
}

/** A tree of host tensors as what steps take. */
export const tensors = (tree: object): never =>
  mapTree(tree as never, ({ shape, data }: HostTensor) =>
    tf.tensor(data as Float32Array, [...shape]),
  ) as never;

/** All numbers of a tree of tensors end to end. */
export function flat(tree: unknown): number[] {
  const parts: number[][] = [];
  mapTree(tree as never, (leaf: Tensor | HostTensor) => {
    parts.push([...('dataSync' in leaf ? leaf.dataSync() : leaf.data)]);
    return leaf;
  });
  return parts.flat();
}
