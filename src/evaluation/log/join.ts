import { usageError } from '../../core/errors.ts';
import type { Design, LogRecord, Trial } from '../contract.ts';

/** What became of an arm's trials. */
export interface ArmTally {
  readonly arm: string;
  /** All that were given to it: done + failed + pending. */
  readonly assigned: number;
  readonly done: number;
  readonly failed: number;
  /** Assigned, but without an outcome (yet). */
  readonly pending: number;
}

/** A log, joined. */
export interface JoinedLog {
  readonly design: Design;
  readonly designHash: string;
  readonly seed: number;
  /** Those with an outcome and a known arm, by index: the order in which they were assigned. */
  readonly trials: readonly Trial[];
  /** In the design's order. */
  readonly arms: readonly ArmTally[];
  /** Assigned trials whose arm the log does not tell, since they were not revealed (yet). */
  readonly concealed: number;
  readonly stopped: 'fixed' | 'settled' | 'cap' | undefined;
}

/**
 * Joins assignments, reveals and outcomes. Each trial counts for the arm that it was assigned, whatever
 * happened then (intention to treat).
 * @param records of one log, as `readLog` gives them
 * @throws a usage error where they do not begin with `opened`
 */
export function trialsOf(records: Iterable<LogRecord>): JoinedLog {
  let opened: Extract<LogRecord, { type: 'opened' }> | undefined;
  let stopped: JoinedLog['stopped'];
  const arms = new Map<string, string | undefined>();
  const outcomes: Extract<LogRecord, { type: 'outcome' }>[] = [];
  for (const record of records) {
    if (record.type === 'opened') opened = record;
    else if (record.type === 'stopped') stopped = record.reason;
    else if (record.type === 'outcome') outcomes.push(record);
    else arms.set(record.trial, record.arm);
  }
  if (!opened) throw usageError('log: expected a record "opened" at its beginning, got none');
  const tallies = new Map(
    opened.design.arms.map(({ name }) => [name, { arm: name, assigned: 0, done: 0, failed: 0, pending: 0 }]),
  );
  let concealed = 0;
  for (const arm of arms.values()) {
    const tally = arm === undefined ? undefined : tallies.get(arm);
    if (!tally) concealed++;
    else {
      tally.assigned++;
      tally.pending++;
    }
  }
  const trials: Trial[] = [];
  for (const { type: _, ...outcome } of outcomes) {
    const arm = arms.get(outcome.trial);
    const tally = arm === undefined ? undefined : tallies.get(arm);
    if (arm === undefined || !tally) continue;
    tally[outcome.status]++;
    tally.pending--;
    trials.push({ ...outcome, arm });
  }
  trials.sort((a, b) => a.index - b.index);
  const { design, designHash, seed } = opened;
  return { design, designHash, seed, trials, arms: [...tallies.values()], concealed, stopped };
}
