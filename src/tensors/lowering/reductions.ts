import { cast } from '../graph/elementwise.ts';
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
      return reduce(g, op, floats, axesOf(axis ?? reductionIndices, x.shape.length), keepDims);
    },
    traps,
  );

export const reductionRows: readonly Row[] = [
  reduction('Sum', 'ReduceSum', 'the sum of bool is int32'),
  reduction('Mean', 'ReduceMean', 'the mean of int32 and bool is float32'),
  reduction('Max', 'ReduceMax', 'its attribute is called reductionIndices, all others have axis'),
  reduction('Min', 'ReduceMin'),
  reduction('Prod', 'ReduceProd'),
];
