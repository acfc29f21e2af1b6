import { cast, mul } from '../graph/elementwise.ts';
import { shifted } from '../graph/padding.ts';
import { type Reduction, reduce } from '../graph/reduce.ts';
import { axesOf, type Row, row } from './row.ts';

interface ReductionAttributes {
  readonly axis?: number | readonly number[];
  readonly reductionIndices?: number | readonly number[];
  readonly keepDims: boolean;
}

const reduction = (kernel: string, op: Reduction, traps?: string): Row =>
  row<'x', ReductionAttributes>(
    kernel,
    op,
    (g, { x }, { axis, reductionIndices, keepDims }) => {
      const numbers = x.dtype === 'bool' ? cast(g, x, kernel === 'Mean' ? 'float32' : 'int32') : x;
      const floats = kernel === 'Mean' ? cast(g, numbers, 'float32') : numbers;
      const reduced = reduce(g, op, floats, axesOf(axis ?? reductionIndices, x.shape.length), keepDims);
      return kernel === 'Max' || kernel === 'Min' ? cast(g, reduced, x.dtype) : reduced;
    },
    traps,
  );

const ofTruths = (kernel: string, op: Reduction): Row =>
  row<'x', ReductionAttributes>(kernel, `${op} as int32`, (g, { x }, { axis, keepDims }) =>
    cast(g, reduce(g, op, cast(g, x, 'int32'), axesOf(axis, x.shape.length), keepDims), 'bool'),
  );

const position = (kernel: string): Row =>
  row<'x', { axis: number }>(
    kernel,
    `${kernel}, Cast to int32`,
    (g, { x }, { axis }) => {
      const [along] = axesOf(axis, x.shape.length);
      const spec = { dtype: 'int64', shape: x.shape.toSpliced(along, 1) } as const;
      const attributes = { axis: { int: along }, keepdims: { int: 0 } };
      return cast(g, g.node(kernel, [cast(g, x, 'float32')], spec, attributes), 'int32');
    },
    'int32 and bool are compared as floats: exact below 2²⁴',
  );

interface CumulativeAttributes {
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

export const reductionRows: readonly Row[] = [
  reduction('Sum', 'ReduceSum', 'the sum of bool is int32'),
  reduction('Mean', 'ReduceMean', 'the mean of int32 and bool is float32'),
  reduction('Max', 'ReduceMax', 'its attribute is called reductionIndices, all others have axis'),
  reduction('Min', 'ReduceMin'),
  reduction('Prod', 'ReduceProd'),
  ofTruths('All', 'ReduceMin'),
  ofTruths('Any', 'ReduceMax'),
  position('ArgMax'),
  position('ArgMin'),
  row<'x', { k: number; sorted: boolean }>(
    'TopK',
    'TopK, indices Cast to int32',
    (g, { x }, { k }) => {
      const shape = x.shape.with(-1, k);
      const floats = cast(g, x, 'float32');
      const [values, indices] = g.nodes(
        'TopK',
        [floats, g.indices([k])],
        { axis: { int: x.shape.length - 1 } },
        [
          { dtype: 'float32', shape },
          { dtype: 'int64', shape },
        ],
      );
      return [cast(g, values, x.dtype), cast(g, indices, 'int32')];
    },
    'always sorted; int32 goes by way of floats: exact below 2²⁴',
  ),
  row<'x', CumulativeAttributes>('Cumsum', 'CumSum', (g, { x }, { axis, exclusive, reverse }) => {
    const numbers = x.dtype === 'bool' ? cast(g, x, 'int32') : x;
    const along = g.constant(Int32Array.of(axesOf(axis, x.shape.length)[0]), [], 'int32');
    const attributes = { exclusive: { int: Number(exclusive) }, reverse: { int: Number(reverse) } };
    return g.node('CumSum', [numbers, along], numbers, attributes);
  }),
  row<'x', CumulativeAttributes>(
    'Cumprod',
    'products with itself shifted by 1, 2, 4, …: Pad and Mul',
    (g, { x }, { axis, exclusive, reverse }) => {
      const [along] = axesOf(axis, x.shape.length);
      const sign = reverse ? -1 : 1;
      let product = x.dtype === 'bool' ? cast(g, x, 'int32') : x;
      if (exclusive) product = shifted(g, product, along, sign, 1);
      for (let by = 1; by < x.shape[along]; by *= 2) {
        product = mul(g, product, shifted(g, product, along, sign * by, 1));
      }
      return product;
    },
    'ONNX has none; the order of the products differs from a loop’s',
  ),
];
