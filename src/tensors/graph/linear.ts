import { TroupeError } from '../../core/errors.ts';
import type { GraphBuilder } from './builder.ts';
import { broadcastShape } from './elementwise.ts';
import { transpose } from './shapes.ts';
import { describeSpec, type Value } from './values.ts';

/** Matrix product over the last two axes; those before them broadcast. Either operand may be taken transposed. */
export function matMul(g: GraphBuilder, a: Value, b: Value, transposeA = false, transposeB = false): Value {
  const [rows, innerA] = matrix(a, transposeA);
  const [innerB, columns] = matrix(b, transposeB);
  if (innerA !== innerB) throw new TroupeError(`graph: product of ${describeSpec(a)} and ${describeSpec(b)}`);
  if (a.shape.length === 2 && b.shape.length === 2) {
    const spec = { dtype: a.dtype, shape: [rows, columns] };
    if (!transposeA && !transposeB) return g.node('MatMul', [a, b], spec);
    const attributes = { transA: { int: Number(transposeA) }, transB: { int: Number(transposeB) } };
    return g.node('Gemm', [a, b], spec, attributes);
  }
  const batch = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  // onnxruntime fuses the transposition into the product.
  const [left, right] = [transposeA ? swapped(g, a) : a, transposeB ? swapped(g, b) : b];
  return g.node('MatMul', [left, right], { dtype: a.dtype, shape: [...batch, rows, columns] });
}

function matrix({ shape }: Value, transposed: boolean): readonly [number, number] {
  const [rows, columns] = shape.slice(-2);
  return transposed ? [columns, rows] : [rows, columns];
}

/** With the last two axes swapped. */
export function swapped(g: GraphBuilder, x: Value): Value {
  const order = x.shape.map((_, axis) => axis);
  const last = order.length - 1;
  [order[last - 1], order[last]] = [last, last - 1];
  return transpose(g, x, order);
}
