import { describe, expect, it } from 'vitest';
import { sizeOf } from '../../../src/core/arrays.ts';
import { Random } from '../../../src/core/random.ts';
import { startOnnxCpu } from '../../../src/tensors/executors/onnx-cpu.ts';
import { GraphBuilder } from '../../../src/tensors/graph/builder.ts';
import { binary, cast, unary, where } from '../../../src/tensors/graph/elementwise.ts';
import type { Attributes, ConstantData, Dtype, Value } from '../../../src/tensors/graph/values.ts';
import { compileToModule } from '../../../src/tensors/module/compile.ts';
import { moduleTable } from '../../../src/tensors/module/table.ts';
import { UnknownOperation } from '../../../src/tensors/module/unknown.ts';
import { onnxModel } from '../../../src/tensors/onnx/model.ts';

const onnx = startOnnxCpu();

/** Builds graphs whose inputs are filled with random numbers. */
class Case {
  readonly g = new GraphBuilder();
  readonly inputs: Record<string, ConstantData> = {};
  readonly shapes: Record<string, readonly number[]> = {};
  readonly #random = Random.fromSeed(7);

  /** Normal numbers, moved and stretched; whole ones between −4 and 4; or truth values. */
  input(shape: readonly number[], dtype: Dtype = 'float32', { scale = 1, shift = 0 } = {}): Value {
    const name = `x${Object.keys(this.inputs).length}`;
    const random = this.#random;
    const data = new { float32: Float32Array, int32: Int32Array, int64: Int32Array, bool: Uint8Array }[dtype](
      sizeOf(shape),
    );
    for (let i = 0; i < data.length; i++) {
      data[i] =
        dtype === 'float32'
          ? random.normal() * scale + shift
          : dtype === 'bool'
            ? random.integer(2)
            : random.integer(9) - 4;
    }
    this.inputs[name] = data;
    this.shapes[name] = shape;
    return this.g.input(name, { shape, dtype });
  }

  positive = (shape: readonly number[]): Value => {
    const x = this.input(shape);
    const data = this.inputs[x.source.kind === 'input' ? x.source.name : ''] as Float32Array;
    data.forEach((value, i) => {
      data[i] = Math.abs(value) + 0.1;
    });
    return x;
  };

  /** Both ways, all outputs. */
  agree(outputs: readonly Value[], tolerance: number): void {
    const graph = this.g.graph(Object.fromEntries(outputs.map((value, i) => [`y${i}`, value])));
    const feeds = Object.fromEntries(
      graph.inputs.map(({ source, dtype }) => {
        const name = source.kind === 'input' ? source.name : '';
        return [name, onnx.tensor(dtype, this.inputs[name], this.shapes[name])];
      }),
    );
    const expected = onnx.loadSync!(onnxModel(graph)).runSync!(feeds);
    const run = compileToModule(graph);
    run(this.inputs);
    const got = run(this.inputs); // the second time there is something in the arrays
    for (const name in expected) {
      const [a, b] = [Array.from(expected[name].data as ArrayLike<number>, Number), Array.from(got[name])];
      expect(b).toHaveLength(a.length);
      expect(new Set(a).size, 'a result that says something').toBeGreaterThan(a.length > 2 ? 1 : 0);
      a.forEach((value, i) => {
        const near = Object.is(value, b[i]) || Math.abs(value - b[i]) <= tolerance * (1 + Math.abs(value));
        if (!near) expect(b, name).toEqual(a);
      });
    }
  }
}

type Build = (c: Case) => Value | readonly Value[];

const unaries = (names: readonly string[], build: (c: Case) => Value): [string, Build][] =>
  names.map(op => [op, c => unary(c.g, op, build(c))]);
const binaries = (names: readonly string[], dtype?: Dtype): [string, Build][] =>
  names.map(op => [
    op,
    c => [
      binary(c.g, op, c.input([2, 3, 4]), c.input([3, 1]), dtype),
      binary(c.g, op, c.input([3, 4], 'float32'), c.input([3, 4]), dtype),
    ],
  ]);
const along = (
  c: Case,
  op: string,
  x: Value,
  shape: readonly number[],
  axis: number,
  more: Attributes = {},
  dtype?: Dtype,
) => c.g.node(op, [x], { dtype: dtype ?? x.dtype, shape }, { axis: { int: axis }, ...more });
const reductions = ['ReduceSum', 'ReduceMean', 'ReduceProd', 'ReduceMax', 'ReduceMin'].map(
  (op): [string, Build] => [
    op,
    c => {
      const x = c.input([2, 3, 4]);
      const keep = { keepdims: { int: 1 } };
      return [
        c.g.node(op, [x, c.g.indices([1])], { dtype: 'float32', shape: [2, 4] }, { keepdims: { int: 0 } }),
        c.g.node(op, [x, c.g.indices([0, 2])], { dtype: 'float32', shape: [1, 3, 1] }, keep),
        c.g.node(op, [x], { dtype: 'float32', shape: [1, 1, 1] }, keep),
      ];
    },
  ],
);

const cases: readonly [string, Build][] = [
  ...unaries(
    [
      'Neg',
      'Exp',
      'Abs',
      'Sign',
      'Sin',
      'Cos',
      'Tan',
      'Atan',
      'Sinh',
      'Cosh',
      'Asinh',
      'Floor',
      'Ceil',
      'Erf',
      'Tanh',
    ],
    c => c.input([3, 7], 'float32', { scale: 2 }),
  ),
  ...unaries(['Round'], c =>
    binary(c.g, 'Mul', c.g.uniform(0.5), cast(c.g, c.input([4, 6], 'int32'), 'float32')),
  ),
  ...unaries(['Sigmoid', 'Relu', 'Elu', 'Selu', 'Softplus'], c => c.input([3, 7], 'float32', { scale: 20 })),
  ...unaries(['Log', 'Sqrt', 'Reciprocal'], c => c.positive([3, 7])),
  ...unaries(['Acosh'], c => binary(c.g, 'Add', c.g.uniform(1), c.positive([9]))),
  ...unaries(['Asin', 'Acos', 'Atanh'], c => unary(c.g, 'Sin', c.input([9], 'float32', { scale: 0.5 }))),
  ...binaries(['Add', 'Sub', 'Mul', 'Div', 'Max', 'Min']),
  ...binaries(['Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual'], 'bool'),
  ['Add', c => binary(c.g, 'Add', c.input([5], 'int32'), c.input([5], 'int32'))],
  ['Mul', c => binary(c.g, 'Mul', c.g.uniform(123_456_789, [], 'int32'), c.input([9], 'int32'))],
  ['Div', c => binary(c.g, 'Div', c.input([9], 'int32'), c.g.uniform(3, [], 'int32'))],
  [
    'Sum',
    c =>
      c.g.node('Sum', [c.input([2, 3]), c.input([3]), c.input([2, 3])], { dtype: 'float32', shape: [2, 3] }),
  ],
  ['Pow', c => binary(c.g, 'Pow', c.positive([8]), c.input([8]))],
  ['Equal', c => binary(c.g, 'Equal', c.input([40], 'int32'), c.input([40], 'int32'), 'bool')],
  ['And', c => binary(c.g, 'And', c.input([9], 'bool'), c.input([9], 'bool'))],
  ['Or', c => binary(c.g, 'Or', c.input([9], 'bool'), c.input([9], 'bool'))],
  ['Not', c => unary(c.g, 'Not', c.input([9], 'bool'))],
  ['IsNaN', c => unary(c.g, 'IsNaN', unary(c.g, 'Log', c.input([9])), 'bool')],
  [
    'IsInf',
    c => unary(c.g, 'IsInf', binary(c.g, 'Div', c.g.uniform(-1), unary(c.g, 'Relu', c.input([9]))), 'bool'),
  ],
  ['Where', c => where(c.g, c.input([3, 1], 'bool'), c.input([2, 3, 4]), c.g.uniform(-0.5))],
  [
    'Clip',
    c =>
      c.g.node('Clip', [c.input([9]), c.g.uniform(-0.5), c.g.uniform(0.5)], { dtype: 'float32', shape: [9] }),
  ],
  [
    'Clip',
    c => c.g.node('Clip', [c.input([9]), undefined, c.g.uniform(0.5)], { dtype: 'float32', shape: [9] }),
  ],
  [
    'LeakyRelu',
    c => c.g.node('LeakyRelu', [c.input([9])], { dtype: 'float32', shape: [9] }, { alpha: { float: 0.25 } }),
  ],
  ['PRelu', c => c.g.node('PRelu', [c.input([3, 4]), c.input([4])], { dtype: 'float32', shape: [3, 4] })],
  [
    'Cast',
    c => [
      cast(c.g, c.input([9], 'float32', { scale: 5 }), 'int32'),
      cast(c.g, c.input([9], 'int32'), 'bool'),
      cast(c.g, c.input([9], 'bool'), 'float32'),
    ],
  ],
  [
    'MatMul',
    c => [
      c.g.node('MatMul', [c.input([1, 9]), c.input([9, 19])], { dtype: 'float32', shape: [1, 19] }),
      c.g.node('MatMul', [c.input([5, 4]), c.input([4, 8])], { dtype: 'float32', shape: [5, 8] }),
      c.g.node('MatMul', [c.input([2, 1, 3, 4]), c.input([5, 4, 3])], {
        dtype: 'float32',
        shape: [2, 5, 3, 3],
      }),
    ],
  ],
  [
    'Gemm',
    c => {
      const spec = { dtype: 'float32', shape: [3, 10] } as const;
      const both = { transA: { int: 1 }, transB: { int: 1 } };
      return [
        c.g.node('Gemm', [c.input([4, 3]), c.input([10, 4]), c.input([10])], spec, both),
        c.g.node('Gemm', [c.input([3, 4]), c.input([4, 10]), c.input([3, 1])], spec, {
          alpha: { float: 0.5 },
          beta: { float: -2 },
        }),
        c.g.node('Gemm', [c.input([3, 4]), c.input([10, 4])], spec, { transB: { int: 1 } }),
      ];
    },
  ],
  ['Identity', c => unary(c.g, 'Identity', c.input([4]))],
  [
    'Reshape',
    c => c.g.node('Reshape', [c.input([2, 6]), c.g.indices([3, 4])], { dtype: 'float32', shape: [3, 4] }),
  ],
  [
    'Squeeze',
    c => c.g.node('Squeeze', [c.input([3, 1, 2]), c.g.indices([1])], { dtype: 'float32', shape: [3, 2] }),
  ],
  [
    'Unsqueeze',
    c => c.g.node('Unsqueeze', [c.input([3, 2]), c.g.indices([1])], { dtype: 'float32', shape: [3, 1, 2] }),
  ],
  ['Flatten', c => along(c, 'Flatten', c.input([2, 3, 4]), [2, 12], 1)],
  [
    'Transpose',
    c =>
      c.g.node(
        'Transpose',
        [c.input([2, 3, 4])],
        { dtype: 'float32', shape: [4, 2, 3] },
        { perm: { ints: [2, 0, 1] } },
      ),
  ],
  [
    'Expand',
    c =>
      c.g.node('Expand', [c.input([3, 1]), c.g.indices([2, 3, 4])], { dtype: 'float32', shape: [2, 3, 4] }),
  ],
  [
    'Concat',
    c =>
      c.g.node(
        'Concat',
        [
          c.input([2, 3]),
          c.g.uniform(0.5, [2, 1]),
          c.g.constant(Float32Array.of(1, 2, 3, 4), [2, 2], 'float32'),
        ],
        { dtype: 'float32', shape: [2, 6] },
        { axis: { int: 1 } },
      ),
  ],
  [
    'Split',
    c =>
      c.g.nodes('Split', [c.input([3, 2, 5]), c.g.indices([1, 4])], { axis: { int: 2 } }, [
        { dtype: 'float32', shape: [3, 2, 1] },
        { dtype: 'float32', shape: [3, 2, 4] },
      ]),
  ],
  [
    'Slice',
    c => {
      const x = c.input([3, 7]);
      const cut = (lists: number[][], shape: number[]) =>
        c.g.node('Slice', [x, ...lists.map(list => c.g.indices(list))], { dtype: 'float32', shape });
      return [
        cut([[1], [6], [1], [2]], [3, 3]),
        cut([[-1], [-(2 ** 31)], [0], [-1]], [3, 7]),
        cut(
          [
            [1, 2],
            [3, 9],
            [0, 1],
            [1, 1],
          ],
          [2, 5],
        ),
      ];
    },
  ],
  [
    'Gather',
    c => {
      const rows = c.g.constant(Int32Array.of(2, 0, -1), [3], 'int32');
      return c.g.node(
        'Gather',
        [c.input([2, 4, 2]), rows],
        { dtype: 'float32', shape: [2, 3, 2] },
        { axis: { int: 1 } },
      );
    },
  ],
  ...reductions,
  ...(['ArgMax', 'ArgMin'] as const).map((op): [string, Build] => [
    op,
    c => [
      cast(c.g, along(c, op, c.input([5, 6]), [5], 1, { keepdims: { int: 0 } }, 'int64'), 'int32'),
      cast(c.g, along(c, op, c.input([5, 6, 2]), [5, 1, 2], 1, { keepdims: { int: 1 } }, 'int64'), 'int32'),
    ],
  ]),
  ...['Softmax', 'LogSoftmax'].map((op): [string, Build] => [
    op,
    c => [
      along(c, op, c.input([3, 5], 'float32', { scale: 30 }), [3, 5], -1),
      along(c, op, c.input([3, 5]), [3, 5], 0),
    ],
  ]),
  [
    'LayerNormalization',
    c =>
      c.g.node(
        'LayerNormalization',
        [c.input([3, 8], 'float32', { shift: 5 }), c.input([8]), c.input([8])],
        { dtype: 'float32', shape: [3, 8] },
        { axis: { int: -1 }, epsilon: { float: 1e-3 } },
      ),
  ],
];

/** Steep functions, where the last bit of a float32 operand shows. */
const looser: Readonly<Record<string, number>> = {
  Tan: 1e-4,
  Acosh: 1e-5,
  Atanh: 1e-5,
  Sinh: 1e-5,
  Cosh: 1e-5,
};

describe('the module table', () => {
  it('has a case for every row', () => {
    expect([...new Set(cases.map(([op]) => op))].sort()).toEqual([...moduleTable.keys()].sort());
  });

  it.each(cases)('%s computes what onnxruntime does', (op, build) => {
    const c = new Case();
    const made = build(c);
    c.agree(Array.isArray(made) ? made : [made as Value], looser[op] ?? 2e-6);
  });
});

describe('compileToModule', () => {
  it('fuses chains of elements, whatever is between them, and keeps values that are used twice or put out', () => {
    const c = new Case();
    const x = c.input([4, 6]);
    const shared = unary(c.g, 'Tanh', binary(c.g, 'Add', x, c.input([6])));
    const floor = unary(c.g, 'Floor', binary(c.g, 'Mul', shared, c.g.uniform(3)));
    const flat = c.g.node('Reshape', [shared, c.g.indices([24])], { dtype: 'float32', shape: [24] });
    c.agree([binary(c.g, 'Sub', floor, shared), flat, shared, x, unary(c.g, 'Exp', flat)], 2e-6);
  });

  it('computes once what depends on no input, and puts out constants', () => {
    const c = new Case();
    const fixed = unary(c.g, 'Exp', c.g.constant(Float32Array.of(1, 2, 3), [3], 'float32'));
    const sum = binary(c.g, 'Add', c.input([2, 3]), fixed);
    c.agree([sum, fixed, c.g.constant(Int32Array.of(4, 5), [2], 'int32')], 2e-6);
  });

  it('reads held arrays at each call', () => {
    const g = new GraphBuilder();
    const [w, x] = [
      g.input('w', { dtype: 'float32', shape: [2] }),
      g.input('x', { dtype: 'float32', shape: [2] }),
    ];
    const weights = Float32Array.of(1, 2);
    const run = compileToModule(g.graph({ y: binary(g, 'Mul', w, x) }), new Map([[w, weights]]));
    expect([...run({ x: Float32Array.of(10, 10) })['y']]).toEqual([10, 20]);
    weights[1] = -1;
    expect([...run({ x: Float32Array.of(10, 10) })['y']]).toEqual([10, -10]);
    expect(() => compileToModule(g.graph({ y: w }), new Map([[w, new Float32Array(3)]]))).toThrow(
      '2 float32',
    );
  });

  it('names an operation that it does not know', () => {
    const g = new GraphBuilder();
    const x = g.input('x', { dtype: 'float32', shape: [1, 1, 4, 4] });
    const y = g.node('GlobalMaxPool', [x], { dtype: 'float32', shape: [1, 1, 1, 1] });
    expect(() => compileToModule(g.graph({ y }))).toThrow(UnknownOperation);
    expect(() => compileToModule(g.graph({ y }))).toThrow('operation GlobalMaxPool has no row');
  });
});
