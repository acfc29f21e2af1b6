import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initTensors, type Tensor, tf } from '../../../src/tensors/index.ts';
import { at, between, type Case, indices, of } from '../gradients/cases/case.ts';
import { mismatches } from '../gradients/differentiate.ts';

const values = (f: () => Tensor): number[] => {
  const found: number[] = [];
  tf.tidy(() => void found.push(...f().dataSync()));
  return found;
};
const slice =
  (begin: number[], end: number[], strides?: number[], ...masks: number[]) =>
  (x: Tensor) =>
    tf.stridedSlice(x, begin, end, strides, ...masks);

const cases: readonly Case[] = [
  of('batchNorm without scale and offset', [at(4, 3), at(3), between(0.5, 2, 3)], (x, m, v) =>
    tf.batchNorm(x, m, v),
  ),
  of('batchNorm with an offset', [at(4, 3), at(3), between(0.5, 2, 3), at(3)], (x, m, v, o) =>
    tf.batchNorm(x, m, v, o),
  ),
  of('batchNorm of images', [at(2, 2, 2, 3), at(3), between(0.5, 2, 3), at(3), at(3)], (x, m, v, o, s) =>
    tf.batchNorm4d(x, m, v, o, s, 0.1),
  ),
  of('einsum of matrices', [at(2, 3), at(3, 4)], (a, b) => tf.einsum('ij,jk->ik', a, b)),
  of('einsum, both turned', [at(3, 2), at(4, 3)], (a, b) => tf.einsum('ji,kj->ki', a, b)),
  of('einsum of attention', [at(2, 3, 2, 2), at(2, 4, 2, 2)], (q, k) => tf.einsum('bqhd,bkhd->bhqk', q, k)),
  of('einsum with two sums', [at(2, 3, 4), at(3, 4, 2)], (a, b) => tf.einsum('ijk,jkl->li', a, b)),
  of('einsum of an outer product', [at(3), at(2)], (a, b) => tf.einsum('i,j->ji', a, b)),
  of('einsum element by element', [at(2, 3), at(3, 2)], (a, b) => tf.einsum('ij,ji->ij', a, b)),
  of('einsum of a sum', [at(2, 3, 2)], a => tf.einsum('ijk->ki', a)),
  of('einsum of a product of sums', [at(2, 3), at(4, 2)], (a, b) => tf.einsum('ij,ki->i', a, b)),
  of('einsum of three', [at(2, 3), at(3, 2), at(2, 2)], (a, b, c) => tf.einsum('ij,jk,kl->il', a, b, c)),
  of('einsum to a scalar', [at(3), at(3)], (a, b) => tf.einsum('i,i->', a, b)),
  ...([undefined, 0, -1, [0, 2]] as const).flatMap(axis =>
    [false, true].map(keep =>
      of(`logSumExp along ${axis} ${keep}`, [at(2, 3, 2)], x => tf.logSumExp(x, axis as number, keep)),
    ),
  ),
  of('cumsum along an axis from the end', [at(2, 3, 2)], x => tf.cumsum(x, -2)),
  of('cumprod along an axis from the end', [at(2, 3, 2)], x => tf.cumprod(x, -2, true)),
  of('stridedSlice with an axis dropped', [at(3, 6)], slice([1, 0], [2, 6], [1, 2], 0, 0, 0, 0, 1)),
  of('stridedSlice backwards to the start', [at(3, 6)], slice([2, 5], [0, 0], [-1, -2], 0, 3)),
  of('tensorScatterUpdate', [at(4, 2), at(2, 2)], (x, y) =>
    tf.tensorScatterUpdate(x, indices([[3], [1]]), y),
  ),
];

describe.each(['cpu', 'wasm'])('on %s, a corrected op', backend => {
  beforeAll(async () => {
    await initTensors('eager/wasm');
    await tf.setBackend(backend);
  });
  afterAll(async () => {
    await tf.setBackend('wasm');
  });

  it.each(cases.map(test => [test.name, test] as const))('has a gradient: %s', (_, test) => {
    const before = tf.memory().numTensors;
    expect(mismatches(test, 2e-3, 12)).toEqual([]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('einsum says what NumPy says', () => {
    const a = tf.reshape(tf.range(0, 6), [2, 3]);
    const b = tf.reshape(tf.range(0, 12), [3, 4]);
    expect(values(() => tf.einsum('ij,jk->ik', a, b))).toEqual([20, 23, 26, 29, 56, 68, 80, 92]);
    expect(values(() => tf.einsum('ij,jk->ki', a, b))).toEqual([20, 56, 23, 68, 26, 80, 29, 92]);
    expect(values(() => tf.einsum('ij,jk->', a, b))).toEqual([394]);
    expect(values(() => tf.einsum('ij->j', a))).toEqual([3, 5, 7]);
    expect(values(() => tf.einsum(' ij , ij -> i ', a, a))).toEqual([5, 50]);
    expect(tf.einsum('ij,kl->ljik', a, b).shape).toEqual([4, 3, 2, 3]);
    tf.dispose([a, b]);
  });

  it.each([
    ['ij,jk', 'expected terms of letters, like bij,bjk->bik'],
    ['ij->ij', 'expected 1 tensors, got 2'],
    ['ij,jkl->i', 'expected rank 3 of tensor 1, got shape [3, 4]'],
    ['ij,kj->i', 'expected 3 of axis j in tensor 1, got 4'],
    ['ii,jk->i', 'expected 2 of axis i in tensor 0, got 3'],
    ['ij,jk->iik', 'expected every letter once in iik'],
    ['ij,jk->iz', 'expected axis z in one of the terms'],
  ])('einsum refuses %s', (equation, reason) => {
    tf.tidy(() => {
      expect(() => tf.einsum(equation, tf.zeros([2, 3]), tf.zeros([3, 4]))).toThrow(
        `tf.einsum: ${equation}: ${reason}`,
      );
    });
  });

  it('stridedSlice says what NumPy says', () => {
    tf.tidy(() => {
      const x = tf.reshape(tf.range(0, 18, 1, 'int32'), [3, 6]);
      const row = slice([1, 0], [2, 6], [1, 2], 0, 0, 0, 0, 1)(x);
      expect([row.shape, row.dtype, [...row.dataSync()]]).toEqual([[3], 'int32', [6, 8, 10]]);
      const back = slice([-1, -1], [0, 0], [-1, -2], 0, 3)(x);
      expect([back.shape, [...back.dataSync()]]).toEqual([
        [3, 3],
        [17, 15, 13, 11, 9, 7, 5, 3, 1],
      ]);
      const wider = slice([0, 0, 1], [0, 0, 6], [1, 1, 2], 3, 3, 0, 2)(x);
      expect([wider.shape, [...wider.dataSync()]]).toEqual([
        [3, 1, 3],
        [1, 3, 5, 7, 9, 11, 13, 15, 17],
      ]);
      expect(slice([2], [1])(x).shape).toEqual([0, 6]);
    });
  });

  it('tensorScatterUpdate leaves its input alone', () => {
    tf.tidy(() => {
      const x = tf.tensor1d([1, 2, 3]);
      const y = tf.tensorScatterUpdate(x, indices([[1]]), tf.tensor1d([0]));
      expect([[...x.dataSync()], [...y.dataSync()]]).toEqual([
        [1, 2, 3],
        [1, 0, 3],
      ]);
    });
  });

  it('batchNorm says what it normalises, and checks ranks', () => {
    tf.tidy(() => {
      // (3 − 1) · 4 / √(0.75 + 0.25) + 5
      expect(values(() => tf.batchNorm([[3]], [1], [0.75], [5], [4], 0.25))).toEqual([13]);
      expect(() => tf.batchNorm2d(tf.zeros([2]) as never, [0], [1])).toThrow(
        'tf.batchNorm2d: expected x of rank 2, got shape [2]',
      );
    });
  });
});
