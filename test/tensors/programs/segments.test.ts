import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../src/tensors/graph/builder.ts';
import { unpacked } from '../../../src/tensors/programs/segments.ts';
import { opsOf, runGraph } from '../graph/run.ts';

const shapes = [[2, 3], [4], [1, 2], [8]];
const vector = Array.from({ length: 20 }, (_, i) => i);

function leaves(used: readonly number[]) {
  const g = new GraphBuilder();
  const parts = unpacked(g, g.input('S0', { dtype: 'float32', shape: [20] }), shapes, i => used.includes(i));
  return g.graph(Object.fromEntries(used.map(i => [`leaf${i}`, parts[i]])));
}

describe('leaves that come in as one vector', () => {
  it('are parted at once where most of it is looked at', () => {
    const graph = leaves([0, 1, 2, 3]);
    expect(opsOf(graph).filter(op => op !== 'Reshape')).toEqual(['Split']);
    expect(runGraph(graph, { S0: vector })).toEqual({
      leaf0: [0, 1, 2, 3, 4, 5],
      leaf1: [6, 7, 8, 9],
      leaf2: [10, 11],
      leaf3: [12, 13, 14, 15, 16, 17, 18, 19],
    });
  });

  it('are cut out one by one where most of it is not', () => {
    const graph = leaves([0, 2]);
    expect(opsOf(graph).filter(op => op !== 'Reshape')).toEqual(['Slice', 'Slice']);
    expect(runGraph(graph, { S0: vector })).toEqual({ leaf0: [0, 1, 2, 3, 4, 5], leaf2: [10, 11] });
  });
});
