import * as tf from '../tfjs.ts';
import { flat, passedOn, type Row, row, rowOfList, sumTo, unless, where, zeros } from './row.ts';

const inputs = ['a', 'b'];

/** Functions of two numbers. Either operand may be broadcast; what it was repeated for is summed up at the end. */
export const binary: readonly Row[] = [
  row('Add', { inputs }, (dy, [a, b]) => ({
    a: () => passedOn(dy, a.shape),
    b: () => passedOn(dy, b.shape),
  })),
  row('Sub', { inputs }, (dy, [a, b]) => ({
    a: () => passedOn(dy, a.shape),
    b: () => tf.neg(sumTo(dy, b.shape)),
  })),
  row('Multiply', { inputs }, (dy, [a, b]) => ({
    a: () => sumTo(tf.mul(dy, b), a.shape),
    b: () => sumTo(tf.mul(dy, a), b.shape),
  })),
  row('RealDiv', { inputs, outputs: [true] }, (dy, [a, b, y]) => ({
    a: () => sumTo(tf.div(dy, b), a.shape),
    // −dy a / b² = −(dy y) / b, and b is the same for all that is summed up.
    b: () => tf.neg(tf.div(sumTo(tf.mul(dy, y), b.shape), b)),
  })),
  row('Pow', { inputs, outputs: [true] }, (dy, [a, b, y]) => ({
    // b aᵇ⁻¹, but a⁰ is 1 everywhere: no 0 · 0⁻¹.
    a() {
      const less = tf.sub(b, tf.cast(tf.notEqual(b, 0), 'float32'));
      return sumTo(tf.mul(dy, tf.mul(b, tf.pow(a, less))), a.shape);
    },
    // Real for positive bases only.
    b: () => sumTo(tf.mul(dy, tf.mul(y, where(tf.greater(a, 0), tf.log(a)))), b.shape),
  })),

  // Where both are the same, the first takes all, as in TensorFlow; PyTorch and JAX give each a half. Both are
  // subgradients, and this one costs one comparison.
  row('Minimum', { inputs }, (dy, [a, b]) => ({
    a: () => sumTo(where(tf.lessEqual(a, b), dy), a.shape),
    b: () => sumTo(unless(tf.lessEqual(a, b), dy), b.shape),
  })),
  row('Maximum', { inputs }, (dy, [a, b]) => ({
    a: () => sumTo(where(tf.greaterEqual(a, b), dy), a.shape),
    b: () => sumTo(unless(tf.greaterEqual(a, b), dy), b.shape),
  })),
  row('SquaredDifference', { inputs }, (dy, [a, b]) => {
    const slope = () => tf.mul(tf.mul(dy, 2), tf.sub(a, b));
    return { a: () => sumTo(slope(), a.shape), b: () => tf.neg(sumTo(slope(), b.shape)) };
  }),
  row('Atan2', { inputs }, (dy, [a, b]) => {
    const slope = () => tf.div(dy, tf.add(tf.square(a), tf.square(b)));
    return {
      a: () => sumTo(tf.mul(slope(), b), a.shape),
      b: () => tf.neg(sumTo(tf.mul(slope(), a), b.shape)),
    };
  }),
  // a − b ⌊a / b⌋
  row('Mod', { inputs }, (dy, [a, b]) => ({
    a: () => passedOn(dy, a.shape),
    b: () => tf.neg(sumTo(tf.mul(dy, tf.floor(tf.div(a, b))), b.shape)),
  })),

  rowOfList('AddN', (dy, summands) => summands.map(() => () => tf.clone(dy))),
  row('Select', { inputs: ['condition'] }, (dy, [condition]) => ({
    condition: () => zeros(condition.shape),
    t: () => where(condition, dy),
    e: () => unless(condition, dy),
  })),

  // Without these a condition could not depend on what a gradient is asked for.
  ...['Greater', 'GreaterEqual', 'Less', 'LessEqual', 'Equal', 'NotEqual'].map(name => flat(name, ...inputs)),
  ...['LogicalAnd', 'LogicalOr', 'FloorDiv'].map(name => flat(name, ...inputs)),
];
