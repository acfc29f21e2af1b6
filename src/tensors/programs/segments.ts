import { sizeOf } from '../../core/arrays.ts';
import type { DeviceDtype } from '../executors/contract.ts';
import type { GraphBuilder } from '../graph/builder.ts';
import { concat, reshape, slice, split } from '../graph/shapes.ts';
import type { Value } from '../graph/values.ts';
import type { LeafSpec } from '../leaf-spec.ts';

/**
 * Neighbouring leaves that go in and out of a graph as one tensor: an executor takes about 4 µs for each pair of an
 * input and an output, so the many small tensors of a network are one vector to it.
 */
export interface Segment {
  /** Which leaves: from, and up to but not including. */
  readonly from: number;
  readonly to: number;
  readonly dtype: DeviceDtype;
  /** Of the whole tensor: the leaf's own where there is one, else a vector. */
  readonly dims: readonly number[];
  readonly size: number;
}

/**
 * A vector as long as this is not put together with others: optimisers hand their moments whole, without a copy. Longer
 * than biases are: one that stood alone would cut the parameters around it in pieces.
 */
const LONG_VECTOR = 4096;

/** Groups the leaves of one tree: float32 ones that follow each other are one segment, long vectors stay alone. */
export function segmentsOf(specs: readonly LeafSpec[], from: number, to: number): readonly Segment[] {
  const segments: Segment[] = [];
  const joins = ({ shape, dtype }: LeafSpec) =>
    dtype === 'float32' && !(shape.length === 1 && shape[0] >= LONG_VECTOR);
  for (let at = from; at < to; ) {
    let end = at + 1;
    if (joins(specs[at])) while (end < to && joins(specs[end])) end++;
    segments.push(segment(specs, at, end));
    at = end;
  }
  return segments;
}

/** Some leaves as one segment. */
export function segment(specs: readonly LeafSpec[], from: number, to: number): Segment {
  const size = specs.slice(from, to).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const dims = to - from === 1 ? specs[from].shape : [size];
  return { from, to, dtype: specs[from].dtype as DeviceDtype, dims, size };
}

/**
 * The leaves of a segment that came in as one tensor.
 * @param used which of them are looked at: where they are a small part of it, the rest is not copied
 */
export function unpacked(
  g: GraphBuilder,
  tensor: Value,
  shapes: readonly (readonly number[])[],
  used: (leaf: number) => boolean = () => true,
): readonly Value[] {
  if (shapes.length === 1) return [tensor];
  const sizes = shapes.map(sizeOf);
  const wanted = sizes.reduce((sum, size, i) => (used(i) ? sum + size : sum), 0);
  const parts = 2 * wanted < tensor.shape[0] ? cut(g, tensor, sizes) : split(g, tensor, sizes, 0);
  return parts.map((part, i) => reshape(g, part, shapes[i]));
}

/** As `split`, but a node for each part, so that those that nobody looks at are none. */
function cut(g: GraphBuilder, vector: Value, sizes: readonly number[]): readonly Value[] {
  let end = 0;
  return sizes.map(size => {
    end += size;
    return slice(g, vector, { starts: [end - size], ends: [end], steps: [1] }, [size]);
  });
}

/** Leaves as the one tensor that their segment is. */
export function packed(g: GraphBuilder, leaves: readonly Value[]): Value {
  if (leaves.length === 1) return leaves[0];
  return concat(
    g,
    leaves.map(leaf => reshape(g, leaf, [sizeOf(leaf.shape)])),
    0,
  );
}
