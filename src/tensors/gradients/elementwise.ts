import * as tf from '../tfjs.ts';
import { flat, passedOn, type Row, row, where, zeros } from './row.ts';

/** dx from dy and x. */
export const ofInput = <A = object>(
  kernelName: string,
  dx: (dy: tf.Tensor, x: tf.Tensor, attributes: A) => tf.Tensor,
): Row =>
  row<A>(kernelName, { inputs: ['x'] }, (dy, [x], attributes) => ({ x: () => dx(dy, x, attributes) }));

/** dx from dy and y = f(x): no input to keep, and often cheaper. */
export const ofOutput = <A = object>(
  kernelName: string,
  dx: (dy: tf.Tensor, y: tf.Tensor, attributes: A) => tf.Tensor,
): Row =>
  row<A>(kernelName, { outputs: [true] }, (dy, [y], attributes) => ({ x: () => dx(dy, y, attributes) }));

/** Functions of one number. */
export const elementwise: readonly Row[] = [
  // 0 at 0, the middle of the subgradients, as PyTorch and TensorFlow have it.
  ofInput('Abs', (dy, x) => tf.mul(dy, tf.sign(x))),
  row('Neg', {}, dy => ({ x: () => tf.neg(dy) })),
  row('Identity', {}, dy => ({ x: () => tf.clone(dy) })),
  // Into whole numbers and truth values it is a staircase.
  row<{ dtype: tf.DataType }>('Cast', {}, (dy, _, { dtype }) => ({
    x: () => (dtype === 'float32' ? passedOn(dy, dy.shape) : zeros(dy.shape)),
  })),
  row('ClipByValue', { inputs: ['x'], outputs: [true] }, (dy, [x, y]) => ({
    // What was not clipped is what is the same after it; the bounds themselves count as inside.
    x: () => where(tf.equal(x, y), dy),
  })),

  ofInput('Square', (dy, x) => tf.mul(dy, tf.mul(x, 2))),
  ofOutput('Sqrt', (dy, y) => tf.div(dy, tf.mul(y, 2))),
  row('Rsqrt', { inputs: ['x'], outputs: [true] }, (dy, [x, y]) => ({
    x: () => tf.mul(tf.div(tf.mul(dy, y), x), -0.5),
  })),
  ofOutput('Reciprocal', (dy, y) => tf.neg(tf.mul(dy, tf.square(y)))),
  ofOutput('Exp', (dy, y) => tf.mul(dy, y)),
  // Not from the output: y + 1 loses the digits of a small eˣ.
  ofInput('Expm1', (dy, x) => tf.mul(dy, tf.exp(x))),
  ofInput('Log', (dy, x) => tf.div(dy, x)),
  ofInput('Log1p', (dy, x) => tf.div(dy, tf.add(x, 1))),
  ofInput('Erf', (dy, x) => tf.mul(tf.mul(dy, 2 / Math.sqrt(Math.PI)), tf.exp(tf.neg(tf.square(x))))),

  ofInput('Sin', (dy, x) => tf.mul(dy, tf.cos(x))),
  ofInput('Cos', (dy, x) => tf.neg(tf.mul(dy, tf.sin(x)))),
  ofOutput('Tan', (dy, y) => tf.mul(dy, tf.add(tf.square(y), 1))),
  ofOutput('Asin', (dy, y) => tf.div(dy, tf.cos(y))),
  ofOutput('Acos', (dy, y) => tf.neg(tf.div(dy, tf.sin(y)))),
  ofInput('Atan', (dy, x) => tf.div(dy, tf.add(tf.square(x), 1))),
  ofInput('Sinh', (dy, x) => tf.mul(dy, tf.cosh(x))),
  ofInput('Cosh', (dy, x) => tf.mul(dy, tf.sinh(x))),
  ofOutput('Asinh', (dy, y) => tf.div(dy, tf.cosh(y))),
  ofOutput('Acosh', (dy, y) => tf.div(dy, tf.sinh(y))),
  ofInput('Atanh', (dy, x) => tf.div(dy, tf.sub(1, tf.square(x)))),

  ...['Ceil', 'Floor', 'Round', 'Sign', 'Step', 'IsNan', 'IsInf', 'IsFinite', 'LogicalNot'].map(name =>
    flat(name, 'x'),
  ),
  ...['ZerosLike', 'OnesLike'].map(name => flat(name, 'x')),
];
