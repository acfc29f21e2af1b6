import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../src/tensors/graph/builder.ts';
import { add } from '../../../src/tensors/graph/elementwise.ts';
import { matMul } from '../../../src/tensors/graph/linear.ts';
import { reduce } from '../../../src/tensors/graph/reduce.ts';
import type { Value } from '../../../src/tensors/graph/values.ts';
import { opsOf, runGraph } from './run.ts';

const floats = (g: GraphBuilder, name: string, shape: number[]) => g.input(name, { dtype: 'float32', shape });
/** Whole numbers, of which sums are exact in whichever order. */
const whole = (size: number, from: number): number[] =>
  Array.from({ length: size }, (_, i) => ((i * 7 + from * 3) % 11) - 5);

/** The terms of steps, `rows` rows each, of parameters `inner` × `columns`. */
function steps(rows: readonly number[], inner: number, columns: number) {
  const g = new GraphBuilder();
  const feeds: Record<string, number[]> = {};
  const terms = rows.map((count, t) => {
    feeds[`a${t}`] = whole(count * inner, t);
    feeds[`b${t}`] = whole(count * columns, t + 50);
    return [floats(g, `a${t}`, [count, inner]), floats(g, `b${t}`, [count, columns])] as const;
  });
  /** Σ aᵀ b by the book. */
  const expected = new Array<number>(inner * columns).fill(0);
  rows.forEach((count, t) => {
    for (let r = 0; r < count; r++)
      for (let i = 0; i < inner; i++)
        for (let j = 0; j < columns; j++)
          expected[i * columns + j] += feeds[`a${t}`][r * inner + i] * feeds[`b${t}`][r * columns + j];
  });
  return { g, feeds, terms, expected };
}

const sumOf = (g: GraphBuilder, values: readonly Value[]): Value =>
  values.reduce((sum, value) => add(g, sum, value));

describe('the gradient of what each step of a loop uses', () => {
  it.each([
    ['is one product over the rows of all steps', [2, 2, 1, 2], ['Concat', 'Concat', 'Gemm']],
    [
      'finds its like within what was added up before',
      [40, 2, 2],
      ['Gemm', 'Concat', 'Concat', 'Gemm', 'Add'],
    ],
    ['stays apart where copying the rows costs more than adding up', [40, 40], ['Gemm', 'Gemm', 'Add']],
  ])('%s', (_, rows, ops) => {
    const { g, feeds, terms, expected } = steps(rows, 8, 6);
    const graph = g.graph({
      sum: sumOf(
        g,
        terms.map(([a, b]) => matMul(g, a, b, true)),
      ),
    });
    expect(opsOf(graph)).toEqual(ops);
    expect(runGraph(graph, feeds)['sum']).toEqual(expected);
  });

  it('of a bias is one sum over the rows of all steps, of which products may share the rows', () => {
    const { g, feeds, terms, expected } = steps([2, 2, 2], 8, 6);
    const graph = g.graph({
      weights: sumOf(
        g,
        terms.map(([a, b]) => matMul(g, a, b, true)),
      ),
      bias: sumOf(
        g,
        terms.map(([, b]) => reduce(g, 'ReduceSum', b, [0])),
      ),
    });
    expect(opsOf(graph).sort()).toEqual(['Concat', 'Concat', 'Gemm', 'ReduceSum']);
    const { weights, bias } = runGraph(graph, feeds);
    expect(weights).toEqual(expected);
    const column = (j: number) =>
      [0, 1, 2].reduce((sum, t) => sum + feeds[`b${t}`][j] + feeds[`b${t}`][6 + j], 0);
    expect(bias).toEqual([0, 1, 2, 3, 4, 5].map(column));
  });

  it('a product that is wanted on its own is there as well', () => {
    const { g, feeds, terms } = steps([2, 2], 8, 6);
    const [one, other] = terms.map(([a, b]) => matMul(g, a, b, true));
    const graph = g.graph({ sum: add(g, one, other), one });
    const { sum, one: own } = runGraph(graph, feeds);
    const alone = new GraphBuilder();
    const second = matMul(alone, floats(alone, 'a1', [2, 8]), floats(alone, 'b1', [2, 6]), true);
    const rest = runGraph(alone.graph({ second }), feeds)['second'];
    expect(sum).toEqual(own.map((value, i) => value + rest[i]));
  });

  it('leaves sums of other kinds and shapes as they are', () => {
    const g = new GraphBuilder();
    const [a, b] = [floats(g, 'a', [2, 8]), floats(g, 'b', [2, 6])];
    const product = matMul(g, a, b, true);
    const row = floats(g, 'row', [6]);
    expect(opsOf(g.graph({ y: add(g, product, row) }))).toEqual(['Gemm', 'Add']);
    const narrow = reduce(g, 'ReduceSum', b, [0]);
    expect(opsOf(g.graph({ y: add(g, product, narrow) })).sort()).toEqual(['Add', 'Gemm', 'ReduceSum']);
    const kept = [a, floats(g, 'c', [2, 8])].map(x => reduce(g, 'ReduceSum', x, [0], true));
    expect(opsOf(g.graph({ y: add(g, kept[0], kept[1]) }))).toEqual(['ReduceSum', 'ReduceSum', 'Add']);
  });
});
