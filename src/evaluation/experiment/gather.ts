import { usageError } from '../../core/errors.ts';
import type { Design, LogRecord, Metric, Trial } from '../contract.ts';

/** A trial that was assigned: with its outcome, or without where it has none (yet). */
export interface Gathered {
  readonly design: Design;
  readonly designHash: string;
  readonly seed: number;
  readonly stopped: 'fixed' | 'settled' | 'cap' | 'not yet';
  /** Trials with an outcome, by index. */
  readonly trials: readonly Trial[];
  /** Trials assigned, by arm. */
  readonly assigned: ReadonlyMap<string, number>;
  /** Units that every trial of has an outcome, in the order of their first trial. */
  readonly units: readonly Unit[];
}

/** What was randomised, with its trials by index. */
export interface Unit {
  readonly unit: string;
  readonly trials: readonly Trial[];
}

/**
 * Joins the records of a log: outcomes with their arms, in the order of the trials' indices, whoever finished first.
 * @param end index of the first trial that does not belong to it any more. Default: all do
 * @throws a usage error of one line: no design, a trial twice, an arm that the design lacks, a value that is no number
 */
export function gather(records: readonly LogRecord[], end = Number.POSITIVE_INFINITY): Gathered {
  let opened: Extract<LogRecord, { type: 'opened' }> | undefined;
  let stopped: Extract<LogRecord, { type: 'stopped' }> | undefined;
  const assigned = new Map<string, Extract<LogRecord, { type: 'assigned' }>>();
  const outcomes = new Map<string, Extract<LogRecord, { type: 'outcome' }>>();
  const revealed = new Map<string, string>();
  for (const record of records) {
    if (record.type === 'opened') {
      if (opened) throw usageError('trial log: opened twice, expected one design');
      opened = record;
    } else if (record.type === 'assigned') put(assigned, record.trial, record, 'assigned');
    else if (record.type === 'outcome') put(outcomes, record.trial, record, 'ended');
    else if (record.type === 'revealed') put(revealed, record.trial, record.arm, 'revealed');
    else stopped = record;
  }
  if (!opened) throw usageError('trial log: no opening record, expected the design in the first line');
  const { design, designHash, seed } = opened;
  const armOf = (trial: string): string => {
    const arm = assigned.get(trial)?.arm ?? revealed.get(trial);
    if (arm === undefined) throw usageError(`trial log: trial ${trial}: its arm is not revealed`);
    if (design.arms.some(({ name }) => name === arm)) return arm;
    const names = design.arms.map(({ name }) => name).join(', ');
    throw usageError(`trial log: trial ${trial}: arm ${arm}: expected one of ${names}`);
  };
  const counts = new Map(design.arms.map(({ name }) => [name, 0]));
  const within = [...assigned.values()].filter(({ index }) => index < end).sort((a, b) => a.index - b.index);
  for (const { trial } of within) counts.set(armOf(trial), (counts.get(armOf(trial)) ?? 0) + 1);
  const stray = [...outcomes.keys()].find(trial => !assigned.has(trial));
  if (stray !== undefined)
    throw usageError(`trial log: trial ${stray}: has an outcome but was never assigned`);

  const trials: Trial[] = [];
  const open = new Set<string>();
  for (const { trial, unit, index } of within) {
    const outcome = outcomes.get(trial);
    if (!outcome) {
      open.add(unit);
      continue;
    }
    const { status, metrics, strata, reason } = outcome;
    trials.push({ trial, unit, index, arm: armOf(trial), status, metrics, strata, reason });
  }
  check(design, trials);
  return {
    design,
    designHash,
    seed,
    stopped: stopped?.reason ?? 'not yet',
    trials,
    assigned: counts,
    units: wholeUnits(design, trials, open),
  };
}

function put<T>(map: Map<string, T>, trial: string, value: T, what: string): void {
  if (map.has(trial)) throw usageError(`trial log: trial ${trial}: ${what} twice, expected once`);
  map.set(trial, value);
}

function wholeUnits(design: Design, trials: readonly Trial[], open: ReadonlySet<string>): Unit[] {
  const units = new Map<string, Trial[]>();
  for (const trial of trials) {
    if (open.has(trial.unit)) continue;
    const others = units.get(trial.unit);
    if (others) others.push(trial);
    else units.set(trial.unit, [trial]);
  }
  const all = [...units].map(([unit, its]) => ({ unit, trials: its }));
  for (const { unit, trials: its } of all) checkUnit(design, unit, its);
  return design.unit === 'pair' ? all.filter(unit => unit.trials.length === design.arms.length) : all;
}

/** A unit that came twice would count its noise once and its weight twice. */
function checkUnit(design: Design, unit: string, trials: readonly Trial[]): void {
  const arms = new Set(trials.map(trial => trial.arm));
  if (design.unit === 'trial' && trials.length > 1) {
    throw usageError(`trial log: unit ${unit}: has ${trials.length} trials, expected one (unit: trial)`);
  }
  if (design.unit === 'pair' && arms.size < trials.length) {
    throw usageError(`trial log: unit ${unit}: an arm played it twice, expected every arm once (unit: pair)`);
  }
  if (design.unit === 'session' && arms.size > 1) {
    throw usageError(`trial log: unit ${unit}: has trials of two arms, expected one arm (unit: session)`);
  }
}

function check({ metric, secondary, strata }: Design, trials: readonly Trial[]): void {
  for (const { trial, status, metrics, strata: values } of trials) {
    if (status !== 'done') continue;
    for (const each of [metric, ...secondary]) checkValue(trial, each, metrics[each.name]);
    for (const name of strata) {
      if (typeof values[name] !== 'string') {
        throw usageError(`trial log: trial ${trial}: no value of the stratum ${name}, expected a text`);
      }
    }
  }
}

function checkValue(trial: string, { name, kind }: Metric, value: unknown): void {
  const expected = kind === 'binary' ? '0 or 1' : 'a finite number';
  const fits = kind === 'binary' ? value === 0 || value === 1 : Number.isFinite(value);
  if (fits) return;
  const shown = typeof value === 'string' ? JSON.stringify(value) : String(value);
  throw usageError(`trial log: trial ${trial}: ${name} = ${shown}: expected ${expected}`);
}
