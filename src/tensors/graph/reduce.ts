import { sizeOf } from '../../core/arrays.ts';
import { batchFirst, madeBatchLast, reducedBatchLast } from './batch-last.ts';
import type { GraphBuilder } from './builder.ts';
import { mul } from './elementwise.ts';
import { scatteredOf } from './scattered.ts';
import { broadcastTo, reshape, transpose } from './shapes.ts';
import { nodeOf, sameShape, uniformOf, type Value } from './values.ts';

export type Reduction =
  | 'ReduceSum'
  | 'ReduceMean'
  | 'ReduceMax'
  | 'ReduceMin'
  | 'ReduceProd'
  | 'ReduceSumSquare';

/** A reduction over axes. @param keepAxes whether they stay, with length 1 */
export function reduce(
  g: GraphBuilder,
  op: Reduction,
  x: Value,
  axes: readonly number[],
  keepAxes = false,
): Value {
  const shape = keepAxes
    ? x.shape.map((length, axis) => (axes.includes(axis) ? 1 : length))
    : x.shape.filter((_, axis) => !axes.includes(axis));
  if (axes.every(axis => x.shape[axis] === 1) && op !== 'ReduceSumSquare') return reshape(g, x, shape);
  const image = madeBatchLast(x);
  if (image) {
    const turned = reducedBatchLast(axes);
    const made = reduce(g, op, image, turned.axes, keepAxes);
    return keepAxes ? batchFirst(g, made) : transpose(g, made, turned.order);
  }
  const gradient = op === 'ReduceSum' ? scatteredOf(x) : undefined;
  if (gradient && axes.includes(1) && axes.includes(2)) return reduce(g, op, gradient.dy, axes, keepAxes);
  const count = sizeOf(axes.map(axis => x.shape[axis]));
  const number = uniformOf(x);
  if (number !== undefined && op !== 'ReduceProd' && op !== 'ReduceSumSquare') {
    return g.uniform(op === 'ReduceSum' ? number * count : number, shape, x.dtype);
  }
  const narrow = nodeOf(x, 'Expand')?.inputs[0];
  if (narrow?.shape.length === x.shape.length && op !== 'ReduceProd' && op !== 'ReduceSumSquare') {
    // Before the broadcasting there is less to do; a sum counts what was repeated.
    const repeated = axes.filter(axis => narrow.shape[axis] !== x.shape[axis]).map(axis => x.shape[axis]);
    const small = reduce(g, op, narrow, axes, keepAxes);
    const times = op === 'ReduceSum' ? sizeOf(repeated) : 1;
    return broadcastTo(g, mul(g, small, g.uniform(times, [], x.dtype)), shape);
  }
  if (op === 'ReduceSum' && x.dtype === 'float32') {
    const product = nodeOf(x, 'Mul')?.inputs;
    const factor = product?.[1] && uniformOf(product[1]);
    // The factor once, after the sum, is less work than before it.
    if (product?.[0] && factor !== undefined && sameShape(product[0].shape, x.shape)) {
      return mul(g, reduce(g, op, product[0], axes, keepAxes), g.uniform(factor));
    }
    if (product?.[0] && product[0] === product[1] && sameShape(product[0].shape, x.shape)) {
      return reduce(g, 'ReduceSumSquare', product[0], axes, keepAxes);
    }
  }
  return g.node(
    op,
    [x, g.indices([...axes].sort((a, b) => a - b))],
    { dtype: x.dtype, shape },
    { keepdims: { int: keepAxes ? 1 : 0 } },
  );
}
