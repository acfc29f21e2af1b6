import type { GraphBuilder } from './builder.ts';
import { binary, cast } from './elementwise.ts';
import { reshape } from './shapes.ts';
import type { Value } from './values.ts';

/**
 * What lies at positions.
 * @param indices `[...b, ...i, k]`: each row says where along the k axes that follow the first `batchAxes`
 * @returns `[...b, ...i, ...rest]`
 */
export function gatherNd(g: GraphBuilder, x: Value, indices: Value, batchAxes = 0): Value {
  const depth = indices.shape[indices.shape.length - 1];
  const shape = [...indices.shape.slice(0, -1), ...x.shape.slice(batchAxes + depth)];
  const spec = { dtype: x.dtype, shape };
  return g.node('GatherND', [x, cast(g, indices, 'int64')], spec, { batch_dims: { int: batchAxes } });
}

/**
 * A copy of `x` with updates at positions.
 * @param indices `[...n, k]`: each row says where along the first k axes
 * @param updates `[...n, ...x.shape[k:]]`
 * @param adds whether they are added to what is there; then indices may come more than once
 */
export function scatterNd(g: GraphBuilder, x: Value, indices: Value, updates: Value, adds: boolean): Value {
  const attributes = adds ? { reduction: { string: 'add' } } : undefined;
  return g.node('ScatterND', [x, cast(g, indices, 'int64'), updates], x, attributes);
}

/** Where each index, from 0 on, is the position along a new last axis: `[...indices, depth]`, bool. */
export function isPosition(g: GraphBuilder, indices: Value, depth: number): Value {
  return binary(g, 'Equal', reshape(g, indices, [...indices.shape, 1]), positions(g, depth), 'bool');
}

/** 0, 1, … as int32. */
export const positions = (g: GraphBuilder, length: number): Value =>
  g.constant(
    Int32Array.from({ length }, (_, i) => i),
    [length],
    'int32',
  );
