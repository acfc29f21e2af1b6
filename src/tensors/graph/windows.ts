import type { GraphBuilder } from './builder.ts';
import { pad } from './padding.ts';
import { concat, reshape, slice, transpose } from './shapes.ts';
import type { Value } from './values.ts';

/** How a window moves along one axis of an image. */
export interface WindowAxis {
  /** Elements along the axis, before padding. */
  readonly length: number;
  /** Places of the window. */
  readonly places: number;
  /** Elements in the window. */
  readonly size: number;
  readonly stride: number;
  /** Distance between the window's elements. */
  readonly dilation: number;
  /** Padding before the first element. */
  readonly before: number;
}

/** Padding after the last element, as much as the last place needs; negative where elements stay unused. */
export const paddingAfter = ({ places, stride, size, dilation, length, before }: WindowAxis): number =>
  (places - 1) * stride + (size - 1) * dilation + 1 - length - before;

/** 0, 1, … of a window along one axis. */
export const offsetsIn = (length: number): readonly number[] => Array.from({ length }, (_, offset) => offset);

/** Whether the windows lie side by side, without padding. */
export const areTiles = (axis: WindowAxis): boolean =>
  (axis.size === axis.stride || axis.places === 1) &&
  axis.dilation === 1 &&
  axis.before === 0 &&
  paddingAfter(axis) <= 0;

/** An image, its height and width along axes 1 and 2, with what its windows need around it. */
export function padded(
  g: GraphBuilder,
  x: Value,
  height: WindowAxis,
  width: WindowAxis,
  fill: number,
): Value {
  const along = (axis: WindowAxis) => [axis.before, Math.max(0, paddingAfter(axis))] as const;
  return pad(g, x, [[0, 0], along(height), along(width), [0, 0]], fill);
}

/** What lies at one offset of all windows along one axis of a padded image. */
export function atOffset(
  g: GraphBuilder,
  x: Value,
  axis: number,
  { places, stride, dilation }: WindowAxis,
  offset: number,
): Value {
  const start = offset * dilation;
  const end = start + (places - 1) * stride + 1;
  const range = {
    starts: x.shape.map((_, i) => (i === axis ? start : 0)),
    ends: x.shape.map((length, i) => (i === axis ? end : length)),
    steps: x.shape.map((_, i) => (i === axis ? stride : 1)),
  };
  return slice(g, x, range, x.shape.with(axis, places));
}

/**
 * Windows of an image as rows: `[batch, places, places, size · size · channels]` of `[batch, height, width, channels]`.
 * First along the width, then along the height: that is size + size slices, not size · size.
 */
export function patches(
  g: GraphBuilder,
  x: Value,
  height: WindowAxis,
  width: WindowAxis,
  fill: number,
): Value {
  const whole = padded(g, x, height, width, fill);
  const columns = offsetsIn(width.size).map(offset => atOffset(g, whole, 2, width, offset));
  const strips = concat(g, columns, 3);
  const rows = offsetsIn(height.size).map(offset => atOffset(g, strips, 1, height, offset));
  return concat(g, rows, 3);
}

/** `[batch, height, width, channels]` as `[batch, channels, height, width]`. */
export const channelsFirst = (g: GraphBuilder, x: Value): Value => transpose(g, x, [0, 3, 1, 2]);

/** `[batch, channels, height, width]` as `[batch, height, width, channels]`. */
export const channelsLast = (g: GraphBuilder, x: Value): Value => transpose(g, x, [0, 2, 3, 1]);

/**
 * Adds up what each place of the windows gives to the elements under it.
 * @param x `[batch, in, places, places]`
 * @param weights `[in, out / groups, size, size]`
 * @returns `[batch, out, height, width]`
 */
export function spread(
  g: GraphBuilder,
  x: Value,
  weights: Value,
  height: WindowAxis,
  width: WindowAxis,
  groups = 1,
): Value {
  const after = [paddingAfter(height), paddingAfter(width)];
  return g.node(
    'ConvTranspose',
    [x, weights],
    {
      dtype: x.dtype,
      shape: [x.shape[0], weights.shape[1] * groups, height.length, width.length],
    },
    {
      ...windowAttributes(height, width),
      dilations: { ints: [height.dilation, width.dilation] },
      output_padding: { ints: after.map(padding => Math.max(0, -padding)) },
      ...(groups !== 1 && { group: { int: groups } }),
    },
  );
}

/** A convolution: `[batch, in, height, width]` with `[out, in / groups, size, size]` to `[batch, out, places, places]`. */
export function convolution(
  g: GraphBuilder,
  x: Value,
  weights: Value,
  height: WindowAxis,
  width: WindowAxis,
  groups = 1,
): Value {
  const shape = [x.shape[0], weights.shape[0], height.places, width.places];
  return g.node(
    'Conv',
    [x, weights],
    { dtype: x.dtype, shape },
    {
      ...windowAttributes(height, width),
      dilations: { ints: [height.dilation, width.dilation] },
      ...(groups !== 1 && { group: { int: groups } }),
    },
  );
}

/** The attributes that Conv and the pools of ONNX have in common, and ConvTranspose. */
export const windowAttributes = (height: WindowAxis, width: WindowAxis) => ({
  kernel_shape: { ints: [height.size, width.size] },
  strides: { ints: [height.stride, width.stride] },
  pads: {
    ints: [height.before, width.before, Math.max(0, paddingAfter(height)), Math.max(0, paddingAfter(width))],
  },
});

/** Batch and channels as one axis, for what is done to each channel on its own: `[batch · channels, 1, h, w]`. */
export function singly(g: GraphBuilder, x: Value): Value {
  const [batch, height, width, channels] = x.shape;
  return reshape(g, channelsFirst(g, x), [batch * channels, 1, height, width]);
}

/** Undoes `singly`. */
export function together(g: GraphBuilder, x: Value, channels: number): Value {
  const [rows, , height, width] = x.shape;
  return channelsLast(g, reshape(g, x, [rows / channels, channels, height, width]));
}
