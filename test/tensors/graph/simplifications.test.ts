import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../src/tensors/graph/builder.ts';
import { add, div, mul, neg, square, sub, unary, where } from '../../../src/tensors/graph/elementwise.ts';
import { pad, shifted } from '../../../src/tensors/graph/padding.ts';
import { reduce } from '../../../src/tensors/graph/reduce.ts';
import {
  broadcastTo,
  concat,
  reshape,
  slice,
  split,
  tile,
  transpose,
} from '../../../src/tensors/graph/shapes.ts';
import type { Dtype, Value } from '../../../src/tensors/graph/values.ts';
import { opsOf, runGraph } from './run.ts';

const floats = (g: GraphBuilder, name: string, shape: number[]) => g.input(name, { dtype: 'float32', shape });

/** The operations that one value needs. */
function ops(shape: number[], make: (g: GraphBuilder, x: Value) => Value): string[] {
  const g = new GraphBuilder();
  return opsOf(g.graph({ y: make(g, floats(g, 'x', shape)) }));
}

describe('a node is built once', () => {
  it('is the same for the same inputs and attributes, and another for others', () => {
    const g = new GraphBuilder();
    const [a, b] = [floats(g, 'a', [2]), floats(g, 'b', [2])];
    expect(add(g, a, b)).toBe(add(g, a, b));
    expect(add(g, a, b)).toBe(add(g, b, a));
    expect(mul(g, a, b)).toBe(mul(g, b, a));
    expect(sub(g, a, b)).not.toBe(sub(g, b, a));
    const x = floats(g, 'x', [2, 3]);
    expect(transpose(g, x, [1, 0])).toBe(transpose(g, x, [1, 0]));
    expect(reduce(g, 'ReduceSum', x, [0])).not.toBe(reduce(g, 'ReduceSum', x, [1]));
  });

  it('tells constants apart by type, shape and sign', () => {
    const g = new GraphBuilder();
    const constants = [
      g.uniform(0),
      g.uniform(-0),
      g.uniform(0, [1]),
      g.uniform(0, [], 'int32'),
      g.constant(Float32Array.of(0, 1), [2], 'float32'),
      g.constant(Float32Array.of(0, 1), [2, 1], 'float32'),
      g.indices([0, 1]),
    ];
    expect(new Set(constants).size).toBe(constants.length);
    expect(g.constant(Float32Array.of(3, 3), [2], 'float32')).toBe(g.uniform(3, [2]));
    expect(g.constant(Float32Array.of(Number.NaN), [], 'float32')).toBe(g.uniform(Number.NaN));
  });

  it('refuses values of another graph', () => {
    const [g, other] = [new GraphBuilder(), new GraphBuilder()];
    expect(() => add(g, floats(g, 'a', [2]), floats(other, 'b', [2]))).toThrow(/another graph/);
  });

  it('refuses constants of the wrong length', () => {
    expect(() => new GraphBuilder().constant(Float32Array.of(1, 2), [3], 'float32')).toThrow(
      /2 values for shape \[3\]/,
    );
  });
});

describe('what changes nothing is not there', () => {
  it.each<[string, number[], (g: GraphBuilder, x: Value) => Value]>([
    ['adding 0', [2], (g, x) => add(g, x, g.uniform(0))],
    ['multiplying by 1', [2], (g, x) => mul(g, g.uniform(1, [2]), x)],
    ['dividing by 1', [2], (g, x) => div(g, x, g.uniform(1))],
    ['two minus signs', [2], (g, x) => neg(g, neg(g, x))],
    ['reshaping there and back', [2, 3], (g, x) => reshape(g, reshape(g, x, [6]), [2, 3])],
    ['transposing there and back', [2, 3], (g, x) => transpose(g, transpose(g, x, [1, 0]), [1, 0])],
    ['a sum over single elements that keeps them', [2, 1], (g, x) => reduce(g, 'ReduceSum', x, [1], true)],
    ['putting together what was split', [2, 4], (g, x) => concat(g, split(g, x, [1, 3], 1), 1)],
    ['padding by nothing', [2], (g, x) => pad(g, x, [[0, 0]])],
    ['tiling once', [2], (g, x) => tile(g, x, [1])],
    ['a slice of everything', [2], (g, x) => slice(g, x, { starts: [0], ends: [2], steps: [1] }, [2])],
    ['choosing between the same', [2], (g, x) => where(g, g.uniform(1, [2], 'bool'), x, x)],
  ])('%s', (_, shape, make) => {
    expect(ops(shape, make)).toEqual([]);
  });

  it.each<[string, string[], (g: GraphBuilder, x: Value) => Value]>([
    ['factors are one', ['Mul'], (g, x) => mul(g, neg(g, mul(g, x, g.uniform(3))), g.uniform(0.5))],
    [
      'a division by a power of two joins them',
      ['Mul'],
      (g, x) => div(g, mul(g, x, g.uniform(3)), g.uniform(4)),
    ],
    ['adding what is negated subtracts', ['Sub'], (g, x) => add(g, g.uniform(2), neg(g, x))],
    ['the negative of a difference is the other one', ['Sub'], (g, x) => neg(g, sub(g, x, g.uniform(2)))],
    [
      'a factor comes after the sum',
      ['ReduceSum', 'Mul'],
      (g, x) => reduce(g, 'ReduceSum', mul(g, x, g.uniform(3)), [1]),
    ],
    [
      'a broadcast comes after what is done to each',
      ['Exp', 'Expand'],
      (g, x) => unary(g, 'Exp', broadcastTo(g, x, [4, 2, 3])),
    ],
    [
      'a factor goes to what is smaller',
      ['ReduceMean', 'Mul', 'Mul'],
      (g, x) => mul(g, mul(g, x, g.uniform(3)), reduce(g, 'ReduceMean', x, [1], true)),
    ],
    [
      'a number is added before the broadcast',
      ['ReduceMean', 'Add', 'Mul'],
      (g, x) => {
        const mean = broadcastTo(g, reduce(g, 'ReduceMean', x, [1], true), [2, 3]);
        return mul(g, x, add(g, mean, g.uniform(0.5)));
      },
    ],
    [
      'a reduction keeps the axes that a reshape would put back',
      ['ReduceMax', 'Neg'],
      (g, x) => reshape(g, neg(g, reduce(g, 'ReduceMax', x, [1])), [2, 1]),
    ],
    [
      'squares are summed at once',
      ['ReduceSumSquare'],
      (g, x) => reduce(g, 'ReduceSum', square(g, x), [0, 1]),
    ],
    [
      'a log softmax is one operation',
      ['LogSoftmax'],
      (g, x) => {
        const below = sub(g, x, reduce(g, 'ReduceMax', x, [1], true));
        const sum = reduce(g, 'ReduceSum', unary(g, 'Exp', below), [1], true);
        return sub(g, below, unary(g, 'Log', sum));
      },
    ],
    [
      'what only looks like a log softmax is none',
      ['ReduceMax', 'Sub', 'Exp', 'ReduceSum', 'Log', 'Sub'],
      (g, x) => {
        const below = sub(g, x, reduce(g, 'ReduceMax', x, [1], true));
        const sum = reduce(g, 'ReduceSum', unary(g, 'Exp', below), [0], true);
        return sub(g, below, unary(g, 'Log', sum));
      },
    ],
    [
      'an operation broadcasts by itself',
      ['Mul'],
      (g, x) => {
        const data = Float32Array.from({ length: 12 }, (_, i) => i);
        return mul(g, broadcastTo(g, x, [2, 2, 3]), g.constant(data, [2, 2, 3], 'float32'));
      },
    ],
  ])('%s', (_, expected, make) => {
    expect(ops([2, 3], make)).toEqual(expected);
  });
});

describe('shapes stay', () => {
  const shapes: [string, (g: GraphBuilder, x: Value) => Value, number[]][] = [
    [
      'two broadcasts that meet',
      (g, x) => add(g, broadcastTo(g, x, [4, 3]), broadcastTo(g, unary(g, 'Exp', x), [4, 3])),
      [4, 3],
    ],
    ['a broadcast with itself', (g, x) => square(g, broadcastTo(g, x, [4, 3])), [4, 3]],
    ['zeros that are larger', (g, x) => add(g, x, g.uniform(0, [2, 3])), [2, 3]],
    ['ones that have more axes', (g, x) => mul(g, g.uniform(1, [1, 1, 3]), x), [1, 1, 3]],
    [
      'a factor that has more axes, then a sum',
      (g, x) => reduce(g, 'ReduceSum', mul(g, x, g.uniform(2, [1, 3])), [1]),
      [1],
    ],
    [
      'a choice between two numbers',
      (g, x) => where(g, g.uniform(1, [2, 3], 'bool'), broadcastTo(g, x, [2, 3]), g.uniform(0, [2, 3])),
      [2, 3],
    ],
    ['elements that move', (g, x) => shifted(g, x, 0, 1, 7), [3]],
  ];

  it.each(shapes)('%s', (_, make, shape) => {
    const g = new GraphBuilder();
    const y = make(g, floats(g, 'x', [3]));
    expect(y.shape).toEqual(shape);
    // The executor checks the shape of each output against the graph's.
    const { y: values } = runGraph(g.graph({ y }), { x: [1, 2, 3] });
    expect(values).toHaveLength(shape.reduce((product, n) => product * n, 1));
  });
});

describe('values stay', () => {
  const run = (make: (g: GraphBuilder, x: Value) => Value, x: number[], dtype: Dtype = 'float32') => {
    const g = new GraphBuilder();
    return runGraph(g.graph({ y: make(g, g.input('x', { dtype, shape: [x.length] })) }), { x })['y'];
  };

  it('does not fold factors whose product leaves the range of numbers', () => {
    expect(run((g, x) => mul(g, mul(g, x, g.uniform(1e-30)), g.uniform(1e-30)), [1e38])).toEqual([
      Math.fround(Math.fround(Math.fround(1e38) * Math.fround(1e-30)) * Math.fround(1e-30)),
    ]);
    expect(run((g, x) => div(g, x, g.uniform(2 ** -130)), [2 ** -130])).toEqual([1]);
  });

  it('divides whole numbers as they are', () => {
    expect(run((g, x) => div(g, x, g.uniform(2, [], 'int32')), [7, -7, 8], 'int32')).toEqual([3, -3, 4]);
  });

  it('moves elements forwards and backwards', () => {
    expect(run((g, x) => shifted(g, x, 0, 2, 9), [1, 2, 3])).toEqual([9, 9, 1]);
    expect(run((g, x) => shifted(g, x, 0, -1, 9), [1, 2, 3])).toEqual([2, 3, 9]);
  });

  it('keeps negative zero', () => {
    expect(run((g, x) => mul(g, x, g.uniform(-1)), [0])).toEqual([-0]);
  });
});
