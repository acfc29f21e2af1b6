import type { Tensor } from '@tensorflow/tfjs-core';
import { check, fixed, floats, type Given, kernel } from './case.ts';

type X = Tensor;

const NO_OP = 'no operation or gradient of ours runs the kernel: tfjs-core’s own do';

/** Kernels that a step reaches only past our own operations and gradients. */
const direct = (name: string, given: Record<string, Given>, attributes: object, how = '') =>
  check(
    `${name} as a kernel${how}`,
    Object.values(given),
    (...tensors: X[]) =>
      kernel(name, Object.fromEntries(Object.keys(given).map((input, i) => [input, tensors[i]])), attributes),
    NO_OP,
  );

const einsum = (equation: string, ...given: Given[]) =>
  check(
    `Einsum as a kernel ${equation}`,
    given,
    (...tensors: X[]) => kernel('Einsum', tensors, { equation }),
    NO_OP,
  );

const pool = (filterSize: number, strides: number, pad: string | number) => ({ filterSize, strides, pad });

const resize = (alignCorners: boolean) => ({ alignCorners, halfPixelCenters: false, size: [5, 6] });

const images = floats([1, 4, 4, 2]);
const resized = floats([1, 5, 6, 2]);
const vector = floats([3]);
const positive = floats([3], 0.2, 1);

const strided = (begin: number[], end: number[], strides: number[], masks: object = {}) => ({
  begin,
  end,
  strides,
  beginMask: 0,
  endMask: 0,
  ellipsisMask: 0,
  newAxisMask: 0,
  shrinkAxisMask: 0,
  ...masks,
});

export const kernelCases = [
  direct(
    'TensorScatterUpdate',
    { tensor: floats([5, 3]), indices: fixed([4, 1], [2, 1], 'int32'), updates: floats([2, 3]) },
    {},
  ),
  direct('StridedSlice', { x: floats([5, 6]) }, strided([0, 1], [5, 6], [2, 3])),
  direct('StridedSlice', { x: floats([5, 6]) }, strided([4, 5], [0, 0], [-2, -1]), ' backwards'),
  direct('StridedSlice', { x: floats([5]) }, strided([4], [-9], [-1], { endMask: 1 }), ' to the start'),
  direct(
    'StridedSlice',
    { x: floats([2, 3, 4]) },
    strided([0, 1, 0], [1, 2, 3], [1, 1, 1], { beginMask: 1, endMask: 1, shrinkAxisMask: 2 }),
    ' without an axis',
  ),
  ...[false, true].flatMap(exclusive =>
    [false, true].map(reverse =>
      direct('Cumprod', { x: floats([3, 5]) }, { axis: 1, exclusive, reverse }, ` ${exclusive} ${reverse}`),
    ),
  ),
  direct(
    'FusedBatchNorm',
    { x: floats([2, 3]), mean: vector, variance: positive, offset: vector, scale: vector },
    { varianceEpsilon: 0.01 },
  ),
  direct(
    'FusedBatchNorm',
    { x: floats([2, 3]), mean: vector, variance: positive },
    { varianceEpsilon: 0.01 },
    ' alone',
  ),
  direct('AvgPoolGrad', { dy: floats([1, 2, 2, 2]), input: images }, pool(2, 2, 'valid'), ' of tiles'),
  direct('AvgPoolGrad', { dy: floats([1, 4, 4, 2]), input: images }, pool(3, 1, 'same'), ' with padding'),
  direct(
    'AvgPoolGrad',
    { dy: floats([1, 2, 2, 2]), input: floats([1, 5, 5, 2]) },
    pool(2, 2, 'valid'),
    ' with a rest',
  ),
  direct('ResizeBilinearGrad', { images, dy: resized }, resize(false)),
  direct('ResizeBilinearGrad', { images, dy: resized }, resize(true), ' with corners aligned'),
  direct('ResizeNearestNeighborGrad', { images, dy: resized }, resize(false)),
  direct('ResizeNearestNeighborGrad', { images, dy: resized }, resize(true), ' with corners aligned'),
  direct('Softmax', { logits: floats([3, 5]) }, { dim: -1 }),
  einsum('ij,jk->ik', floats([2, 3]), floats([3, 4])),
  einsum('ij,kj->ik', floats([2, 3]), floats([4, 3])),
  einsum('ji,jk->ki', floats([3, 2]), floats([3, 4])),
  einsum('i,i->', floats([4]), floats([4])),
  einsum('i,j->ij', floats([4]), floats([3])),
  einsum('ij->ji', floats([2, 3])),
  einsum('ijk->j', floats([2, 3, 4])),
  einsum('bhqd,bhkd->bhqk', floats([2, 2, 3, 4]), floats([2, 2, 5, 4])),
  einsum('bqhd,bkhd->bhqk', floats([2, 3, 2, 4]), floats([2, 5, 2, 4])),
  einsum('bi,bi->b', floats([3, 4]), floats([3, 4])),
  einsum('ijk,jl->il', floats([2, 3, 4]), floats([3, 5])),
  einsum('ij,j->ij', floats([2, 3]), floats([3])),
];
