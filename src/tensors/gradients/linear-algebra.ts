import * as tf from '../tfjs.ts';
import { kernel, type Row, reshaped, row, sumTo } from './row.ts';

interface Transposes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

const product = (a: tf.Tensor, b: tf.Tensor, transposeA: boolean, transposeB: boolean): tf.Tensor =>
  kernel('BatchMatMul', { a, b }, { transposeA, transposeB });

/** Products of matrices; tfjs broadcasts the axes before the last two. */
export const linearAlgebra: readonly Row[] = [
  row<Transposes>('BatchMatMul', { inputs: ['a', 'b'] }, (dy, [a, b], { transposeA, transposeB }) => ({
    a: () =>
      sumTo(transposeA ? product(b, dy, transposeB, true) : product(dy, b, false, !transposeB), a.shape),
    b() {
      const [left, right] = asOneMatrix(dy, a, b, transposeA);
      const db = transposeB
        ? product(right, left, true, transposeA)
        : product(left, right, !transposeA, false);
      return reshaped(sumTo(db, b.shape), b.shape);
    },
  })),
];

/**
 * a and dy for the gradient of b. Where one matrix b met many rows of a (a dense layer on [batch, time, features]),
 * the rows of all of them become one matrix: one product then, instead of one each and their sum.
 */
function asOneMatrix(dy: tf.Tensor, a: tf.Tensor, b: tf.Tensor, transposeA: boolean): [tf.Tensor, tf.Tensor] {
  const [rows, columns] = b.shape.slice(-2);
  const many = dy.rank > 2 && rows * columns === b.size && !transposeA;
  if (!many || !tf.util.arraysEqual(a.shape.slice(0, -2), dy.shape.slice(0, -2))) return [a, dy];
  const flat = (x: tf.Tensor) => tf.reshape(x, [-1, x.shape[x.rank - 1]]);
  return [flat(a), flat(dy)];
}
