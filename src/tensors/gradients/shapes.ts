import type { StridedSliceAttrs } from '@tensorflow/tfjs-core';
import * as tf from '../tfjs.ts';
import { type Row, reshaped, row, rowOfList, rowOfSeveral } from './row.ts';
import { dilate } from './strides.ts';

type Pads = readonly (readonly [number, number])[];
interface OneAxis {
  readonly axis: number;
}
interface Blocks {
  readonly blockShape: number[];
}

/** What moves numbers without changing them: gradients move them back, and add up what was copied. */
export const shapes: readonly Row[] = [
  row('Reshape', { inputs: ['x'] }, (dy, [x]) => ({ x: () => tf.reshape(dy, x.shape) })),
  row('ExpandDims', { inputs: ['input'] }, (dy, [input]) => ({ input: () => tf.reshape(dy, input.shape) })),
  row<{ perm: number[] }>('Transpose', {}, (dy, _, { perm }) => ({
    x: () => tf.transpose(dy, tf.backend_util.getUndoAxesPermutation(perm)),
  })),
  row<{ dims: number | number[] }>('Reverse', {}, (dy, _, { dims }) => ({ x: () => tf.reverse(dy, dims) })),

  rowOfList<OneAxis>('Concat', (dy, parts, { axis }) => {
    const [along] = tf.util.parseAxisParam(axis, dy.shape);
    const gradients = tf.split(
      dy,
      parts.map(part => part.shape[along]),
      along,
    );
    return gradients.map(dx => () => dx);
  }),
  rowOfSeveral<OneAxis>('SplitV', {}, (dys, _, { axis }) => ({ x: () => tf.concat([...dys], axis) })),
  rowOfList<OneAxis>('Pack', (dy, _, { axis }) => tf.unstack(dy, axis).map(dx => () => dx)),
  rowOfSeveral<OneAxis>('Unpack', {}, (dys, _, { axis }) => ({ value: () => tf.stack([...dys], axis) })),

  row<{ reps: number[] }>('Tile', { inputs: ['x'] }, (dy, [x], { reps }) => ({
    x() {
      // One sum, over an axis of copies before each axis.
      const copies = x.shape.flatMap((size, i) => (reps[i] === 1 ? [size] : [reps[i], size]));
      const axes = reps.flatMap((n, i) =>
        n === 1 ? [] : [i + reps.slice(0, i).filter(m => m !== 1).length],
      );
      return axes.length === 0 ? tf.clone(dy) : tf.sum(tf.reshape(dy, copies), axes);
    },
  })),

  row<{ paddings: Pads }>('PadV2', { inputs: ['x'] }, (dy, [x], { paddings }) => ({
    x: () =>
      tf.slice(
        dy,
        paddings.map(([before]) => before),
        x.shape,
      ),
  })),
  row<{ paddings: Pads; mode: 'reflect' | 'symmetric' }>(
    'MirrorPad',
    { inputs: ['x'] },
    (dy, [x], attributes) => ({
      x: () => foldedBack(dy, x.shape, attributes.paddings, attributes.mode === 'reflect' ? 1 : 0),
    }),
  ),
  row<{ begin: number | number[]; size: number | number[] }>(
    'Slice',
    { inputs: ['x'] },
    (dy, [x], attributes) => ({
      x() {
        const [begin, size] = tf.slice_util.parseSliceParams(x, attributes.begin, attributes.size);
        return padded(
          dy,
          begin.map((from, i) => [from, x.shape[i] - from - size[i]]),
        );
      },
    }),
  ),
  row<StridedSliceAttrs>('StridedSlice', { inputs: ['x'] }, (dy, [x], attributes) => ({
    x: () => unsliced(dy, x.shape, attributes),
  })),

  row<Blocks & { paddings: number[][] }>('SpaceToBatchND', {}, (dy, _, { blockShape, paddings }) => ({
    x: () => tf.batchToSpaceND(dy, blockShape, paddings),
  })),
  row<Blocks & { crops: number[][] }>('BatchToSpaceND', {}, (dy, _, { blockShape, crops }) => ({
    x: () => tf.spaceToBatchND(dy, blockShape, crops),
  })),
  row<{ blockSize: number; dataFormat: string }>(
    'DepthToSpace',
    { inputs: ['x'] },
    (dy, [x], attributes) => ({
      x: () => spaceToDepth(dy, x.shape, attributes.blockSize, attributes.dataFormat === 'NHWC'),
    }),
  ),
];

const padded = (x: tf.Tensor, paddings: Pads): tf.Tensor =>
  paddings.every(([before, after]) => before === 0 && after === 0)
    ? tf.clone(x)
    : tf.pad(x, paddings as [number, number][]);

/** The gradient of a mirrored edge folded back onto what it mirrors, an axis at a time. @param skip the edge itself */
function foldedBack(dy: tf.Tensor, shape: readonly number[], paddings: Pads, skip: 0 | 1): tf.Tensor {
  let dx = dy;
  paddings.forEach(([before, after], axis) => {
    if (before === 0 && after === 0) return;
    const size = shape[axis];
    const part = (whole: tf.Tensor, from: number, length: number) =>
      tf.slice(
        whole,
        whole.shape.map((_, i) => (i === axis ? from : 0)),
        whole.shape.map((n, i) => (i === axis ? length : n)),
      );
    const at = (piece: tf.Tensor, from: number) =>
      padded(
        piece,
        piece.shape.map((n, i) => (i === axis ? [from, size - from - n] : [0, 0])),
      );
    const whole = dx;
    dx = part(whole, before, size);
    if (before > 0) dx = tf.add(dx, at(tf.reverse(part(whole, 0, before), axis), skip));
    if (after > 0) {
      dx = tf.add(dx, at(tf.reverse(part(whole, before + size, after), axis), size - skip - after));
    }
  });
  return dx === dy ? tf.clone(dy) : dx;
}

function unsliced(dy: tf.Tensor, shape: number[], attributes: StridedSliceAttrs): tf.Tensor {
  const { begin: from, end, strides: by } = attributes;
  const { beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attributes;
  // As cpu's and wasm's kernels: the slice has the rank of x before axes are dropped and added.
  const info = tf.slice_util.sliceInfo(
    shape,
    from,
    end,
    by,
    beginMask,
    endMask,
    ellipsisMask,
    newAxisMask,
    shrinkAxisMask,
  );
  const { begin, strides } = info;
  const counts = tf.slice_util.computeOutShape(info.begin, info.end, info.strides);
  if (counts.includes(0)) return tf.fill(shape, 0);
  let slopes = reshaped(dy, counts);
  const backwards = strides.flatMap((stride, i) => (stride < 0 ? [i] : []));
  if (backwards.length > 0) slopes = tf.reverse(slopes, backwards);
  slopes = dilate(slopes, strides.map(Math.abs));
  const first = begin.map((start, i) => (strides[i] < 0 ? start + (counts[i] - 1) * strides[i] : start));
  return padded(
    slopes,
    first.map((start, i) => [start, shape[i] - start - slopes.shape[i]]),
  );
}

/** The inverse of depthToSpace, which tfjs does not have. */
function spaceToDepth(
  x: tf.Tensor,
  shape: readonly number[],
  block: number,
  channelsLast: boolean,
): tf.Tensor {
  const [batch] = shape;
  if (channelsLast) {
    const [, height, width, channels] = shape;
    const blocks = tf.reshape(x, [batch, height, block, width, block, channels / block ** 2]);
    return tf.reshape(tf.transpose(blocks, [0, 1, 3, 2, 4, 5]), [...shape]);
  }
  const [, channels, height, width] = shape;
  const blocks = tf.reshape(x, [batch, channels / block ** 2, height, block, width, block]);
  return tf.reshape(tf.transpose(blocks, [0, 3, 5, 1, 2, 4]), [...shape]);
}
