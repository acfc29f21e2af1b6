import type { HostTensor } from './contract.ts';

/** Rows that a program need not see together go through it so many at a time: at once they would take their memory. */
const BLOCK = 4096;

/**
 * Ranges that cover `rows` rows. All are of one length, since a program's shapes hold from its first call on: the last
 * one reaches back to rows of the one before it.
 */
export function* rowBlocks(rows: number): Generator<readonly [from: number, to: number]> {
  const length = Math.min(rows, BLOCK);
  for (let at = 0; at < rows; at += length) {
    const from = Math.min(at, rows - length);
    yield [from, from + length];
  }
}

/** Some rows of a tensor, [to − from, …]: a view. */
export function rowsOf({ shape: [rows, ...rest], data }: HostTensor, from: number, to: number): HostTensor {
  const width = data.length / rows;
  return { shape: [to - from, ...rest], data: data.subarray(from * width, to * width) };
}
