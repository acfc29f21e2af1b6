import { type Clock, systemClock } from '../../core/clock.ts';
import { described } from '../../core/places.ts';
import { Random } from '../../core/random.ts';
import { randomActions } from './play.ts';
import { type Finding, Findings, type Rule, rules, type Unchecked } from './rules.ts';
import { singleChecks } from './single.ts';
import { type Check, type CheckBudget, type Makers, makersOf, type Subject, withCopies } from './subject.ts';
import { checkValues, valueRules } from './values.ts';
import { checkArrays, vectorChecks } from './vector.ts';

/** How `checkEnvironment` looks at an environment, and what it leaves out. */
export interface CheckOptions {
  /** Rules that do not apply, e.g. `seedMatters` for a task without chance. */
  readonly except?: readonly Rule[];
  /** Steps of one play. Default 200. */
  readonly steps?: number;
  /** Steps in which an episode is waited for to end. Default 3,000. */
  readonly patience?: number;
  readonly clock?: Clock;
}

/** What `checkEnvironment` found; `describeReport` makes lines of it. */
export interface EnvironmentReport {
  readonly name: string;
  /** Whether no rule was found broken. */
  readonly passed: boolean;
  /** At most one of each rule. */
  readonly findings: readonly Finding[];
  /** The rules that are not broken but could not be looked at either: nothing is known of them. */
  readonly unchecked: readonly Unchecked[];
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
      for (const check of [...singleChecks, ...vectorChecks]) await look(check, makers, found, budget);
    }
    if (found.list.length === 0)
      stepsPerSecond = await withCopies(makers, lent => measure(lent, options.clock ?? systemClock));
  } catch (error) {
    found.add('runs', described(error));
  }
  const { list: findings, unchecked } = found;
  return { name, passed: findings.length === 0, findings, unchecked, stepsPerSecond };
}

/** A report as lines for people. */
export function describeReport(report: EnvironmentReport): string {
  if (report.passed) {
    const speed = Math.round(report.stepsPerSecond).toLocaleString('en');
    return `${report.name}: keeps ${kept(report.unchecked)}; ${speed} steps/s with 64 copies`;
  }
  const lines = report.findings.map(({ rule, seen }) => `  ${rule}: ${rules[rule]}\n    seen: ${seen}`);
  return [`${report.name}: breaks ${report.findings.length} rules`, ...lines].join('\n');
}

function kept(unchecked: readonly Unchecked[]): string {
  const all = Object.keys(rules).length;
  if (unchecked.length === 0) return `all ${all} rules`;
  const reasons = unchecked.map(({ rule, why }) => `${rule} (${why})`).join(', ');
  return `the ${all - unchecked.length} rules that could be checked, not: ${reasons}`;
}

/** Whether there is anything that the other checks can work with. */
async function isSound(makers: Makers, found: Findings, budget: CheckBudget): Promise<boolean> {
  if (makers.isNative) await withCopies(makers, lent => checkArrays(lent, found));
  if (found.has('columns')) return false;
  const isPlayable = await withCopies(makers, async lent =>
    checkValues(await lent.single(), found, budget.steps),
  );
  if (isPlayable) found.reach(valueRules);
  return isPlayable;
}

async function look(
  { rules, run }: Check,
  makers: Makers,
  found: Findings,
  budget: CheckBudget,
): Promise<void> {
  try {
    await withCopies(makers, lent => run(lent, found, budget));
    found.reach(rules);
  } catch (error) {
    found.add(rules[0], described(error));
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
  return seconds > 0 ? (steps * copies) / seconds : 0;
}
