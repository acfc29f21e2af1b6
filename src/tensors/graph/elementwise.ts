import { sizeOf } from '../../core/arrays.ts';
import { TroupeError } from '../../core/errors.ts';
import { batchFirst, madeBatchLast, operandsBatchLast } from './batch-last.ts';
import type { GraphBuilder } from './builder.ts';
import { joinedSums } from './joined-sums.ts';
import { scatteredOf } from './scattered.ts';
import { broadcastTo, reshape } from './shapes.ts';
import {
  type Attributes,
  type Dtype,
  describeSpec,
  nodeOf,
  sameShape,
  uniformOf,
  type Value,
} from './values.ts';

/** The shape that two shapes broadcast to, as NumPy does. @throws where they do not */
export function broadcastShape(a: readonly number[], b: readonly number[]): readonly number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const [m, n] = [a[axis - rank + a.length] ?? 1, b[axis - rank + b.length] ?? 1];
    if (m !== n && m !== 1 && n !== 1) {
      throw new TroupeError(`graph: shapes [${a.join(', ')}] and [${b.join(', ')}] do not broadcast`);
    }
    return m === 1 ? n : m;
  });
}

/** An operation of two operands that broadcast. @param dtype of the result; default: that of the operands */
export function binary(
  g: GraphBuilder,
  op: string,
  a: Value,
  b: Value,
  dtype: Dtype = a.dtype,
  attributes: Attributes = {},
): Value {
  if (a.dtype !== b.dtype) throw new TroupeError(`graph: ${op} of ${describeSpec(a)} and ${describeSpec(b)}`);
  const shape = broadcastShape(a.shape, b.shape);
  const images = operandsBatchLast(g, [a, b], shape);
  if (images) {
    const [x, y] = images;
    const simplified = { Add: add, Sub: sub, Mul: mul, Div: div }[op];
    return batchFirst(g, simplified ? simplified(g, x, y) : binary(g, op, x, y, dtype, attributes));
  }
  const [left, right] = unexpanded(g, a, b, shape);
  // Before the broadcasting there is less to do.
  const wide = uniformOf(right) === undefined ? (uniformOf(left) === undefined ? undefined : right) : left;
  const narrow = wide && nodeOf(wide, 'Expand')?.inputs[0];
  if (narrow && sameShape(wide.shape, shape)) {
    const small = wide === left ? [narrow, right] : [left, narrow];
    const made = { dtype, shape: broadcastShape(small[0].shape, small[1].shape) };
    return broadcastTo(g, g.node(op, small, made, attributes), shape);
  }
  return g.node(op, [left, right], { dtype, shape }, attributes);
}

/**
 * The operands without the broadcasting that the operation does anyway: a uniform constant as a scalar, what `Expand`
 * was given in place of what it made. The result's shape must stay: at most one of them may be let shrink.
 */
function unexpanded(g: GraphBuilder, a: Value, b: Value, shape: readonly number[]): [Value, Value] {
  const [smallA, smallB] = [shrunk(g, a), shrunk(g, b)];
  if (smallB !== b && sameShape(broadcastShape(a.shape, smallB.shape), shape)) {
    return smallA !== a && sameShape(broadcastShape(smallA.shape, smallB.shape), shape)
      ? [smallA, smallB]
      : [a, smallB];
  }
  if (smallA !== a && sameShape(broadcastShape(smallA.shape, b.shape), shape)) return [smallA, b];
  return [a, b];
}

function shrunk(g: GraphBuilder, value: Value): Value {
  const uniform = uniformOf(value);
  if (uniform !== undefined) return value.shape.length === 0 ? value : g.uniform(uniform, [], value.dtype);
  return nodeOf(value, 'Expand')?.inputs[0] ?? value;
}

const numbers = (a: Value, b: Value): readonly [number, number] | undefined => {
  const [x, y] = [uniformOf(a), uniformOf(b)];
  return x === undefined || y === undefined ? undefined : [x, y];
};

/** The constant that an operation on uniform constants makes; whole numbers wrap as ONNX' do. */
const folded = (g: GraphBuilder, a: Value, b: Value, value: number): Value =>
  g.uniform(a.dtype === 'int32' ? value | 0 : value, broadcastShape(a.shape, b.shape), a.dtype);

/** `value` in the shape that it would have had, had the other operand taken part. */
const asIn = (g: GraphBuilder, value: Value, other: Value): Value =>
  broadcastTo(g, value, broadcastShape(value.shape, other.shape));

export function add(g: GraphBuilder, a: Value, b: Value): Value {
  const known = numbers(a, b);
  if (known) return folded(g, a, b, known[0] + known[1]);
  if (uniformOf(a) === 0) return asIn(g, b, a);
  if (uniformOf(b) === 0) return asIn(g, a, b);
  const [minusA, minusB] = [nodeOf(a, 'Neg')?.inputs[0], nodeOf(b, 'Neg')?.inputs[0]];
  if (minusB) return sub(g, a, minusB);
  if (minusA) return sub(g, b, minusA);
  const biased = withBias(g, a, b) ?? withBias(g, b, a);
  if (biased) return biased;
  const joined = joinedSums(g, a, b);
  if (joined) return joined;
  // One order for both, so that a + b and b + a are one node.
  return a.id <= b.id ? binary(g, 'Add', a, b) : binary(g, 'Add', b, a);
}

/** A convolution of images with the batch last adds a number for each channel itself. */
function withBias(g: GraphBuilder, x: Value, bias: Value): Value | undefined {
  const sums = nodeOf(x, 'Reshape')?.inputs[0];
  const node = sums && nodeOf(sums, 'Conv');
  const channels = x.shape[0];
  if (!sums || !node || node.inputs.length !== 2 || x.shape.length !== 4) return undefined;
  // A depthwise one has its batch in front still.
  if (sums.shape[0] !== 1 || sums.shape[1] !== channels) return undefined;
  if (!sameShape(bias.shape, [channels, 1, 1, 1])) return undefined;
  const inputs = [...node.inputs, reshape(g, bias, [channels])];
  return reshape(g, g.node('Conv', inputs, sums, node.attributes), x.shape);
}

export function sub(g: GraphBuilder, a: Value, b: Value): Value {
  const known = numbers(a, b);
  if (known) return folded(g, a, b, known[0] - known[1]);
  if (uniformOf(b) === 0) return asIn(g, a, b);
  if (uniformOf(a) === 0) return asIn(g, neg(g, b), a);
  const minusB = nodeOf(b, 'Neg')?.inputs[0];
  if (minusB) return add(g, a, minusB);
  return logSoftmax(g, a, b) ?? binary(g, 'Sub', a, b);
}

/** (x − max x) − log Σ exp(x − max x) along one axis, as tfjs composes it, is one operation. */
function logSoftmax(g: GraphBuilder, below: Value, logSum: Value): Value | undefined {
  const sum = nodeOf(nodeOf(logSum, 'Log')?.inputs[0] ?? logSum, 'ReduceSum');
  const [x, greatest] = nodeOf(below, 'Sub')?.inputs ?? [];
  const most = greatest && nodeOf(greatest, 'ReduceMax');
  if (logSum === sum?.outputs[0] || !sum?.inputs[0] || !x || !most) return undefined;
  const same =
    nodeOf(sum.inputs[0], 'Exp')?.inputs[0] === below &&
    most.inputs[0] === x &&
    most.inputs[1] === sum.inputs[1];
  const axes = sum.inputs[1]?.source;
  const axis = axes?.kind === 'constant' && axes.uniform;
  const keeps = 'int' in sum.attributes['keepdims'] && sum.attributes['keepdims'].int === 1;
  if (!same || typeof axis !== 'number' || sum.inputs[1]?.shape[0] !== 1 || !keeps) return undefined;
  return g.node('LogSoftmax', [x], x, { axis: { int: axis } });
}

export function mul(g: GraphBuilder, a: Value, b: Value): Value {
  const known = numbers(a, b);
  if (known)
    return folded(g, a, b, a.dtype === 'int32' ? Math.imul(known[0], known[1]) : known[0] * known[1]);
  const [value, factor] = uniformOf(a) === undefined ? [a, b] : [b, a];
  const number = uniformOf(factor);
  if (number === 1) return asIn(g, value, factor);
  if (number === -1) return asIn(g, neg(g, value), factor);
  if (number !== undefined && value.dtype === 'float32') {
    // (x · c) · d is x · (c · d), and so is (−x) · d: gradients of means and weighted losses are full of these.
    const minus = nodeOf(value, 'Neg')?.inputs[0];
    if (minus) return mul(g, minus, g.uniform(-number, factor.shape));
    const [x, c] = nodeOf(value, 'Mul')?.inputs ?? [];
    const inner = c && uniformOf(c);
    if (x && inner !== undefined && sameShape(x.shape, value.shape)) {
      const product = Math.fround(inner * number);
      // A product that left the range of ordinary numbers would lose what the two factors one after the other keep.
      if (Math.abs(product) > 1e-30 && Math.abs(product) < 1e30)
        return mul(g, x, g.uniform(product, factor.shape));
    }
    return binary(g, 'Mul', value, factor);
  }
  const moved = withFactorMoved(g, a, b) ?? withFactorMoved(g, b, a) ?? masked(g, a, b) ?? masked(g, b, a);
  if (moved) return moved;
  return a.id <= b.id ? binary(g, 'Mul', a, b) : binary(g, 'Mul', b, a);
}

/** (x · c) · b as x · (b · c) where b has fewer elements than x. */
function withFactorMoved(g: GraphBuilder, a: Value, b: Value): Value | undefined {
  if (a.dtype !== 'float32' || sizeOf(b.shape) >= sizeOf(a.shape)) return undefined;
  const [x, c] = nodeOf(a, 'Mul')?.inputs ?? [];
  const factor = c && uniformOf(c);
  if (!x || factor === undefined || !sameShape(x.shape, a.shape)) return undefined;
  return mul(g, x, mul(g, b, g.uniform(factor)));
}

/** The mask of a ReLU is that of the maxima, where only they have something to mask. */
function masked(g: GraphBuilder, gradient: Value, mask: Value): Value | undefined {
  const of = scatteredOf(gradient);
  const [x, bound] = nodeOf(nodeOf(mask, 'Cast')?.inputs[0] ?? mask, 'Greater')?.inputs ?? [];
  if (!of || !bound || x !== of.input || uniformOf(bound) === undefined) return undefined;
  return of.again(mul(g, of.dy, cast(g, binary(g, 'Greater', of.output, bound, 'bool'), 'float32')));
}

/** Division of floats; for whole numbers see the row of FloorDiv. */
export function div(g: GraphBuilder, a: Value, b: Value): Value {
  const known = numbers(a, b);
  if (known && a.dtype === 'float32') return folded(g, a, b, known[0] / known[1]);
  const divisor = uniformOf(b);
  if (divisor === 1) return asIn(g, a, b);
  // Dividing by a power of two is exact as a product, and products fold.
  const exponent = Math.log2(Math.abs(divisor ?? 0));
  if (
    a.dtype === 'float32' &&
    divisor !== undefined &&
    Number.isInteger(exponent) &&
    Math.abs(exponent) < 126
  ) {
    return mul(g, a, g.uniform(1 / divisor, b.shape));
  }
  return binary(g, 'Div', a, b);
}

export function neg(g: GraphBuilder, x: Value): Value {
  const number = uniformOf(x);
  if (number !== undefined) return g.uniform(x.dtype === 'int32' ? -number | 0 : -number, x.shape, x.dtype);
  const node = nodeOf(x);
  if (node?.op === 'Neg' && node.inputs[0]) return node.inputs[0];
  if (node?.op === 'Sub' && node.inputs[0] && node.inputs[1]) return sub(g, node.inputs[1], node.inputs[0]);
  return unary(g, 'Neg', x);
}

/** An operation on each element. @param dtype of the result; default: that of the operand */
export function unary(g: GraphBuilder, op: string, x: Value, dtype: Dtype = x.dtype): Value {
  const image = madeBatchLast(x);
  if (image) return batchFirst(g, unary(g, op, image, dtype));
  // onnxruntime makes one operation of a convolution and what follows it at once.
  const sums = op === 'Relu' ? nodeOf(x, 'Reshape')?.inputs[0] : undefined;
  if (sums && nodeOf(sums, 'Conv')) return reshape(g, unary(g, op, sums), x.shape);
  const expanded = nodeOf(x, 'Expand')?.inputs[0];
  // Before the broadcasting there is less to do.
  if (expanded) return broadcastTo(g, unary(g, op, expanded, dtype), x.shape);
  const number = uniformOf(x);
  if (number !== undefined && x.shape.length > 0) {
    return broadcastTo(g, unary(g, op, g.uniform(number, [], x.dtype), dtype), x.shape);
  }
  return g.node(op, [x], { dtype, shape: x.shape });
}

/** The squares of each element; the product with itself, which every executor has. */
export const square = (g: GraphBuilder, x: Value): Value => mul(g, x, x);

/** As another element type. Floats are cut towards zero, bool is not zero. */
export function cast(g: GraphBuilder, x: Value, dtype: Dtype): Value {
  if (x.dtype === dtype) return x;
  const number = uniformOf(x);
  if (number !== undefined) {
    const value = dtype === 'bool' ? Number(number !== 0) : dtype === 'float32' ? number : Math.trunc(number);
    return g.uniform(value, x.shape, dtype);
  }
  // Truths are zero or one in every type: the way there does not matter.
  const truths = nodeOf(x, 'Cast')?.inputs[0];
  if (truths?.dtype === 'bool') return cast(g, truths, dtype);
  const image = madeBatchLast(x);
  if (image) return batchFirst(g, cast(g, image, dtype));
  return g.node('Cast', [x], { dtype, shape: x.shape }, { to: { int: onnxDtype[dtype] } });
}

/** Cut to a range. */
export function clip(g: GraphBuilder, x: Value, low: number, high: number): Value {
  const image = madeBatchLast(x);
  if (image) return batchFirst(g, clip(g, image, low, high));
  // Bounds have the operand's type: for whole numbers the nearest ones inside the range.
  const bound = (value: number) =>
    g.uniform(x.dtype === 'int32' ? Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, value)) : value, [], x.dtype);
  const [from, to] = x.dtype === 'int32' ? [Math.ceil(low), Math.floor(high)] : [low, high];
  return g.node('Clip', [x, bound(from), bound(to)], x);
}

/** ONNX' numbers for element types. */
export const onnxDtype: Readonly<Record<Dtype, number>> = { float32: 1, int32: 6, int64: 7, bool: 9 };

/** `a` where the condition holds, else `b`; all three broadcast. */
export function where(g: GraphBuilder, condition: Value, a: Value, b: Value): Value {
  if (a === b) return broadcastTo(g, a, broadcastShape(condition.shape, a.shape));
  const shape = broadcastShape(condition.shape, broadcastShape(a.shape, b.shape));
  const images = operandsBatchLast(g, [condition, a, b], shape);
  if (images) return batchFirst(g, where(g, images[0], images[1], images[2]));
  const [left, right] = [shrunk(g, a), shrunk(g, b)];
  const fits = (x: Value, y: Value) =>
    sameShape(broadcastShape(condition.shape, broadcastShape(x.shape, y.shape)), shape);
  const [x, y] = fits(left, right)
    ? [left, right]
    : fits(left, b)
      ? [left, b]
      : fits(a, right)
        ? [a, right]
        : [a, b];
  return g.node('Where', [condition, x, y], { dtype: a.dtype, shape });
}
