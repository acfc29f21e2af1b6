import type { GraphBuilder } from '../graph/builder.ts';
import { add, cast, clip, neg, square, sub, unary } from '../graph/elementwise.ts';
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
  ofFloat('Expm1', 'Exp − 1', (g, x) => sub(g, unary(g, 'Exp', x), g.uniform(1)), 'loses digits near 0'),
  ofFloat('Log1p', 'Log of 1 + x', (g, x) => unary(g, 'Log', add(g, x, g.uniform(1))), 'loses digits near 0'),
  row<'x', { clipValueMin: number; clipValueMax: number }>('ClipByValue', 'Clip', (g, { x }, attributes) =>
    clip(g, x, attributes.clipValueMin, attributes.clipValueMax),
  ),
  row<'x', { dtype: 'float32' | 'int32' | 'bool' }>('Cast', 'Cast', (g, { x }, { dtype }) =>
    cast(g, x, dtype),
  ),
];
