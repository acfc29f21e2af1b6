import { sizeOf } from '../../core/arrays.ts';
import type { GraphBuilder } from './builder.ts';
import { concat } from './shapes.ts';
import { nodeOf, sameShape, type Value } from './values.ts';

/** A sum over rows, as a list of what brings rows to it: matrices of as many rows each, which can be put one below the other. */
interface RowSum {
  /** One: the sum of its rows. Two: aᵀ · b. */
  readonly kind: 'rows' | 'product';
  readonly parts: readonly (readonly Value[])[];
}

/** What sums were made of here: their own inputs are put together already. */
const known = new WeakMap<Value, RowSum>();

/**
 * The sum of two sums over rows as one over the rows of both. That is what the gradient of a parameter is that is used at every
 * step of a loop: Σ aₜᵀ · bₜ, one product and one addition a step, each of the parameter's size, is one product here. `undefined`
 * where there is nothing to gain: the rows are copied, so they must be few beside what is not added up.
 */
export function joinedSums(g: GraphBuilder, a: Value, b: Value): Value | undefined {
  if (!sameShape(a.shape, b.shape) || a.shape.length > 2 || a.shape.length < 1) return undefined;
  const [left, right] = [rowSumOf(a), rowSumOf(b)];
  if (left && right && left.kind === right.kind) return sumOf(g, left.kind, [...left.parts, ...right.parts]);
  // Another sum of the same may be within what has been added up before.
  const own = left ?? right;
  const total = left ? b : a;
  if (!own) return undefined;
  const [x, y] = nodeOf(total, 'Add')?.inputs ?? [];
  if (!x || !y) return undefined;
  for (const [one, other] of [
    [x, y],
    [y, x],
  ]) {
    const within = rowSumOf(one);
    if (within?.kind !== own.kind || ![one, other].every(({ shape }) => sameShape(shape, total.shape)))
      continue;
    return plain(g, other, sumOf(g, own.kind, [...within.parts, ...own.parts]));
  }
  return undefined;
}

/** Added up in one order, so that a + b and b + a are one node. */
const plain = (g: GraphBuilder, a: Value, b: Value): Value =>
  g.node('Add', a.id <= b.id ? [a, b] : [b, a], a);

function sumOf(g: GraphBuilder, kind: RowSum['kind'], parts: RowSum['parts']): Value {
  const below = parts[0].map((_, side) =>
    concat(
      g,
      parts.map(part => part[side]),
      0,
    ),
  );
  const sum = kind === 'rows' ? rowsOf(g, below[0]) : productOf(g, below[0], below[1]);
  known.set(sum, { kind, parts });
  return sum;
}

const rowsOf = (g: GraphBuilder, x: Value): Value =>
  g.node('ReduceSum', [x, g.indices([0])], { dtype: x.dtype, shape: [x.shape[1]] }, { keepdims: { int: 0 } });

const productOf = (g: GraphBuilder, a: Value, b: Value): Value =>
  g.node(
    'Gemm',
    [a, b],
    { dtype: a.dtype, shape: [a.shape[1], b.shape[1]] },
    { transA: { int: 1 }, transB: { int: 0 } },
  );

function rowSumOf(value: Value): RowSum | undefined {
  const joined = known.get(value);
  if (joined) return joined;
  if (value.dtype !== 'float32') return undefined;
  const node = nodeOf(value);
  const [a, b, bias] = node?.inputs ?? [];
  if (!node || !a || !b || a.shape.length !== 2 || a.shape[0] < 1) return undefined;
  if (node.op === 'Gemm') {
    const { transA, transB } = node.attributes;
    if (bias || !isOne(transA) || isOne(transB)) return undefined;
    // The rows are copied once; what is saved is a pass over the sum.
    if (a.shape[0] * (a.shape[1] + b.shape[1]) > sizeOf(value.shape)) return undefined;
    return { kind: 'product', parts: [[a, b]] };
  }
  if (node.op !== 'ReduceSum' || value.shape.length !== 1 || b.source.kind !== 'constant') return undefined;
  return a.shape[0] <= FEW_ROWS && b.source.uniform === 0 && value.shape[0] === a.shape[1]
    ? { kind: 'rows', parts: [[a]] }
    : undefined;
}

/** More of them cost more to copy than an addition less is worth. */
const FEW_ROWS = 32;

const isOne = (flag: { readonly int: number } | object | undefined): boolean =>
  flag !== undefined && 'int' in flag && flag.int === 1;
