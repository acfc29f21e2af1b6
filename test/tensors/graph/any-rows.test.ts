import { describe, expect, it } from 'vitest';
import { startOnnxCpu } from '../../../src/tensors/executors/onnx-cpu.ts';
import { withAnyRows } from '../../../src/tensors/graph/any-rows.ts';
import { batchFirst, batchLast } from '../../../src/tensors/graph/batch-last.ts';
import { GraphBuilder } from '../../../src/tensors/graph/builder.ts';
import { correlation } from '../../../src/tensors/graph/correlation.ts';
import { add, binary, unary } from '../../../src/tensors/graph/elementwise.ts';
import { matMul } from '../../../src/tensors/graph/linear.ts';
import { broadcastTo, concat, reshape, transpose } from '../../../src/tensors/graph/shapes.ts';
import type { Graph, Value } from '../../../src/tensors/graph/values.ts';
import { onnxModel } from '../../../src/tensors/onnx/model.ts';

type Build = (g: GraphBuilder, x: Value, rows: number) => Value;

/** A graph of `x` [rows × 6], as it is built for a number of rows. */
function built(build: Build, rows: number): Graph {
  const g = new GraphBuilder();
  return g.graph({ y: build(g, g.input('x', { dtype: 'float32', shape: [rows, 6] }), rows) });
}

const untied = (build: Build) => withAnyRows([built(build, 9973), built(build, 9967)], [9973, 9967]);

const onnx = startOnnxCpu();
function run(graph: Graph, rows: number, name?: string): number[] {
  const x = Float32Array.from({ length: rows * 6 }, (_, i) => Math.sin(i));
  const { y } = onnx.loadSync!(onnxModel(graph, {}, name)).runSync!({
    x: onnx.tensor('float32', x, [rows, 6]),
  });
  expect(y.dims[0]).toBe(rows);
  return Array.from(y.data as Float32Array);
}

const weights = Float32Array.from({ length: 12 }, (_, i) => Math.cos(i));

describe('withAnyRows', () => {
  it.each<[string, Build]>([
    [
      'a convolution, with what comes after it',
      (g, x, rows) => {
        const image = batchLast(g, reshape(g, x, [rows, 2, 3, 1]));
        const axis = { size: 2, stride: 1, dilation: 1, before: 0 };
        const [height, width] = [
          { ...axis, length: 2, places: 2 },
          { ...axis, length: 3, places: 3 },
        ];
        const filter = g.constant(weights, [2, 2, 1, 3], 'float32');
        const sums = batchFirst(g, correlation(g, image, filter, height, width));
        const bias = g.constant(weights.subarray(0, 3), [3], 'float32');
        return reshape(g, unary(g, 'Relu', add(g, sums, bias)), [rows, 18]);
      },
    ],
    ['a product', (g, x) => matMul(g, x, g.constant(weights, [6, 2], 'float32'))],
    [
      'rows cut up and put together',
      (g, x, rows) => reshape(g, transpose(g, reshape(g, x, [rows, 2, 3]), [0, 2, 1]), [rows, 6]),
    ],
    [
      'rows and columns in one axis',
      (g, x, rows) => {
        const all = g.node('Exp', [reshape(g, x, [rows * 6])], { dtype: 'float32', shape: [rows * 6] });
        return reshape(g, all, [rows, 6]);
      },
    ],
    [
      'repetition along another axis',
      (g, x, rows) => {
        const one = reshape(g, matMul(g, x, g.constant(weights.subarray(0, 6), [6, 1], 'float32')), [
          rows,
          1,
        ]);
        return concat(g, [broadcastTo(g, one, [rows, 3]), x], 1);
      },
    ],
    ['a number for all rows', (g, x) => binary(g, 'Mul', x, g.uniform(3))],
  ])('%s: one graph computes what one for each number of rows does', (_, build) => {
    const graph = untied(build);
    if ('reason' in graph) throw new Error(graph.reason);
    for (const rows of [1, 2, 13]) expect(run(graph, rows, 'batch')).toEqual(run(built(build, rows), rows));
  });

  it.each<[string, Build, string]>([
    [
      'the number of rows as a number',
      (g, x, rows) => binary(g, 'Mul', x, g.uniform(1 / rows)),
      'a constant of Mul',
    ],
    [
      'a column with an element a row',
      (g, x, rows) => concat(g, [x, g.uniform(1, [rows, 1])], 1),
      'a constant of Concat',
    ],
    [
      'fewer operations for some numbers',
      (g, x, rows) => (rows === 9973 ? g.node('Exp', [x], x) : x),
      'number of operations',
    ],
    ['other operations', (g, x, rows) => g.node(rows === 9973 ? 'Exp' : 'Sin', [x], x), 'Exp depends'],
    [
      'repetition to the number of rows',
      (g, x, rows) => {
        const mean = g.node(
          'ReduceMean',
          [x, g.indices([0])],
          { dtype: 'float32', shape: [1, 6] },
          { keepdims: { int: 1 } },
        );
        return binary(g, 'Mul', g.node('Exp', [broadcastTo(g, mean, [rows, 6])], x), x);
      },
      'a constant of Expand',
    ],
    ['an output without rows', (g, x) => transpose(g, x, [1, 0]), 'output y'],
    ['a constant output', (g, _, rows) => g.uniform(1, [rows, 2]), 'output y'],
  ])('%s: ties the graph, and is named', (_, build, reason) => {
    expect(untied(build)).toEqual({ reason: expect.stringContaining(reason) });
  });
});
