import type { GraphBuilder } from '../graph/builder.ts';
import { add, binary, cast, clip, div, mul, neg, square, sub, unary, where } from '../graph/elementwise.ts';
import type { Value } from '../graph/values.ts';
import { type Row, row } from './row.ts';

/** Functions of floats that ONNX has by the same name. */
const ofFloats = [
  'Log',
  'Sqrt',
  'Tanh',
  'Sigmoid',
  'Elu',
  'Selu',
  'Softplus',
  'Sin',
  'Cos',
  'Tan',
  'Asin',
  'Acos',
  'Atan',
  'Sinh',
  'Cosh',
  'Asinh',
  'Acosh',
  'Atanh',
  'Reciprocal',
  'Erf',
] as const;

/** Functions that leave whole numbers as they are. */
const roundings = ['Floor', 'Ceil', 'Round'] as const;

/** A function of floats; whole numbers become floats and are cut off again, as in tfjs. */
const ofFloat = (
  kernel: string,
  onnx: string,
  lower: (g: GraphBuilder, x: Value) => Value,
  traps?: string,
): Row => row(kernel, onnx, (g, { x }) => cast(g, lower(g, cast(g, x, 'float32')), x.dtype), traps);

export const elementwiseRows: readonly Row[] = [
  ...ofFloats.map(name => ofFloat(name, name, (g, x) => unary(g, name, x))),
  row('Exp', 'Exp', (g, { x }) => unary(g, 'Exp', cast(g, x, 'float32'))),
  ...roundings.map(name => row(name, name, (g, { x }) => (x.dtype === 'float32' ? unary(g, name, x) : x))),
  row('Neg', 'Neg', (g, { x }) => neg(g, x)),
  row('Abs', 'Abs', (g, { x }) => unary(g, 'Abs', x)),
  row('Sign', 'Sign', (g, { x }) => unary(g, 'Sign', x)),
  row('Square', 'Mul with itself', (g, { x }) => square(g, x)),
  ofFloat('Rsqrt', 'Reciprocal of Sqrt', (g, x) => unary(g, 'Reciprocal', unary(g, 'Sqrt', x))),
  ofFloat(
    'Expm1',
    'tanh(x / 2) · (eˣ + 1)',
    (g, x) => mul(g, unary(g, 'Tanh', mul(g, x, g.uniform(0.5))), add(g, unary(g, 'Exp', x), g.uniform(1))),
    'Exp − 1 loses the digits near 0 that it is there for: Adam’s first steps were off by 1e-5',
  ),
  ofFloat(
    'Log1p',
    'log(u) · x / (u − 1) with u = 1 + x; x where u is 1 (Kahan)',
    (g, x) => {
      const u = add(g, x, g.uniform(1));
      const whole = binary(g, 'Equal', u, g.uniform(1), 'bool');
      return where(g, whole, x, mul(g, unary(g, 'Log', u), div(g, x, sub(g, u, g.uniform(1)))));
    },
    'Log of 1 + x loses the digits near 0; x at infinity is not kept',
  ),
  row<'x', { clipValueMin: number; clipValueMax: number }>('ClipByValue', 'Clip', (g, { x }, attributes) =>
    clip(g, x, attributes.clipValueMin, attributes.clipValueMax),
  ),
  row<'x', { dtype: 'float32' | 'int32' | 'bool' }>('Cast', 'Cast', (g, { x }, { dtype }) =>
    cast(g, x, dtype),
  ),
];
