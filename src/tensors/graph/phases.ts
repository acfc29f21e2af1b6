import { sizeOf } from '../../core/arrays.ts';
import type { GraphBuilder } from './builder.ts';
import { add } from './elementwise.ts';
import { matMul } from './linear.ts';
import { pad } from './padding.ts';
import { concat, reshape, slice, transpose } from './shapes.ts';
import type { Value } from './values.ts';
import { offsetsIn, type WindowAxis } from './windows.ts';

/*
 * Windows along the height whose size is a multiple of their stride: rows are parted by their remainder once, and what is left
 * is windows that move by one row. `all` is `[parts, height, places, batch]`, what lies under each element along the width. An
 * update of PlaNet from 64 × 64 pixels takes 57 ms so; with a slice for each row of the window, and ONNX' Conv where outputs are
 * few, 63.
 */

export const hasPhases = ({ size, stride, dilation }: WindowAxis): boolean =>
  stride > 1 && dilation === 1 && size % stride === 0;

/** Rows of one remainder that windows reach. */
const rowsOf = ({ size, stride, places }: WindowAxis): number => places + size / stride - 1;

/** `[parts, stride, rows of one remainder, places · batch]` */
function phases(g: GraphBuilder, all: Value, height: WindowAxis): Value {
  const [parts, length] = all.shape;
  const rows = rowsOf(height);
  const reached = pad(g, all, [
    [0, 0],
    [0, rows * height.stride - length],
    [0, 0],
    [0, 0],
  ]);
  const parted = reshape(g, reached, [parts, rows, height.stride, sizeOf(all.shape.slice(2))]);
  return transpose(g, parted, [0, 2, 1, 3]);
}

/** Whether outputs are so few that adding up moved ones costs less than copying what is under all elements of the window. */
export const fewOutputs = (out: number, parts: number, { size, stride }: WindowAxis): boolean =>
  4 * out * (size / stride) <= parts * size;

/**
 * A product for all steps of the window at once; results are moved by their step and added up.
 * @param weights `[out, parts, size, 1]`
 * @returns `[out, places, places, batch]`
 */
export function phasedCorrelation(g: GraphBuilder, all: Value, weights: Value, height: WindowAxis): Value {
  const { size, stride, places } = height;
  const [parts, , columns, batch] = all.shape;
  const out = weights.shape[0];
  const [steps, rows] = [size / stride, rowsOf(height)];
  const filter = transpose(g, reshape(g, weights, [out, parts, steps, stride]), [2, 0, 1, 3]);
  const seen = phases(g, all, height);
  const products = matMul(
    g,
    reshape(g, filter, [steps * out, parts * stride]),
    reshape(g, seen, [parts * stride, rows * columns * batch]),
  );
  const each = reshape(g, products, [steps, out, rows, columns * batch]);
  const moved = offsetsIn(steps).map(step => {
    const range = {
      starts: [step, 0, step, 0],
      ends: [step + 1, out, step + places, columns * batch],
      steps: [1, 1, 1, 1],
    };
    return slice(g, each, range, [1, out, places, columns * batch]);
  });
  return reshape(
    g,
    moved.reduce((sum, part) => add(g, sum, part)),
    [out, places, columns, batch],
  );
}

/**
 * How much each element of the filter met: one product as well, with dy below itself, moved by each step.
 * @param dy `[out, places, places, batch]`
 * @returns `[size, parts, out]`
 */
export function phasedFilterGradient(g: GraphBuilder, all: Value, dy: Value, height: WindowAxis): Value {
  const { size, stride, places } = height;
  const [parts, out] = [all.shape[0], dy.shape[0]];
  const row = sizeOf(dy.shape.slice(2));
  const [steps, rows] = [size / stride, rowsOf(height)];
  // dy with no row before it, with one, …, all of `rows`: between two of them lie `steps` rows.
  const gradients = reshape(g, dy, [out, places * row]);
  const apart = g.uniform(0, [out, steps * row]);
  const moved = concat(
    g,
    offsetsIn(steps).flatMap(step => (step === 0 ? [gradients] : [apart, gradients])),
    1,
  );
  const product = matMul(
    g,
    reshape(g, phases(g, all, height), [parts * stride, rows * row]),
    reshape(g, moved, [out * steps, rows * row]),
    false,
    true,
  );
  return transpose(g, reshape(g, product, [parts, stride, out, steps]), [3, 1, 0, 2]);
}
