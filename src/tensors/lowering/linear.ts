import { matMul } from '../graph/linear.ts';
import { type Row, row } from './row.ts';

interface ProductAttributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

export const linearRows: readonly Row[] = [
  row<'a' | 'b', ProductAttributes>(
    'BatchMatMul',
    'rank 2: MatMul, or Gemm with transA/transB; else MatMul of Transpose',
    (g, { a, b }, { transposeA, transposeB }) => matMul(g, a, b, transposeA, transposeB),
  ),
];
