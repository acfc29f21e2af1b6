import { type Row, row } from './row.ts';

type TensorDtype = 'float32' | 'int32' | 'bool';

export const constantRows: readonly Row[] = [
  row('ZerosLike', 'a constant', (g, { x }) => g.uniform(0, x.shape, x.dtype)),
  row('OnesLike', 'a constant', (g, { x }) => g.uniform(1, x.shape, x.dtype)),
  row<never, { shape: number[]; value: number; dtype: TensorDtype }>(
    'Fill',
    'a constant',
    (g, _, { shape, value, dtype }) => g.uniform(value, shape, dtype),
  ),
  row<never, { start: number; stop: number; step: number; dtype: 'float32' | 'int32' }>(
    'Range',
    'a constant',
    (g, _, { start, stop, step, dtype }) => {
      const length = Math.max(0, Math.ceil((stop - start) / step));
      const at = (_: unknown, i: number) => start + i * step;
      const data = dtype === 'int32' ? Int32Array.from({ length }, at) : Float32Array.from({ length }, at);
      return g.constant(data, [length], dtype);
    },
    'tfjs adds step upon step, and its rounding errors with it',
  ),
  row<never, { start: number; stop: number; num: number }>(
    'LinSpace',
    'a constant',
    (g, _, { start, stop, num }) => {
      const step = num > 1 ? (stop - start) / (num - 1) : 0;
      return g.constant(
        Float32Array.from({ length: num }, (_, i) => start + i * step),
        [num],
        'float32',
      );
    },
  ),
];
