import { sizeOf } from '../../core/arrays.ts';
import type { GraphBuilder } from './builder.ts';
import { matMul } from './linear.ts';
import { pad } from './padding.ts';
import { fewOutputs, hasPhases, phasedCorrelation, phasedFilterGradient } from './phases.ts';
import { concat, gather, interleave, reshape, split, transpose } from './shapes.ts';
import type { Value } from './values.ts';
import { atOffset, offsetsIn, padded, type WindowAxis } from './windows.ts';

/*
 * Convolutions of images with the batch last, `[channels, height, width, batch]`. Along the width windows are slices,
 * `[size · channels, height, places, batch]`; along the height ONNX' Conv, for which width and batch are one long axis,
 * has them in the processor's cache. Measured with onnxruntime 1.30 at 14 × 14 × 16 by 3 × 3 × 32, batch 64, one thread:
 * forward, both gradients 1.4, 1.5 and 1.6 ms; with the batch first, by patches and ConvTranspose, 4.2, 2.2 and 2.5.
 */

/** What lies under each element of the window along the width, for all windows. */
function strips(g: GraphBuilder, x: Value, height: WindowAxis, width: WindowAxis): Value {
  const whole = padded(g, x, height, width, 0);
  return concat(
    g,
    offsetsIn(width.size).map(offset => atOffset(g, whole, 2, width, offset)),
    0,
  );
}

/**
 * @param x `[in, height, width, batch]`
 * @param filter `[size, size, in, out]`
 * @returns `[out, places, places, batch]`
 */
export function correlation(
  g: GraphBuilder,
  x: Value,
  filter: Value,
  height: WindowAxis,
  width: WindowAxis,
): Value {
  const out = filter.shape[3];
  const parts = width.size * x.shape[0];
  const all = strips(g, x, height, width);
  const weights = reshape(g, transpose(g, filter, [3, 1, 2, 0]), [out, parts, height.size, 1]);
  if (hasPhases(height) && fewOutputs(out, parts, height)) return phasedCorrelation(g, all, weights, height);
  return alongHeight(g, all, weights, {
    places: height.places,
    stride: height.stride,
    dilation: height.dilation,
    pads: [0, 0],
  });
}

/**
 * How much each element of the filter met.
 * @param x `[in, height, width, batch]`
 * @param dy `[out, places, places, batch]`
 * @returns `[size, size, in, out]`
 */
export function correlationFilterGradient(
  g: GraphBuilder,
  x: Value,
  dy: Value,
  height: WindowAxis,
  width: WindowAxis,
): Value {
  const [channels, out] = [x.shape[0], dy.shape[0]];
  const places = sizeOf(dy.shape.slice(1));
  const all = strips(g, x, height, width);
  if (hasPhases(height)) {
    const gradient = phasedFilterGradient(g, all, dy, height);
    return reshape(g, gradient, [height.size, width.size, channels, out]);
  }
  const rows = offsetsIn(height.size).map(offset =>
    reshape(g, atOffset(g, all, 1, height, offset), [width.size * channels, places]),
  );
  const gradients = reshape(g, dy, [out, places]);
  // One product of few rows takes as long as one of some more.
  const parts = width.size * channels < FEW_ROWS ? [concat(g, rows, 0)] : rows;
  const products = parts.map(part => matMul(g, part, gradients, false, true));
  return reshape(g, concat(g, products, 0), [height.size, width.size, channels, out]);
}

const FEW_ROWS = 16;

/**
 * Adds up what each place of the windows gives to the elements under it.
 * @param dy `[out, places, places, batch]`
 * @param filter `[size, size, in, out]`
 * @returns `[in, height, width, batch]`
 */
export function correlationInputGradient(
  g: GraphBuilder,
  dy: Value,
  filter: Value,
  height: WindowAxis,
  width: WindowAxis,
): Value {
  const [, , channels, out] = filter.shape;
  const [, , columns, batch] = dy.shape;
  const parts = width.size * channels;
  // [in · size along the width, out, size along the height, 1]
  const weights = reshape(g, transpose(g, filter, [1, 2, 3, 0]), [parts, out, height.size, 1]);
  const down = spreadAlong(g, 1, height, [parts, height.length, columns, batch], (elements, reach) => {
    const { first, count } = reach;
    // Not a Slice: on WebGPU those with steps below −1 are wrong (onnxruntime 1.30).
    const some = gather(g, weights, g.indices([...elements].reverse()), 2);
    const before = (elements.length - 1) * height.dilation - first;
    const after = count - height.places + first;
    return alongHeight(g, dy, some, {
      places: count,
      stride: 1,
      dilation: height.dilation,
      pads: [before, after],
    });
  });
  const given = split(g, down, new Array<number>(width.size).fill(channels), 0);
  return spreadAlong(
    g,
    2,
    width,
    [channels, height.length, width.length, batch],
    (elements, { first, count }) => {
      const moved = elements.map((element, i) => {
        const by = i * width.dilation - first;
        return pad(g, given[element], [
          [0, 0],
          [0, 0],
          [by, count - width.places - by],
          [0, 0],
        ]);
      });
      return moved.length === 1 ? moved[0] : g.node('Sum', moved, moved[0]);
    },
  );
}

/**
 * What windows give to the elements under them, along one axis: elements of one remainder by the stride get theirs from
 * elements of the window of that remainder.
 * @param shape of the result
 * @param give adds up what some elements of the window, a stride apart, give to `count` elements, as far apart, from
 *   `first` on
 */
function spreadAlong(
  g: GraphBuilder,
  axis: 1 | 2,
  { length, size, stride, before }: WindowAxis,
  shape: readonly number[],
  give: (elements: readonly number[], reach: { readonly first: number; readonly count: number }) => Value,
): Value {
  const count = Math.ceil(length / stride);
  const blocks = offsetsIn(stride).map(offset => {
    const [first, remainder] = [Math.floor((before + offset) / stride), (before + offset) % stride];
    const elements = offsetsIn(size).filter(element => element % stride === remainder);
    return elements.length === 0 ? g.uniform(0, shape.with(axis, count)) : give(elements, { first, count });
  });
  const whole = interleave(g, blocks, axis);
  return pad(
    g,
    whole,
    whole.shape.map((all, i) => (i === axis ? [0, length - all] : [0, 0])),
  );
}

interface Downwards {
  readonly places: number;
  readonly stride: number;
  readonly dilation: number;
  /** Rows before the first and after the last; fewer than none are left out. */
  readonly pads: readonly [number, number];
}

/** A convolution along the height, width and batch as one axis. @param weights `[out, in, size, 1]` */
function alongHeight(
  g: GraphBuilder,
  x: Value,
  weights: Value,
  { places, stride, dilation, pads: [before, after] }: Downwards,
): Value {
  const cut = pad(g, x, [
    [0, 0],
    [Math.min(0, before), Math.min(0, after)],
    [0, 0],
    [0, 0],
  ]);
  const [channels, height, width, batch] = cut.shape;
  const [out, , size] = weights.shape;
  const made = g.node(
    'Conv',
    [reshape(g, cut, [1, channels, height, width * batch]), weights],
    { dtype: x.dtype, shape: [1, out, places, width * batch] },
    {
      kernel_shape: { ints: [size, 1] },
      strides: { ints: [stride, 1] },
      dilations: { ints: [dilation, 1] },
      pads: { ints: [Math.max(0, before), 0, Math.max(0, after), 0] },
    },
  );
  return reshape(g, made, [out, places, width, batch]);
}
