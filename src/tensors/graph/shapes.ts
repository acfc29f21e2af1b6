import { sizeOf } from '../../core/arrays.ts';
import { TroupeError } from '../../core/errors.ts';
import type { GraphBuilder } from './builder.ts';
import { describeSpec, type GraphNode, nodeOf, sameShape, uniformOf, type Value } from './values.ts';

/** The same elements in another shape. */
export function reshape(g: GraphBuilder, x: Value, shape: readonly number[]): Value {
  if (sameShape(x.shape, shape)) return x;
  if (sizeOf(x.shape) !== sizeOf(shape)) {
    throw new TroupeError(`graph: ${describeSpec(x)} as [${shape.join(', ')}]`);
  }
  const number = uniformOf(x);
  if (number !== undefined) return g.uniform(number, shape, x.dtype);
  if (x.source.kind === 'constant' && x.source.data) return g.constant(x.source.data, shape, x.dtype);
  const before = nodeOf(x, 'Reshape')?.inputs[0];
  if (before) return reshape(g, before, shape);
  const negated = nodeOf(x, 'Neg')?.inputs[0];
  if (negated && (nodeOf(negated, 'Reshape') || axesKept(g, negated, shape))) {
    return g.node('Neg', [reshape(g, negated, shape)], { dtype: x.dtype, shape });
  }
  return axesKept(g, x, shape) ?? g.node('Reshape', [x, g.indices(shape)], { dtype: x.dtype, shape });
}

/** A reduction that leaves axes of length 1 where it was one that leaves none, if that gives the shape. */
function axesKept(g: GraphBuilder, x: Value, shape: readonly number[]): Value | undefined {
  const node = nodeOf(x);
  const [from, axes] = node?.inputs ?? [];
  if (!node?.op.startsWith('Reduce') || !from || axes?.source.kind !== 'constant') return undefined;
  const { data, uniform } = axes.source;
  const reduced = [...(data ?? [uniform ?? 0])];
  const kept = from.shape.map((length, axis) => (reduced.includes(axis) ? 1 : length));
  if (!sameShape(kept, shape)) return undefined;
  return g.node(node.op, [from, axes], { dtype: x.dtype, shape }, { keepdims: { int: 1 } });
}

/** Axes in another order: axis `i` of the result is axis `order[i]` of `x`. */
export function transpose(g: GraphBuilder, x: Value, order: readonly number[]): Value {
  if (order.every((axis, i) => axis === i)) return x;
  const shape = order.map(axis => x.shape[axis]);
  const number = uniformOf(x);
  if (number !== undefined) return g.uniform(number, shape, x.dtype);
  const before = nodeOf(x, 'Transpose');
  if (before?.inputs[0] && 'ints' in before.attributes['perm']) {
    const { ints } = before.attributes['perm'];
    return transpose(
      g,
      before.inputs[0],
      order.map(axis => ints[axis]),
    );
  }
  // Where only axes of length 1 move, the elements stay where they are.
  const moving = order.filter(axis => x.shape[axis] !== 1);
  if (moving.every((axis, i) => i === 0 || axis > moving[i - 1])) return reshape(g, x, shape);
  return g.node('Transpose', [x], { dtype: x.dtype, shape }, { perm: { ints: order } });
}

/** The value repeated along axes of length 1, and along new ones in front. */
export function broadcastTo(g: GraphBuilder, x: Value, shape: readonly number[]): Value {
  if (sameShape(x.shape, shape)) return x;
  const number = uniformOf(x);
  if (number !== undefined) return g.uniform(number, shape, x.dtype);
  const source = nodeOf(x, 'Expand')?.inputs[0] ?? x;
  if (sizeOf(source.shape) === sizeOf(shape)) return reshape(g, source, shape);
  return g.node('Expand', [source, g.indices(shape)], { dtype: x.dtype, shape });
}

/** Values one after another along an axis. */
export function concat(g: GraphBuilder, parts: readonly Value[], axis: number): Value {
  const filled = parts.filter(part => part.shape[axis] !== 0);
  if (filled.length === 0) return parts[0];
  const length = filled.reduce((sum, part) => sum + part.shape[axis], 0);
  const shape = filled[0].shape.map((along, i) => (i === axis ? length : along));
  for (const part of filled) {
    if (part.shape.length <= axis || !sameShape(part.shape.with(axis, length), shape)) {
      throw new TroupeError(
        `graph: ${describeSpec(part)} after ${describeSpec(filled[0])} along axis ${axis}`,
      );
    }
  }
  if (filled.length === 1) return filled[0];
  const whole = splitWhole(filled, axis);
  if (whole) return whole;
  const number = uniformOf(filled[0]);
  if (number !== undefined && filled.every(part => uniformOf(part) === number)) {
    return g.uniform(number, shape, filled[0].dtype);
  }
  return g.node('Concat', filled, { dtype: filled[0].dtype, shape }, { axis: { int: axis } });
}

/** Blocks in turns along an axis, not the last one: the first element of each, the second of each, … */
export function interleave(g: GraphBuilder, blocks: readonly Value[], axis: number): Value {
  if (blocks.length === 1) return blocks[0];
  const { shape } = blocks[0];
  return reshape(g, concat(g, blocks, axis + 1), shape.with(axis, shape[axis] * blocks.length));
}

/** What was split into exactly these parts along this axis, in this order. */
function splitWhole(parts: readonly Value[], axis: number): Value | undefined {
  const node = nodeOf(parts[0], 'Split');
  if (!node || node.outputs.length !== parts.length) return undefined;
  const same = parts.every((part, i) => part === node.outputs[i]);
  const split = node.attributes['axis'];
  return same && 'int' in split && split.int === axis ? node.inputs[0] : undefined;
}

/**
 * The simplest form of a node whose operands are other ones than when it was built: what the parameters of a step are
 * is known only where its graph becomes part of another one. There an optimiser that joins all of them finds them
 * joined.
 */
export function simplified(
  g: GraphBuilder,
  { op, attributes, outputs }: GraphNode,
  operands: readonly (Value | undefined)[],
): readonly Value[] | undefined {
  const [first] = operands;
  if (op === 'Reshape' && first) return [reshape(g, first, outputs[0].shape)];
  if (op === 'Concat' && 'int' in attributes['axis']) {
    return [concat(g, operands as readonly Value[], attributes['axis'].int)];
  }
  return undefined;
}

/** Cuts a value along an axis. @param lengths of the parts */
export function split(g: GraphBuilder, x: Value, lengths: readonly number[], axis: number): readonly Value[] {
  if (lengths.length === 1) return [x];
  const number = uniformOf(x);
  const shapes = lengths.map(length => x.shape.with(axis, length));
  if (number !== undefined) return shapes.map(shape => g.uniform(number, shape, x.dtype));
  const joined = nodeOf(x, 'Concat');
  const along = joined?.attributes['axis'];
  if (joined && along && 'int' in along && along.int === axis && joined.inputs.length === lengths.length) {
    const parts = joined.inputs as readonly Value[];
    if (parts.every((part, i) => part.shape[axis] === lengths[i])) return parts;
  }
  return g.nodes(
    'Split',
    [x, g.indices(lengths)],
    { axis: { int: axis } },
    shapes.map(shape => ({ dtype: x.dtype, shape })),
  );
}

/**
 * Where a slice lies: one entry an axis. Steps may be negative; ends are exclusive, −1 past the first element is −2³¹.
 */
export interface SliceRange {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly steps: readonly number[];
}

/** The elements at start, start + step, … before end, along each axis. @param shape of the result */
export function slice(g: GraphBuilder, x: Value, range: SliceRange, shape: readonly number[]): Value {
  const number = uniformOf(x);
  if (number !== undefined) return g.uniform(number, shape, x.dtype);
  const axes = x.shape
    .map((_, axis) => axis)
    .filter(axis => !(range.steps[axis] === 1 && shape[axis] === x.shape[axis]));
  if (axes.length === 0) return x;
  const along = (values: readonly number[]) => g.indices(axes.map(axis => values[axis]));
  return g.node('Slice', [x, along(range.starts), along(range.ends), g.indices(axes), along(range.steps)], {
    dtype: x.dtype,
    shape,
  });
}

/** Rows of `x` along an axis. @param indices int32 or int64 */
export function gather(g: GraphBuilder, x: Value, indices: Value, axis: number): Value {
  const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
  const number = uniformOf(x);
  if (number !== undefined) return g.uniform(number, shape, x.dtype);
  return g.node('Gather', [x, indices], { dtype: x.dtype, shape }, { axis: { int: axis } });
}

/** The value, repeated along each axis. */
export function tile(g: GraphBuilder, x: Value, times: readonly number[]): Value {
  if (times.every(count => count === 1)) return x;
  const shape = x.shape.map((length, axis) => length * times[axis]);
  if (x.shape.every((length, axis) => length === 1 || times[axis] === 1)) return broadcastTo(g, x, shape);
  const number = uniformOf(x);
  if (number !== undefined) return g.uniform(number, shape, x.dtype);
  return g.node('Tile', [x, g.indices(times)], { dtype: x.dtype, shape });
}
