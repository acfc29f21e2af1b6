import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../src/tensors/graph/builder.ts';
import { binary } from '../../../src/tensors/graph/elementwise.ts';
import { concat, split } from '../../../src/tensors/graph/shapes.ts';
import { legalize } from '../../../src/tensors/onnx/dialects.ts';
import { opsOf, runGraph } from '../graph/run.ts';
import { loopGraph, loopInNumbers } from './loops.ts';

describe('dialects', () => {
  it('cuts parts out one by one for WebGPU', () => {
    const g = new GraphBuilder();
    const x = g.input('x', { dtype: 'float32', shape: [2, 4] });
    const [a, b] = split(g, x, [1, 3], 1);
    const legal = legalize(g.graph({ a, b }), 'webgpu');
    expect(opsOf(legal)).toEqual(['Slice', 'Slice']);
    expect(runGraph(legal, { x: [1, 2, 3, 4, 5, 6, 7, 8] })).toEqual({ a: [1, 5], b: [2, 3, 4, 6, 7, 8] });
  });

  it('puts no more together at once than a shader reads', () => {
    const g = new GraphBuilder();
    const parts = Array.from({ length: 60 }, (_, i) => g.input(`x${i}`, { dtype: 'float32', shape: [1] }));
    const legal = legalize(g.graph({ y: concat(g, parts, 0) }), 'webgpu');
    expect(opsOf(legal).every(op => op === 'Concat')).toBe(true);
    const feeds = Object.fromEntries(parts.map((_, i) => [`x${i}`, [i]]));
    expect(runGraph(legal, feeds)['y']).toEqual(parts.map((_, i) => i));
  });

  it('has no Or and no Sum on WebGPU', () => {
    const g = new GraphBuilder();
    const [a, b] = [g.input('a', { dtype: 'bool', shape: [4] }), g.input('b', { dtype: 'bool', shape: [4] })];
    const x = g.input('x', { dtype: 'float32', shape: [1] });
    const graph = g.graph({ or: binary(g, 'Or', a, b), sum: g.node('Sum', [x, x, x], x) });
    const legal = legalize(graph, 'webgpu');
    expect(opsOf(legal)).not.toContain('Or');
    expect(opsOf(legal)).not.toContain('Sum');
    const feeds = { a: [0, 0, 1, 1], b: [0, 1, 0, 1], x: [2] };
    expect(runGraph(legal, feeds)).toEqual({ or: [0, 1, 1, 1], sum: [6] });
    expect(runGraph(legal, feeds)).toEqual(runGraph(graph, feeds));
  });

  it('has no transposed convolution with groups and no LogSoftmax on WebGPU', () => {
    const g = new GraphBuilder();
    const x = g.input('x', { dtype: 'float32', shape: [1, 2, 2, 2] });
    const w = g.input('w', { dtype: 'float32', shape: [2, 2, 2, 3] });
    const spread = g.node(
      'ConvTranspose',
      [x, w],
      { dtype: 'float32', shape: [1, 4, 5, 3] },
      {
        kernel_shape: { ints: [2, 3] },
        strides: { ints: [2, 1] },
        dilations: { ints: [2, 1] },
        pads: { ints: [0, 0, 0, 1] },
        output_padding: { ints: [0, 0] },
        group: { int: 2 },
      },
    );
    const shares = g.node('LogSoftmax', [x], x, { axis: { int: 2 } });
    const graph = g.graph({ spread, shares });
    const legal = legalize(graph, 'webgpu');
    expect(opsOf(legal)).not.toContain('ConvTranspose');
    expect(opsOf(legal)).not.toContain('LogSoftmax');
    const feeds = {
      x: [1, -2, 3, 4, 0.5, 6, -7, 8],
      w: Array.from({ length: 24 }, (_, i) => Math.sin(i)),
    };
    const [found, expected] = [runGraph(legal, feeds), runGraph(graph, feeds)];
    for (const name of ['spread', 'shares']) {
      for (const [i, value] of [...expected[name]].entries())
        expect(found[name][i]).toBeCloseTo(Number(value), 4);
    }
  });

  it('rewrites the bodies of loops too', () => {
    const legal = legalize(loopGraph(), 'webgpu');
    const loop = legal.outputs[0].value.source;
    const body = loop.kind === 'node' ? loop.node.attributes['body'] : undefined;
    const ops = body && 'graph' in body ? opsOf(body.graph) : [];
    expect(ops).toContain('Slice');
    expect(ops).not.toContain('Split');
    expect(ops).not.toContain('Or');
    expect(runGraph(legal, { x: [0.5, 2] })['after']).toEqual(loopInNumbers([0.5, 2]));
  });
});
