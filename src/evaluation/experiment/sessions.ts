import type { Estimate, Estimated, Metric } from '../contract.ts';
import { notEstimable } from '../statistics/estimates.ts';
import { jackknife } from '../statistics/jackknife.ts';
import { type Effect, NOT_POSITIVE, nothing, testWithT } from './estimates.ts';
import type { Row } from './sample.ts';

/** What one session adds to each cell of the cross of strata: trials and the sums of their values, of both. */
interface Session {
  readonly cells: ReadonlyMap<number, Cell>;
}
interface Cell {
  sum1: number;
  n1: number;
  sum0: number;
  n0: number;
}

/**
 * The effect where whole sessions were assigned: trials of a session are alike, so the spread is taken between sessions,
 * by the delete-one-session jackknife with Student's t (rl-and-simulation 2b). What is jackknifed is the ratio of rates
 * (of Mantel and Haenszel over the strata where some are sparse enough to matter) or of means, on the ln scale.
 */
export function sessionEffect(
  rows: readonly Row[],
  metric: Metric,
  strata: readonly string[],
  level: number,
): Effect {
  const crossed = metric.kind === 'binary' && strata.length > 0;
  const sessions = sessionsOf(rows, crossed ? strata : []);
  const method = `session jackknife with t${crossed ? `, Mantel-Haenszel over ${strata.join(' × ')}` : ''}`;
  const arms = new Set(rows.map(row => row.isArm));
  if (arms.size < 2) return nothing('an arm has no sessions', method);
  if (sessions.length < 4) {
    return nothing(`there are ${sessions.length} sessions, expected at least 4`, method);
  }
  const plain = jackknife(sessions, its => differenceOf(its), { level, quantile: 't' }).estimate;
  const log = jackknife(sessions, its => logRatioOf(its), { level, quantile: 't' }).estimate;
  const relative = log.estimable ? change(log) : notEstimable(NOT_POSITIVE);
  const tested = log.estimable ? log : plain;
  return {
    difference: plain,
    relative,
    test: tested.estimable ? testWithT(tested.value, tested.standardError, sessions.length - 1) : tested,
    method,
  };
}

/** An estimate on the ln scale as the ratio's change. */
function change({ value, low, high, ...rest }: Estimated): Estimate {
  const ends = { value: Math.expm1(value), low: Math.expm1(low), high: Math.expm1(high) };
  return Number.isFinite(ends.high) ? { ...rest, ...ends } : notEstimable('the interval has no upper end');
}

function sessionsOf(rows: readonly Row[], strata: readonly string[]): Session[] {
  const numbers = new Map<string, number>();
  const sessions = new Map<string, Map<number, Cell>>();
  for (const row of rows) {
    const name = strata.map(stratum => row.strata[stratum]).join(' × ');
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    const cells = sessions.get(row.unit) ?? new Map<number, Cell>();
    sessions.set(row.unit, cells);
    const cell = cells.get(number) ?? { sum1: 0, n1: 0, sum0: 0, n0: 0 };
    cells.set(number, cell);
    if (row.isArm) {
      cell.n1++;
      cell.sum1 += row.value;
    } else {
      cell.n0++;
      cell.sum0 += row.value;
    }
  }
  return [...sessions.values()].map(cells => ({ cells }));
}

function together(sessions: readonly Session[]): Cell[] {
  const all: Cell[] = [];
  for (const { cells } of sessions) {
    for (const [number, { sum1, n1, sum0, n0 }] of cells) {
      all[number] ??= { sum1: 0, n1: 0, sum0: 0, n0: 0 };
      const cell = all[number];
      cell.sum1 += sum1;
      cell.n1 += n1;
      cell.sum0 += sum0;
      cell.n0 += n0;
    }
  }
  return all.filter(cell => cell !== undefined && cell.n1 > 0 && cell.n0 > 0);
}

/** Σ (a n₀ / T) / Σ (c n₁ / T), on the ln scale; the plain ratio of means where there is one cell. */
function logRatioOf(sessions: readonly Session[]): number | undefined {
  let above = 0;
  let below = 0;
  for (const { sum1, n1, sum0, n0 } of together(sessions)) {
    above += (sum1 * n0) / (n1 + n0);
    below += (sum0 * n1) / (n1 + n0);
  }
  return above > 0 && below > 0 ? Math.log(above / below) : undefined;
}

/** The cells' differences, weighed by n₁ n₀ / T. */
function differenceOf(sessions: readonly Session[]): number | undefined {
  let sum = 0;
  let weight = 0;
  for (const { sum1, n1, sum0, n0 } of together(sessions)) {
    const w = (n1 * n0) / (n1 + n0);
    sum += w * (sum1 / n1 - sum0 / n0);
    weight += w;
  }
  return weight > 0 ? sum / weight : undefined;
}
