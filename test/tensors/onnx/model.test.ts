import { describe, expect, it } from 'vitest';
import { startOnnxCpu } from '../../../src/tensors/executors/onnx-cpu.ts';
import { GraphBuilder } from '../../../src/tensors/graph/builder.ts';
import { add, cast, mul } from '../../../src/tensors/graph/elementwise.ts';
import { onnxModel } from '../../../src/tensors/onnx/model.ts';
import { runGraph } from '../graph/run.ts';
import { loopGraph, loopInNumbers } from './loops.ts';

describe('ONNX files', () => {
  it('are the same bytes for the same graph', () => {
    expect(onnxModel(loopGraph(), { a: 'b' })).toEqual(onnxModel(loopGraph(), { a: 'b' }));
    expect(onnxModel(loopGraph())).not.toEqual(onnxModel(loopGraph(), { a: 'b' }));
  });

  it('hold constants of every type', () => {
    const g = new GraphBuilder();
    const graph = g.graph({
      floats: g.constant(Float32Array.of(1.5, -0), [2], 'float32'),
      wholes: g.constant(Int32Array.of(-3, 4), [2], 'int32'),
      truths: g.constant(Uint8Array.of(1, 0), [2], 'bool'),
      longs: g.indices([-(2 ** 31), 7]),
      uniform: g.uniform(2.5, [3]),
    });
    expect(runGraph(graph)).toEqual({
      floats: [1.5, -0],
      wholes: [-3, 4],
      truths: [1, 0],
      longs: [-(2 ** 31), 7],
      uniform: [2.5, 2.5, 2.5],
    });
  });

  it('put out inputs, and one value by two names', () => {
    const g = new GraphBuilder();
    const x = g.input('x', { dtype: 'float32', shape: [2] });
    const y = add(g, x, g.uniform(1));
    expect(runGraph(g.graph({ same: x, y, again: y }), { x: [1, 2] })).toEqual({
      same: [1, 2],
      y: [2, 3],
      again: [2, 3],
    });
  });

  it('take inputs that nothing depends on', () => {
    const g = new GraphBuilder();
    const x = g.input('x', { dtype: 'float32', shape: [1] });
    g.input('unused', { dtype: 'int32', shape: [2] });
    expect(runGraph(g.graph({ y: cast(g, x, 'int32') }), { x: [3.7], unused: [1, 2] })).toEqual({ y: [3] });
  });

  it('hold loops whose bodies have constants of their own and values from around them', () => {
    const { after, scaled } = runGraph(loopGraph(), { x: [0.5, 2] });
    expect(after).toEqual(loopInNumbers([0.5, 2]));
    expect(scaled).toEqual([5, 21]);
  });

  it('take any number of rows where the input says so', () => {
    const g = new GraphBuilder();
    const x = g.input('x', { dtype: 'float32', shape: [-1, 2] });
    const executor = startOnnxCpu();
    const session = executor.loadSync?.(onnxModel(g.graph({ y: mul(g, x, g.uniform(2)) })));
    const rows = executor.tensor('float32', Float32Array.of(1, 2, 3, 4, 5, 6), [3, 2]);
    const y = session?.runSync?.({ x: rows })['y'];
    expect(y?.dims).toEqual([3, 2]);
    expect(Array.from(y?.data as Float32Array)).toEqual([2, 4, 6, 8, 10, 12]);
  });
});
