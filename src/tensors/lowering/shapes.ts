import { sizeOf } from '../../core/arrays.ts';
import { broadcastTo, concat, reshape, slice, split, transpose } from '../graph/shapes.ts';
import { axesOf, type Row, row } from './row.ts';

export const shapeRows: readonly Row[] = [
  row('Identity', 'the value itself', (_, { x }) => x),
  row<'x', { shape: number[] }>('Reshape', 'Reshape', (g, { x }, { shape }) => {
    const known = sizeOf(shape.filter(length => length !== -1));
    return reshape(
      g,
      x,
      shape.map(length => (length === -1 ? sizeOf(x.shape) / known : length)),
    );
  }),
  row<'input', { dim: number }>('ExpandDims', 'Reshape', (g, { input }, { dim }) =>
    reshape(g, input, input.shape.toSpliced(dim < 0 ? dim + input.shape.length + 1 : dim, 0, 1)),
  ),
  row<'x', { perm: number[] }>('Transpose', 'Transpose', (g, { x }, { perm }) => transpose(g, x, perm)),
  row<string, { axis: number }>(
    'Concat',
    'Concat',
    (g, parts, { axis }) => {
      const values = Object.values(parts);
      return concat(g, values, axesOf(axis, values[0].shape.length)[0]);
    },
    'parts of length 0 are dropped',
  ),
  row<'x', { numOrSizeSplits: number | number[]; axis: number }>(
    'SplitV',
    'Split',
    (g, { x }, { numOrSizeSplits, axis }) => {
      const [along] = axesOf(axis, x.shape.length);
      const whole = x.shape[along];
      if (typeof numOrSizeSplits === 'number') {
        return split(g, x, new Array<number>(numOrSizeSplits).fill(whole / numOrSizeSplits), along);
      }
      const known = numOrSizeSplits.reduce((sum, length) => sum + Math.max(0, length), 0);
      return split(
        g,
        x,
        numOrSizeSplits.map(length => (length < 0 ? whole - known : length)),
        along,
      );
    },
    'one length may be −1',
  ),
  row<'x', { begin: number | number[]; size: number | number[] }>(
    'Slice',
    'Slice',
    (g, { x }, { begin, size }) => {
      const starts = x.shape.map((_, axis) => [begin].flat()[axis] ?? 0);
      const lengths = x.shape.map((length, axis) => {
        const given = [size].flat()[axis] ?? -1;
        return given === -1 ? length - starts[axis] : given;
      });
      const ends = starts.map((start, axis) => start + lengths[axis]);
      return slice(g, x, { starts, ends, steps: starts.map(() => 1) }, lengths);
    },
    'a size of −1 reaches to the end',
  ),
  row<'x', { shape: number[]; inputShape?: number[] }>('BroadcastTo', 'Expand', (g, { x }, { shape }) =>
    broadcastTo(g, x, shape),
  ),
  row('ZerosLike', 'a constant', (g, { x }) => g.uniform(0, x.shape, x.dtype)),
  row('OnesLike', 'a constant', (g, { x }) => g.uniform(1, x.shape, x.dtype)),
  row<never, { shape: number[]; value: number; dtype: 'float32' | 'int32' | 'bool' }>(
    'Fill',
    'a constant',
    (g, _, { shape, value, dtype }) => g.uniform(value, shape, dtype),
  ),
];
