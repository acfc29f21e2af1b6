import { type Clock, systemClock } from '../../core/clock.ts';
import { asError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import { randomActions } from './play.ts';
import { type Finding, Findings, type Rule, rules } from './rules.ts';
import { checkSingle } from './single.ts';
import { type CheckBudget, type Makers, makersOf, type Subject } from './subject.ts';
import { checkValues } from './values.ts';
import { checkArrays, checkVector } from './vector.ts';

export interface CheckOptions {
  /** Rules that do not apply, e.g. `seedMatters` for a task without chance. */
  readonly except?: readonly Rule[];
  /** Steps of one play. Default 200. */
  readonly steps?: number;
  /** Steps in which an episode is waited for to end. Default 3,000. */
  readonly patience?: number;
  readonly clock?: Clock;
}

export interface EnvironmentReport {
  readonly name: string;
  readonly passed: boolean;
  /** At most one of each rule. */
  readonly findings: readonly Finding[];
  /** Steps a second of 64 copies with random actions on this thread, or 0 where the environment does not run. */
  readonly stepsPerSecond: number;
}

/**
 * Holds an environment to the contract: spaces, values, seeding, ends, autoreset, snapshots, and what else `rules`
 * says. Takes a function that makes a copy, a definition (with default options) or a reference.
 *
 * ```ts
 * const report = await checkEnvironment(myEnvironment);
 * if (!report.passed) throw new Error(describeReport(report));
 * ```
 */
export async function checkEnvironment(
  subject: Subject,
  options: CheckOptions = {},
): Promise<EnvironmentReport> {
  const makers = await makersOf(subject);
  const { name } = makers;
  const found = new Findings(options.except);
  const budget: CheckBudget = { steps: options.steps ?? 200, patience: options.patience ?? 3000 };
  let stepsPerSecond = 0;
  try {
    if (await isSound(makers, found, budget)) {
      await checkSingle(makers, found, budget);
      await checkVector(makers, found, budget);
    }
    if (found.list.length === 0) stepsPerSecond = await measure(makers, options.clock ?? systemClock);
  } catch (error) {
    found.add('runs', asError(error).message);
  }
  return { name, passed: found.list.length === 0, findings: found.list, stepsPerSecond };
}

/** A report as lines for people. */
export function describeReport(report: EnvironmentReport): string {
  if (report.passed) {
    const speed = Math.round(report.stepsPerSecond).toLocaleString('en');
    return `${report.name}: keeps all ${Object.keys(rules).length} rules; ${speed} steps/s with 64 copies`;
  }
  const lines = report.findings.map(({ rule, seen }) => `  ${rule}: ${rules[rule]}\n    seen: ${seen}`);
  return [`${report.name}: breaks ${report.findings.length} rules`, ...lines].join('\n');
}

/** Whether there is anything that the other checks can work with. */
async function isSound(makers: Makers, found: Findings, budget: CheckBudget): Promise<boolean> {
  if (makers.isNative) await checkArrays(makers, found);
  if (found.has('columns')) return false;
  const first = await makers.single();
  try {
    return checkValues(first, found, budget.steps);
  } finally {
    first.close?.();
  }
}

async function measure({ vector: make }: Makers, clock: Clock): Promise<number> {
  const copies = 64;
  const vector = await make(copies);
  const streams = Array.from({ length: copies }, (_, i) => Random.fromSeed(0).split(i));
  const actions = Array.from({ length: 8 }, () => randomActions(vector, streams));
  vector.reset({ seed: 0 });
  const start = clock.now();
  let steps = 0;
  while (steps < 2_000 && clock.now() - start < 250) {
    for (const column of actions) vector.step(column);
    steps += actions.length;
  }
  const seconds = (clock.now() - start) / 1000;
  vector.close();
  return seconds > 0 ? (steps * copies) / seconds : 0;
}
