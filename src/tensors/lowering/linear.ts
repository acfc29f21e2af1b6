import { sizeOf } from '../../core/arrays.ts';
import type { GraphBuilder } from '../graph/builder.ts';
import { mul } from '../graph/elementwise.ts';
import { matMul } from '../graph/linear.ts';
import { reduce } from '../graph/reduce.ts';
import { reshape, transpose } from '../graph/shapes.ts';
import type { Value } from '../graph/values.ts';
import { type FusedAttributes, finished } from './activations.ts';
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
  row<'a' | 'b' | 'bias' | 'preluActivationWeights', ProductAttributes & FusedAttributes>(
    '_FusedMatMul',
    'as BatchMatMul, then Add, then the activation',
    (g, { a, b, bias, preluActivationWeights }, attributes) => {
      const product = matMul(g, a, b, attributes.transposeA, attributes.transposeB);
      return finished(g, product, bias, preluActivationWeights, attributes);
    },
  ),
  row<string, { equation: string }>(
    'Einsum',
    'Transpose and Reshape to MatMul; Mul where nothing is summed',
    (g, terms, { equation }) => {
      const [left, result] = equation.replace(/\s/g, '').split('->');
      const labels = left.split(',').map(term => [...term]);
      const operands = Object.values<Value>(terms).map((value, i) => ({ value, labels: labels[i] }));
      return einsum(g, operands, [...result]);
    },
  ),
];

/** A value whose axes have names. */
interface Labelled {
  readonly value: Value;
  readonly labels: readonly string[];
}

function einsum(g: GraphBuilder, operands: readonly Labelled[], result: readonly string[]): Value {
  // What only one operand has, and the result has not, is summed first.
  const [a, b] = operands.map((operand, i) => {
    const others = operands.filter((_, other) => other !== i).flatMap(({ labels }) => labels);
    return summed(g, operand, label => result.includes(label) || others.includes(label));
  });
  if (b === undefined) return ordered(g, a, result).value;
  const shared = a.labels.filter(label => b.labels.includes(label));
  const inner = shared.filter(label => !result.includes(label));
  if (inner.length === 0) return mul(g, inLine(g, a, result), inLine(g, b, result));
  const batch = shared.filter(label => result.includes(label));
  const rows = a.labels.filter(label => !shared.includes(label));
  const columns = b.labels.filter(label => !shared.includes(label));
  const left = asMatrices(g, a, batch, rows, inner);
  const right = asMatrices(g, b, batch, columns, inner);
  const product = matMul(g, left.value, right.value, left.innerFirst, !right.innerFirst);
  const labels = [...batch, ...rows, ...columns];
  const shape = [...lengths(a, batch), ...lengths(a, rows), ...lengths(b, columns)];
  return ordered(g, { value: reshape(g, product, shape), labels }, result).value;
}

const lengths = ({ value, labels }: Labelled, of: readonly string[]): readonly number[] =>
  of.map(label => value.shape[labels.indexOf(label)]);

function summed(g: GraphBuilder, { value, labels }: Labelled, stays: (label: string) => boolean): Labelled {
  const axes = labels.flatMap((label, axis) => (stays(label) ? [] : [axis]));
  if (axes.length === 0) return { value, labels };
  return { value: reduce(g, 'ReduceSum', value, axes), labels: labels.filter(stays) };
}

function ordered(g: GraphBuilder, { value, labels }: Labelled, order: readonly string[]): Labelled {
  const axes = order.map(label => labels.indexOf(label));
  return { value: transpose(g, value, axes), labels: order };
}

/** With the axes of the result, in its order; length 1 where the value has none of that name. */
function inLine(g: GraphBuilder, x: Labelled, result: readonly string[]): Value {
  const own = result.filter(label => x.labels.includes(label));
  const shape = result.map(label => (x.labels.includes(label) ? lengths(x, [label])[0] : 1));
  return reshape(g, ordered(g, x, own).value, shape);
}

/** As matrices for each batch, in the order of axes that needs no transposition, if there is one. */
function asMatrices(
  g: GraphBuilder,
  x: Labelled,
  batch: readonly string[],
  outer: readonly string[],
  inner: readonly string[],
): { readonly value: Value; readonly innerFirst: boolean } {
  const innerFirst = [...batch, ...inner, ...outer].every((label, axis) => label === x.labels[axis]);
  const order = innerFirst ? [...batch, ...inner, ...outer] : [...batch, ...outer, ...inner];
  const [m, n] = [sizeOf(lengths(x, outer)), sizeOf(lengths(x, inner))];
  const shape = [...lengths(x, batch), ...(innerFirst ? [n, m] : [m, n])];
  return { value: reshape(g, ordered(g, x, order).value, shape), innerFirst };
}
