import * as tf from '../tfjs.ts';
import { flat, type Row, reshaped, row } from './row.ts';

interface Reduction {
  readonly axis: number | number[] | null;
}
interface MaxAttributes extends Reduction {
  /** What the kernel Max calls its axes, and no other. */
  readonly reductionIndices: number | number[] | null;
}
interface Running {
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

const axesOf = (axis: number | number[] | null, shape: number[]): number[] =>
  tf.util.parseAxisParam(axis as number | number[], shape);

/** A reduction's result, or its gradient, with the reduced axes back in place as axes of size 1. */
const kept = (y: tf.Tensor, x: tf.Tensor, axes: readonly number[]): tf.Tensor =>
  reshaped(
    y,
    x.shape.map((size, i) => (axes.includes(i) ? 1 : size)),
  );

/** dy for each of the elements that were summed up. */
function spread(dy: tf.Tensor, x: tf.Tensor, axis: number | number[] | null): tf.Tensor {
  return tf.broadcastTo(kept(dy, x, axesOf(axis, x.shape)), x.shape);
}

/** Elements that are the largest (or smallest) together share dy, as in PyTorch's `amax` and in TensorFlow. */
const extremum = (kernelName: string, axisOf: (attributes: MaxAttributes) => number | number[] | null): Row =>
  row<MaxAttributes>(kernelName, { inputs: ['x'], outputs: [true] }, (dy, [x, y], attributes) => ({
    x() {
      const axes = axesOf(axisOf(attributes), x.shape);
      const chosen = tf.cast(tf.equal(x, kept(y, x, axes)), 'float32');
      return tf.mul(chosen, tf.div(kept(dy, x, axes), tf.sum(chosen, axes, true)));
    },
  }));
/** Sums and the like along axes, and running ones. */
export const reductions: readonly Row[] = [
  row<Reduction>('Sum', { inputs: ['x'] }, (dy, [x], { axis }) => ({ x: () => spread(dy, x, axis) })),
  row<Reduction>('Mean', { inputs: ['x'] }, (dy, [x], { axis }) => ({
    x: () => spread(tf.div(dy, x.size / dy.size), x, axis),
  })),
  extremum('Max', ({ reductionIndices }) => reductionIndices),
  extremum('Min', ({ axis }) => axis),
  row<Reduction>('Prod', { inputs: ['x'] }, (dy, [x], { axis }) => ({ x: () => prodGradient(dy, x, axis) })),

  row<Running>('Cumsum', {}, (dy, _, { axis, exclusive, reverse }) => ({
    x: () => tf.cumsum(dy, axis, exclusive, !reverse),
  })),
  row<Running>('Cumprod', { inputs: ['x'] }, (dy, [x], attributes) => ({
    x: () => cumprodGradient(dy, x, attributes),
  })),

  ...['ArgMax', 'ArgMin', 'All', 'Any'].map(name => flat(name, 'x')),
];

/** dy times the product of all others, from running products from both sides: right where elements are 0. */
function prodGradient(dy: tf.Tensor, x: tf.Tensor, axis: number | number[] | null): tf.Tensor {
  const axes = axesOf(axis, x.shape);
  const others = x.shape.map((_, i) => i).filter(i => !axes.includes(i));
  const order = [...others, ...axes];
  const sorted = order.every((from, to) => from === to);
  const moved = sorted ? x : tf.transpose(x, order);
  const rows = reshaped(moved, [dy.size, x.size / Math.max(1, dy.size)]);
  const before = tf.cumprod(rows, 1, true, false);
  const after = tf.cumprod(rows, 1, true, true);
  const slopes = reshaped(tf.mul(tf.mul(before, after), tf.reshape(dy, [dy.size, 1])), moved.shape);
  return sorted ? slopes : tf.transpose(slopes, tf.backend_util.getUndoAxesPermutation(order));
}

/**
 * dxᵢ = Σⱼ dyⱼ Π xₖ over k ≤ j, k ≠ i: for each i the product before i, times the sum of dyⱼ weighted with the
 * products from i + 1 to j. Quadratic in the axis, but right where elements are 0, as discounts at ends of episodes
 * are; Σ dy y / x is not.
 */
function cumprodGradient(dy: tf.Tensor, x: tf.Tensor, { axis, exclusive, reverse }: Running): tf.Tensor {
  const [at] = axesOf(axis, x.shape);
  const order = x.shape.map((_, i) => i).filter(i => i !== at);
  order.push(at);
  const steps = x.shape[at];
  const undo = tf.backend_util.getUndoAxesPermutation(order);
  /** [rows, steps], in the direction of the products. */
  const rowsOf = (t: tf.Tensor): tf.Tensor => {
    const rows = reshaped(at === x.rank - 1 ? t : tf.transpose(t, order), [x.size / steps, steps]);
    return reverse ? tf.reverse(rows, 1) : rows;
  };
  const factors = rowsOf(x);
  let slopes = rowsOf(dy);
  // An exclusive product is the one of the step before it.
  if (exclusive)
    slopes = tf.pad(tf.slice(slopes, [0, 1], [-1, -1]), [
      [0, 0],
      [0, 1],
    ]);
  const row = (entry: number) => Math.floor(entry / steps);
  const entries = Array.from({ length: steps * steps }, (_, entry) => entry);
  const later = tf.tensor(
    entries.map(entry => entry % steps > row(entry)),
    [steps, steps],
    'bool',
  );
  const fromHere = tf.tensor(
    entries.map(entry => (entry % steps >= row(entry) ? 1 : 0)),
    [steps, steps],
  );
  /** [rows, i, j]: the product from i + 1 to j. */
  const products = tf.cumprod(tf.where(later, tf.reshape(factors, [-1, 1, steps]), 1), 2);
  const weighted = tf.mul(tf.mul(products, fromHere), tf.reshape(slopes, [-1, 1, steps]));
  let dx = tf.mul(tf.cumprod(factors, 1, true, false), tf.sum(weighted, 2));
  if (reverse) dx = tf.reverse(dx, 1);
  const moved = reshaped(
    dx,
    order.map(i => x.shape[i]),
  );
  return at === x.rank - 1 ? moved : tf.transpose(moved, undo);
}
