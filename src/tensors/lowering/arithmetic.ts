import type { GraphBuilder } from '../graph/builder.ts';
import { add, binary, cast, div, mul, square, sub, unary, where } from '../graph/elementwise.ts';
import { uniformOf, type Value } from '../graph/values.ts';
import { type Row, row, twoOperands } from './row.ts';

export const arithmeticRows: readonly Row[] = [
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
  twoOperands('Atan2', 'Atan of Div, moved by ±π where b < 0', atan2, '−0 counts as 0'),
  twoOperands(
    'FloorDiv',
    'Cast of Floor of Div; int32 by a constant: exactly, by way of Mod',
    floorDiv,
    'the result is int32 whatever comes in; int32 by what may be 0 goes by way of floats, since it would end the process: exact below 2²⁴',
  ),
  twoOperands(
    'Mod',
    'the sign is the divisor’s: Mod(Mod(a, b) + b, b), with fmod',
    mod,
    'int32 by what may be 0 goes by way of floats: exact below 2²⁴',
  ),
  twoOperands('BitwiseAnd', 'BitwiseAnd', (g, a, b) => binary(g, 'BitwiseAnd', a, b)),
  row<string>('AddN', 'Adds', (g, terms) => {
    const [first, ...others] = Object.values<Value>(terms);
    return others.reduce((sum, term) => add(g, sum, term), first);
  }),
];

function atan2(g: GraphBuilder, y: Value, x: Value): Value {
  const [top, side] = [cast(g, y, 'float32'), cast(g, x, 'float32')];
  const [zero, pi] = [g.uniform(0), g.uniform(Math.PI)];
  const angle = unary(g, 'Atan', div(g, top, side));
  // Also where both are 0.
  const right = where(g, binary(g, 'Equal', top, zero, 'bool'), zero, angle);
  const half = where(g, binary(g, 'Less', top, zero, 'bool'), g.uniform(-Math.PI), pi);
  return add(g, right, where(g, binary(g, 'Less', side, zero, 'bool'), half, zero));
}

function floorDiv(g: GraphBuilder, a: Value, b: Value): Value {
  if (a.dtype === 'int32' && isNeverZero(b)) {
    return binary(g, 'Div', sub(g, a, binary(g, 'Mod', a, b)), b);
  }
  return cast(g, unary(g, 'Floor', div(g, cast(g, a, 'float32'), cast(g, b, 'float32'))), 'int32');
}

function mod(g: GraphBuilder, a: Value, b: Value): Value {
  if (a.dtype === 'int32' && isNeverZero(b)) return binary(g, 'Mod', a, b);
  const [dividend, divisor] = [cast(g, a, 'float32'), cast(g, b, 'float32')];
  const remainder = (of: Value) => binary(g, 'Mod', of, divisor, 'float32', { fmod: { int: 1 } });
  return cast(g, remainder(add(g, remainder(dividend), divisor)), a.dtype);
}

function isNeverZero(value: Value): boolean {
  if (value.source.kind !== 'constant') return false;
  return (uniformOf(value) ?? 1) !== 0 && !(value.source.data?.includes(0) ?? false);
}
