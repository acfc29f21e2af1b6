import { tf } from '../../../../src/tensors/index.ts';
import { at, type Case, type Cases, of } from './case.ts';

const slices: readonly [number[], number[], number[], number[]?][] = [
  [
    [0, 0],
    [5, 7],
    [2, 3],
  ],
  [
    [1, 2],
    [5, 6],
    [3, 2],
  ],
  [
    [4, 6],
    [0, 1],
    [-2, -1],
  ],
  [
    [4, -1],
    [-6, -8],
    [-1, -3],
  ],
  [
    [1, 0],
    [2, 6],
    [1, 2],
    [0, 0, 0, 0, 1],
  ],
  [
    [0, 2],
    [3, 0],
    [2, 1],
    [1, 2],
  ],
  [
    [2, 0, 0],
    [4, 0, 7],
    [1, 1, 2],
    [0, 0, 0, 2],
  ],
  [
    [0, 0],
    [0, 3],
    [1, 2],
    [0, 0, 1],
  ],
];
const convolved =
  (f: Case['f']): Case['f'] =>
  x =>
    f(tf.square(x));

export const shapes: Cases = {
  Reshape: [of('to a matrix', [at(6)], x => tf.reshape(x, [2, 3]))],
  ExpandDims: [of('in the middle', [at(2, 3)], x => tf.expandDims(x, 1))],
  Transpose: [
    of('of a matrix', [at(2, 3)], x => tf.transpose(x)),
    of('of three axes, round', [at(2, 3, 4)], x => tf.transpose(x, [1, 2, 0])),
  ],
  Reverse: [of('all', [at(2, 3)], x => tf.reverse(x)), of('one axis', [at(2, 3)], x => tf.reverse(x, -1))],
  Concat: [
    of('rows', [at(2, 3), at(1, 3), at(4, 3)], (...parts) => tf.concat(parts)),
    of('columns', [at(2, 3), at(2, 2)], (...parts) => tf.concat(parts, -1)),
    of('of a tensor with itself', [at(2, 3)], x => tf.square(tf.concat([x, x], 1))),
  ],
  SplitV: [
    of('into parts, all used', [at(2, 6)], x => tf.mul(...(tf.split(x, 2, 1) as [tf.Tensor, tf.Tensor]))),
    of('into parts, one used', [at(5, 2)], x => tf.split(x, [1, 3, 1])[1]),
    of('into one part', [at(4)], x => tf.split(x, 1)[0]),
  ],
  Pack: [of('along the last axis', [at(2, 3), at(2, 3)], (a, b) => tf.stack([a, b], -1))],
  Unpack: [
    of('all used', [at(2, 3)], x => tf.mul(...(tf.unstack(x) as [tf.Tensor, tf.Tensor]))),
    of('one used', [at(2, 3)], x => tf.unstack(x, 1)[2]),
  ],
  Tile: [
    of('both axes', [at(2, 3)], x => tf.tile(x, [2, 3])),
    of('one of three axes', [at(2, 3, 2)], x => tf.tile(x, [1, 2, 1])),
    of('an axis of one', [at(2, 1)], x => tf.tile(x, [1, 4])),
    of('not at all', [at(2)], x => tf.tile(x, [1])),
  ],
  PadV2: [
    of('on three sides', [at(2, 3)], x =>
      tf.pad(
        x,
        [
          [1, 0],
          [2, 1],
        ],
        7,
      ),
    ),
  ],
  MirrorPad: (['reflect', 'symmetric'] as const).flatMap(mode => [
    of(`${mode}, a vector`, [at(5)], x => tf.mirrorPad(x, [[3, 4]], mode)),
    of(`${mode}, a matrix`, [at(3, 4)], x =>
      tf.mirrorPad(
        x,
        [
          [2, 1],
          [0, 3],
        ],
        mode,
      ),
    ),
    of(`${mode}, nothing`, [at(3)], x => tf.mirrorPad(x, [[0, 0]], mode)),
  ]),
  Slice: [
    of('of a matrix', [at(4, 5)], x => tf.slice(x, [1, 2], [2, -1])),
    of('by a number', [at(4, 2)], x => tf.slice(x, 1, 2)),
    of('of everything', [at(4)], x => tf.slice(x, 0)),
  ],
  StridedSlice: slices.map(([begin, end, strides, masks = []]) =>
    of(`${JSON.stringify([begin, end, strides])} ${masks}`, [at(5, 7)], x =>
      tf.stridedSlice(x, begin, end, strides, ...masks),
    ),
  ),
  SpaceToBatchND: [
    of(
      'padded',
      [at(1, 4, 3, 1)],
      convolved(x =>
        tf.spaceToBatchND(
          x,
          [2, 2],
          [
            [0, 0],
            [1, 0],
          ],
        ),
      ),
    ),
  ],
  BatchToSpaceND: [
    of(
      'cropped',
      [at(4, 2, 2, 1)],
      convolved(x =>
        tf.batchToSpaceND(
          x,
          [2, 2],
          [
            [0, 1],
            [1, 0],
          ],
        ),
      ),
    ),
  ],
  DepthToSpace: [
    of(
      'channels last',
      [at(2, 2, 1, 8)],
      convolved(x => tf.depthToSpace(x, 2, 'NHWC')),
    ),
  ],
};
