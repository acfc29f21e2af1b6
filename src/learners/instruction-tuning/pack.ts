import { usageError } from '../../core/errors.ts';
import { pad } from './vocabulary.ts';

/** Tokens, and from which one on they are to be predicted. */
export interface TokenSequence {
  readonly ids: readonly number[];
  /** 0: all of them count. The length of a prompt: only what comes after it does. */
  readonly from: number;
}

/** Rows of tokens of one length. */
export interface TokenRows {
  readonly rows: number;
  /** [rows, length], row-major; padded */
  readonly ids: Int32Array;
  /** [rows, length]: 1 where a token is to be predicted from those before it in the row, so never at the first */
  readonly lossMask: Float32Array;
}

const emptyRows = (rows: number, length: number) => ({
  rows,
  ids: new Int32Array(rows * length).fill(pad),
  lossMask: new Float32Array(rows * length),
});

function put(out: TokenRows, sequence: TokenSequence, row: number, at: number, length: number): void {
  sequence.ids.forEach((id, i) => {
    out.ids[row * length + at + i] = id;
    out.lossMask[row * length + at + i] = at + i > 0 && i >= sequence.from ? 1 : 0;
  });
}

function mustFit({ ids }: TokenSequence, length: number): void {
  if (ids.length <= length) return;
  throw usageError(`length = ${length}: expected at least the ${ids.length} tokens of a sequence`);
}

/** Sequences, one a row, padded to a length. @throws a usage error where one is longer */
export function padRows(sequences: readonly TokenSequence[], length: number): TokenRows {
  const out = emptyRows(sequences.length, length);
  sequences.forEach((sequence, row) => {
    mustFit(sequence, length);
    put(out, sequence, row, 0, length);
  });
  return out;
}

/**
 * Packs whole sequences into rows, one after another: a row is full where the next sequence does not fit. What separates them is
 * the mark each one ends with.
 * @param next gives the sequences, without end
 * @throws a usage error where one is longer than a row
 */
export function packRows(next: () => TokenSequence, rows: number, length: number): TokenRows {
  const out = emptyRows(rows, length);
  let row = 0;
  let at = 0;
  for (;;) {
    const sequence = next();
    mustFit(sequence, length);
    if (at + sequence.ids.length > length) {
      row++;
      at = 0;
    }
    if (row === rows) return out;
    put(out, sequence, row, at, length);
    at += sequence.ids.length;
  }
}
