import type { GraphBuilder } from '../graph/builder.ts';
import { add, binary, cast, div, mul, neg, square, sub, unary, where } from '../graph/elementwise.ts';
import { reshape } from '../graph/shapes.ts';
import type { Value } from '../graph/values.ts';
import { type Row, row } from './row.ts';

type Operation = (g: GraphBuilder, a: Value, b: Value) => Value;

const twoOperands = (kernel: string, onnx: string, lower: Operation, traps?: string): Row =>
  row<'a' | 'b'>(kernel, onnx, (g, { a, b }) => lower(g, a, b), traps);

const comparison = (kernel: string, onnx: string): Row =>
  twoOperands(kernel, onnx, (g, a, b) => compared(g, onnx, a, b), 'bool operands are compared as int32');

function compared(g: GraphBuilder, op: string, a: Value, b: Value): Value {
  return a.dtype === 'bool'
    ? binary(g, op, cast(g, a, 'int32'), cast(g, b, 'int32'), 'bool')
    : binary(g, op, a, b, 'bool');
}

/** Kernels that ONNX has by the same name, element by element. */
const sameName = [
  'Neg',
  'Exp',
  'Log',
  'Sqrt',
  'Abs',
  'Sign',
  'Tanh',
  'Sigmoid',
  'Relu',
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
  'Floor',
  'Ceil',
  'Round',
  'Reciprocal',
  'Erf',
] as const; // prettier-ignore

const lessOne = (g: GraphBuilder, x: Value) => sub(g, x, g.uniform(1));

export const elementwiseRows: readonly Row[] = [
  twoOperands('Add', 'Add', add),
  twoOperands('Sub', 'Sub', sub),
  twoOperands('Multiply', 'Mul; And where both are bool', (g, a, b) =>
    a.dtype === 'bool' ? binary(g, 'And', a, b) : mul(g, a, b),
  ),
  twoOperands('RealDiv', 'Div', div),
  twoOperands('Maximum', 'Max', (g, a, b) => binary(g, 'Max', a, b)),
  twoOperands('Minimum', 'Min', (g, a, b) => binary(g, 'Min', a, b)),
  twoOperands('Pow', 'Pow', (g, a, b) => binary(g, 'Pow', a, b)),
  twoOperands('SquaredDifference', 'Sub, then Mul with itself', (g, a, b) => square(g, sub(g, a, b))),
  comparison('Greater', 'Greater'),
  comparison('GreaterEqual', 'GreaterOrEqual'),
  comparison('Less', 'Less'),
  comparison('LessEqual', 'LessOrEqual'),
  comparison('Equal', 'Equal'),
  twoOperands('NotEqual', 'Not of Equal', (g, a, b) => unary(g, 'Not', compared(g, 'Equal', a, b))),
  twoOperands('LogicalAnd', 'And', (g, a, b) => binary(g, 'And', a, b)),
  twoOperands('LogicalOr', 'Or', (g, a, b) => binary(g, 'Or', a, b)),
  row('LogicalNot', 'Not', (g, { x }) => unary(g, 'Not', x)),
  ...sameName.map(name => row(name, name, (g, { x }) => (name === 'Neg' ? neg(g, x) : unary(g, name, x)))),
  row('Square', 'Mul with itself', (g, { x }) => square(g, x)),
  row('Rsqrt', 'Reciprocal of Sqrt', (g, { x }) => unary(g, 'Reciprocal', unary(g, 'Sqrt', x))),
  row('Expm1', 'Exp − 1', (g, { x }) => lessOne(g, unary(g, 'Exp', x)), 'loses digits near 0'),
  row('Log1p', 'Log of 1 + x', (g, { x }) => unary(g, 'Log', add(g, x, g.uniform(1))), 'loses digits near 0'),
  row<'x', { clipValueMin: number; clipValueMax: number }>('ClipByValue', 'Clip', (g, { x }, attributes) =>
    clip(g, x, attributes.clipValueMin, attributes.clipValueMax),
  ),
  row('Relu6', 'Clip to 0…6', (g, { x }) => clip(g, x, 0, 6)),
  row<'x', { alpha: number }>(
    'Step',
    'Cast of Greater than 0; Where for a slope below 0',
    (g, { x }, { alpha }) => {
      const positive = binary(g, 'Greater', x, g.uniform(0, [], x.dtype), 'bool');
      if (alpha === 0) return cast(g, positive, x.dtype);
      return where(g, positive, g.uniform(1, [], x.dtype), g.uniform(alpha, [], x.dtype));
    },
    'tfjs gives NaN for NaN, this 0',
  ),
  row<'x', { alpha: number }>('LeakyRelu', 'LeakyRelu', (g, { x }, { alpha }) =>
    g.node('LeakyRelu', [x], x, { alpha: { float: alpha } }),
  ),
  row<'x' | 'alpha'>('Prelu', 'PRelu', (g, { x, alpha }) => g.node('PRelu', [x, alpha], x)),
  row<'dy' | 'y'>('EluGrad', 'Where(y ≥ 0, dy, dy · (y + 1))', (g, { dy, y }) =>
    where(g, binary(g, 'GreaterOrEqual', y, g.uniform(0), 'bool'), dy, mul(g, dy, add(g, y, g.uniform(1)))),
  ),
  row<'x', { dtype: 'float32' | 'int32' | 'bool' }>('Cast', 'Cast', (g, { x }, { dtype }) =>
    cast(g, x, dtype),
  ),
  row<'condition' | 't' | 'e'>(
    'Select',
    'Where',
    (g, { condition, t, e }) => {
      const missing = t.shape.length - condition.shape.length;
      const shape = [...condition.shape, ...new Array<number>(Math.max(0, missing)).fill(1)];
      return where(g, condition.shape.length === 0 ? condition : reshape(g, condition, shape), t, e);
    },
    'a condition of lower rank chooses along the first axes',
  ),
];

function clip(g: GraphBuilder, x: Value, low: number, high: number): Value {
  return g.node('Clip', [x, g.uniform(low, [], x.dtype), g.uniform(high, [], x.dtype)], x);
}
