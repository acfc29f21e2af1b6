import { TroupeError, usageError } from '../../core/errors.ts';

/** A prompt and its possible ends, as tokens. */
export interface RankQuery {
  readonly prompt: readonly number[];
  readonly options: readonly (readonly number[])[];
}

/** What a model makes of a query. */
export interface RankReply {
  /** log p(option | prompt): the sum over the option's tokens, whatever their number */
  readonly logp: readonly number[];
  /** Of each option, whether each of its tokens is the most probable one after what stands before it. */
  readonly said: readonly boolean[];
}

/** The place of the option that is most probable; of equal ones the first. */
export function bestOption(logp: readonly number[]): number {
  if (logp.length === 0 || logp.some(Number.isNaN)) {
    throw new TroupeError(`ranking: expected log-probabilities, got [${logp.join(', ')}]`);
  }
  return logp.indexOf(Math.max(...logp));
}

/** What one row of a scoring program reads, and which tokens it is asked about where. */
export interface ScoreRow {
  readonly ids: readonly number[];
  /** After which of its tokens. */
  readonly at: readonly number[];
  readonly tokens: readonly number[];
}

/**
 * The rows for a query: options of one token each share one row, others have a copy of the prompt each.
 * @returns one row, or one an option
 */
export function rowsOfQuery({ prompt, options }: RankQuery): readonly ScoreRow[] {
  if (prompt.length === 0 || options.some(({ length }) => length === 0)) {
    throw usageError('rank query: expected at least one token of the prompt and of each option');
  }
  const last = prompt.length - 1;
  if (options.every(({ length }) => length === 1)) {
    return [{ ids: prompt, at: options.map(() => last), tokens: options.flat() }];
  }
  return options.map(option => ({
    ids: [...prompt, ...option.slice(0, -1)],
    at: option.map((_, i) => last + i),
    tokens: option,
  }));
}

/** What a scoring program says of a row: of each place that is asked about. */
export interface ScoredRow {
  readonly logp: readonly number[];
  readonly said: readonly boolean[];
}

/** The reply to a query from its scored rows. */
export function replyOf({ options }: RankQuery, scored: readonly ScoredRow[]): RankReply {
  // With one option of one token both readings of the rows are the same.
  if (scored.length === 1 && options.length > 1) return scored[0];
  return {
    logp: scored.map(({ logp }) => logp.reduce((sum, one) => sum + one, 0)),
    said: scored.map(({ said }) => said.every(Boolean)),
  };
}
