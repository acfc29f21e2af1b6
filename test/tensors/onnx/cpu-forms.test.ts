import { describe, expect, it } from 'vitest';
import { batchLast } from '../../../src/tensors/graph/batch-last.ts';
import { GraphBuilder } from '../../../src/tensors/graph/builder.ts';
import { binary, cast } from '../../../src/tensors/graph/elementwise.ts';
import { matMul } from '../../../src/tensors/graph/linear.ts';
import { reduce } from '../../../src/tensors/graph/reduce.ts';
import type { Graph, Value } from '../../../src/tensors/graph/values.ts';
import { legalize } from '../../../src/tensors/onnx/dialects.ts';
import { opsOf, runGraph } from '../graph/run.ts';
import { loopGraph, loopInNumbers } from './loops.ts';

const floats = (g: GraphBuilder, name: string, ...shape: number[]): Value =>
  g.input(name, { dtype: 'float32', shape });
const ramp = (size: number): number[] => Array.from({ length: size }, (_, i) => ((i * 7) % 11) - 5);

/** Both graphs on the same numbers. */
function bothWays(graph: Graph, feeds: Record<string, number[]>) {
  const legal = legalize(graph, 'cpu');
  expect(runGraph(legal, feeds)).toEqual(runGraph(graph, feeds));
  return opsOf(legal);
}

describe('forms for the processor', () => {
  it.each([
    { axes: [0], keep: false, shape: [5, 9], ops: ['MatMul'] },
    { axes: [0], keep: true, shape: [5, 9], ops: ['MatMul', 'Reshape'] },
    { axes: [0, 1], keep: false, shape: [2, 3, 8], ops: ['Reshape', 'MatMul'] },
    { axes: [0], keep: false, shape: [5000, 1], ops: ['Reshape', 'ReduceSum'] },
    { axes: [0], keep: true, shape: [6, 1], ops: ['Reshape', 'ReduceSum', 'Reshape'] },
    { axes: [0], keep: false, shape: [5000], ops: ['ReduceSum'] },
    // not of leading axes; few columns; too many rows; too many elements
    { axes: [1], keep: false, shape: [9, 5], ops: ['ReduceSum'] },
    { axes: [0], keep: false, shape: [5, 7], ops: ['ReduceSum'] },
    { axes: [0], keep: false, shape: [4097, 8], ops: ['ReduceSum'] },
    { axes: [0], keep: false, shape: [512, 256], ops: ['ReduceSum'] },
  ])('sum axes $axes of $shape by $ops', ({ axes, keep, shape, ops }) => {
    const g = new GraphBuilder();
    const graph = g.graph({ sum: reduce(g, 'ReduceSum', floats(g, 'x', ...shape), axes, keep) });
    expect(bothWays(graph, { x: ramp(shape.reduce((a, b) => a * b)) })).toEqual(ops);
  });

  it('make a mask of what is above zero in one operation', () => {
    const g = new GraphBuilder();
    const above = (x: Value, bound: number) =>
      cast(g, binary(g, 'Greater', x, g.uniform(bound), 'bool'), 'float32');
    const x = floats(g, 'x', 9);
    const feeds = { x: [-1e30, -1, -1e-37, -0, 0, 1e-37, 1, 1e30, Number.POSITIVE_INFINITY] };
    expect(bothWays(g.graph({ mask: above(x, 0) }), feeds)).toEqual(['HardSigmoid']);
    expect(bothWays(g.graph({ mask: above(x, 1) }), feeds)).toEqual(['Greater', 'Cast']);
    const whole = cast(g, binary(g, 'Greater', x, g.uniform(0), 'bool'), 'int32');
    expect(bothWays(g.graph({ whole }), feeds)).toEqual(['Greater', 'Cast']);
  });

  it.each([
    { columns: 2, ops: ['Transpose', 'MatMul', 'Transpose'] },
    { columns: 16, ops: ['Transpose', 'MatMul', 'Transpose'] },
    { columns: 1, ops: ['Gemm'] },
    { columns: 17, ops: ['Gemm'] },
  ])('turn a product with $columns columns round', ({ columns, ops }) => {
    const g = new GraphBuilder();
    const graph = g.graph({ product: matMul(g, floats(g, 'a', 20, 32), floats(g, 'b', 20, columns), true) });
    expect(bothWays(graph, { a: ramp(640), b: ramp(20 * columns) })).toEqual(ops);
  });

  it('transpose images in two steps', () => {
    const g = new GraphBuilder();
    const ops = bothWays(g.graph({ y: batchLast(g, floats(g, 'x', 2, 1, 3, 2)) }), { x: ramp(12) });
    expect(ops.filter(op => op === 'Transpose')).toHaveLength(2);
  });

  it('reach into loops', () => {
    expect(runGraph(legalize(loopGraph(), 'cpu'), { x: [0.5, 2] })['after']).toEqual(loopInNumbers([0.5, 2]));
  });
});
