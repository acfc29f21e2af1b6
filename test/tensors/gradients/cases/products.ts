import { tf } from '../../../../src/tensors/index.ts';
import { at, type Case, type Cases, of, runKernel } from './case.ts';

const transposes = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
] as const;
const turned = (turn: boolean, [...shape]: number[]): number[] =>
  turn ? [...shape.slice(0, -2), ...shape.slice(-2).reverse()] : shape;
const matrices = (a: number[], b: number[]): Case[] =>
  transposes.map(([left, right]) => {
    const shapes = [turned(left, a), turned(right, b)];
    return of(
      `of ${JSON.stringify(shapes)}`,
      shapes.map(shape => at(...shape)),
      (x, y) => tf.matMul(x, y, left, right),
    );
  });

const conv = (name: string, x: number[], filter: number[], f: Case['f']): Case =>
  of(name, [at(...x), at(...filter)], f);

export const products: Cases = {
  BatchMatMul: [
    ...matrices([2, 3], [3, 4]),
    ...matrices([2, 2, 3], [2, 3, 2]),
    ...matrices([3, 2, 3], [1, 3, 2]),
    ...matrices([1, 2, 3], [3, 3, 2]),
    ...matrices([2, 2, 3], [3, 4]),
  ],
  Conv2D: [
    conv('same', [2, 4, 3, 2], [3, 2, 2, 3], (x, filter) => tf.conv2d(x, filter, 1, 'same')),
    conv('valid, with strides', [1, 5, 6, 2], [2, 3, 2, 2], (x, filter) =>
      tf.conv2d(x, filter, [2, 3], 'valid'),
    ),
    conv('same, with strides', [1, 5, 4, 1], [3, 3, 1, 2], (x, filter) => tf.conv2d(x, filter, 2, 'same')),
    conv('dilated', [1, 6, 5, 1], [2, 2, 1, 2], (x, filter) =>
      tf.conv2d(x, filter, 1, 'same', 'NHWC', [3, 2]),
    ),
    conv('padded by numbers', [1, 4, 4, 1], [3, 3, 1, 1], (x, filter) => tf.conv2d(x, filter, 1, 1)),
    conv('one pixel', [2, 2, 3, 2], [1, 1, 2, 3], (x, filter) => tf.conv2d(x, filter, 1, 'same')),
  ],
  Conv2DBackpropInput: [
    conv('transposed', [1, 3, 2, 2], [3, 2, 3, 2], (x, filter) =>
      tf.conv2dTranspose(x, filter, [1, 6, 4, 3], 2, 'same'),
    ),
  ],
  Conv2DBackpropFilter: [
    conv('of both', [1, 4, 4, 2], [1, 2, 2, 3], (x, dy) =>
      runKernel(
        'Conv2DBackpropFilter',
        { x, dy },
        { strides: 2, pad: 'same', dataFormat: 'NHWC', filterShape: [3, 3, 2, 3] },
      ),
    ),
  ],
  DepthwiseConv2dNative: [
    conv('same', [2, 4, 3, 2], [3, 2, 2, 2], (x, filter) => tf.depthwiseConv2d(x, filter, 1, 'same')),
    conv('with strides', [1, 5, 5, 2], [2, 2, 2, 1], (x, filter) =>
      tf.depthwiseConv2d(x, filter, 2, 'valid'),
    ),
    conv('dilated', [1, 5, 5, 1], [2, 3, 1, 2], (x, filter) =>
      tf.depthwiseConv2d(x, filter, 1, 'same', 'NHWC', [2, 2]),
    ),
  ],
  DepthwiseConv2dNativeBackpropInput: [
    conv('of both', [1, 2, 3, 4], [3, 2, 2, 2], (dy, filter) =>
      runKernel(
        'DepthwiseConv2dNativeBackpropInput',
        { dy, filter },
        { strides: [2, 2], dilations: [1, 1], pad: 'same', inputShape: [1, 4, 5, 2] },
      ),
    ),
  ],
  DepthwiseConv2dNativeBackpropFilter: [
    conv('of both', [1, 4, 5, 2], [1, 2, 3, 4], (x, dy) =>
      runKernel(
        'DepthwiseConv2dNativeBackpropFilter',
        { x, dy },
        { strides: [2, 2], dilations: [1, 1], pad: 'same', filterShape: [3, 2, 2, 2] },
      ),
    ),
  ],
  MaxPool: [
    of('apart', [at(2, 4, 4, 2)], x => tf.maxPool(x, 2, 2, 'valid')),
    of('overlapping, padded', [at(1, 5, 4, 2)], x => tf.maxPool(x, [3, 2], [2, 1], 'same')),
  ],
  AvgPool: [
    of('apart', [at(2, 4, 4, 2)], x => tf.avgPool(x, 2, 2, 'valid')),
    of('overlapping, padded', [at(1, 5, 4, 2)], x => tf.avgPool(x, [3, 2], [2, 1], 'same')),
  ],
  ResizeBilinear: resizes(tf.image.resizeBilinear),
  ResizeNearestNeighbor: resizes(tf.image.resizeNearestNeighbor),
};

function resizes(
  f: (x: tf.Tensor4D, size: [number, number], corners: boolean, half: boolean) => tf.Tensor,
): Case[] {
  const sizes: [number, number][] = [
    [5, 7],
    [2, 2],
    [1, 3],
    [3, 4],
  ];
  return sizes.flatMap(size =>
    [
      [false, false],
      [true, false],
      [false, true],
    ].map(([corners, half]) =>
      of(`to ${size}${corners ? ', corners' : ''}${half ? ', half pixels' : ''}`, [at(2, 3, 4, 2)], x =>
        f(x, size, corners, half),
      ),
    ),
  );
}
