import { expect, test } from 'vitest';
import { hostTensor, rowBlocks, rowsOf } from '../../src/tensors/index.ts';

test('few rows are one block', () => {
  expect([...rowBlocks(1)]).toEqual([[0, 1]]);
  expect([...rowBlocks(4096)]).toEqual([[0, 4096]]);
  expect([...rowBlocks(0)]).toEqual([]);
});

test('many rows are blocks of one length, of which the last reaches back', () => {
  expect([...rowBlocks(8192)]).toEqual([
    [0, 4096],
    [4096, 8192],
  ]);
  expect([...rowBlocks(4097)]).toEqual([
    [0, 4096],
    [1, 4097],
  ]);
});

test('rows of a tensor are a view', () => {
  const whole = hostTensor([3, 2], [1, 2, 3, 4, 5, 6]);
  const rows = rowsOf(whole, 1, 3);
  expect(rows).toEqual(hostTensor([2, 2], [3, 4, 5, 6]));
  rows.data[0] = 7;
  expect(whole.data[2]).toBe(7);
  expect(rowsOf(hostTensor([3], [1, 2, 3]), 2, 3)).toEqual(hostTensor([1], [3]));
});
