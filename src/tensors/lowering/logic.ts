import type { GraphBuilder } from '../graph/builder.ts';
import { binary, cast, unary, where } from '../graph/elementwise.ts';
import type { Value } from '../graph/values.ts';
import { type Row, row, twoOperands } from './row.ts';

const comparison = (kernel: string, onnx: string): Row =>
  twoOperands(kernel, onnx, (g, a, b) => compared(g, onnx, a, b), 'bool operands are compared as int32');

function compared(g: GraphBuilder, op: string, a: Value, b: Value): Value {
  return a.dtype === 'bool'
    ? binary(g, op, cast(g, a, 'int32'), cast(g, b, 'int32'), 'bool')
    : binary(g, op, a, b, 'bool');
}

/** What only floats can be: other numbers are not. */
const onFloats = (
  kernel: string,
  onnx: string,
  otherwise: number,
  test: (g: GraphBuilder, x: Value) => Value,
) =>
  row(kernel, onnx, (g, { x }) =>
    x.dtype === 'float32' ? test(g, x) : g.uniform(otherwise, x.shape, 'bool'),
  );

export const logicRows: readonly Row[] = [
  comparison('Greater', 'Greater'),
  comparison('GreaterEqual', 'GreaterOrEqual'),
  comparison('Less', 'Less'),
  comparison('LessEqual', 'LessOrEqual'),
  comparison('Equal', 'Equal'),
  twoOperands('NotEqual', 'Not of Equal', (g, a, b) => unary(g, 'Not', compared(g, 'Equal', a, b))),
  twoOperands('LogicalAnd', 'And', (g, a, b) => binary(g, 'And', a, b)),
  twoOperands('LogicalOr', 'Or', (g, a, b) => binary(g, 'Or', a, b)),
  row('LogicalNot', 'Not', (g, { x }) => unary(g, 'Not', x)),
  onFloats('IsNan', 'IsNaN', 0, (g, x) => unary(g, 'IsNaN', x, 'bool')),
  onFloats('IsInf', 'IsInf', 0, (g, x) => unary(g, 'IsInf', x, 'bool')),
  onFloats('IsFinite', 'Abs less than infinity', 1, (g, x) =>
    binary(g, 'Less', unary(g, 'Abs', x), g.uniform(Number.POSITIVE_INFINITY), 'bool'),
  ),
  row<'condition' | 't' | 'e'>('Select', 'Where', (g, { condition, t, e }) => where(g, condition, t, e)),
];
