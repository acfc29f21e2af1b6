import type { Guard, TestResult } from '../contract.ts';
import { positive, whole, wrong } from '../inputs.ts';
import { chiSquareTested, notEstimable } from './estimates.ts';
import { compositions, hypergeometricP, mostOutcomes, multinomialP } from './exact-counts.ts';

/** Guards stop an experiment below this p: a false alarm in a thousand. */
export const guardThreshold = 0.001;

/**
 * Sample-ratio mismatch: whether the arms' counts are what their weights make of the total, by the chi-square
 * goodness of fit Σ (O - E)²/E with arms - 1 degrees. Run it on assigned and on analysed units, and stop at p
 * < 0.001. Where an arm expects fewer than 5 the p is the exact multinomial one, as long as the outcomes can
 * be listed. Fabijan et al.: "Diagnosing sample ratio mismatch in online controlled experiments" (KDD 2019).
 *
 * Assumes: units assigned one by one at random. Permuted blocks never differ by much, whatever
 * is lost before.
 * @param counts units of each arm
 * @param weights of each arm, relative to each other, above 0
 */
export function sampleRatio(counts: readonly number[], weights: readonly number[]): TestResult {
  sameLength('weights', weights, counts);
  counts.forEach((count, arm) => {
    whole(`counts[${arm}]`, count);
  });
  const sum = weights.reduce((total, weight, arm) => total + positive(`weights[${arm}]`, weight), 0);
  const total = counts.reduce((all, count) => all + count, 0);
  if (total === 0) return notEstimable('there are no units');
  const shares = weights.map(weight => weight / sum);
  const statistic = counts.reduce(
    (far, count, arm) => far + (count - total * shares[arm]) ** 2 / (total * shares[arm]),
    0,
  );
  const sparse = shares.some(expected => total * expected < 5);
  const listable = compositions(total, counts.length) <= mostOutcomes;
  return result(statistic, counts.length - 1, sparse && listable && (() => multinomialP(counts, shares)));
}

/**
 * Whether trials go missing (failed, aborted, without outcome) more often in one arm than in another:
 * chi-square of the table arms × (missing, not) with arms - 1 degrees. Where an arm expects fewer than 5
 * missing trials or fewer than 5 others, p is the exact one of Fisher, or of Freeman and Halton, as long as
 * the outcomes can be listed.
 * @param assigned trials of each arm, above 0
 * @param missing those of them that have no outcome
 */
export function missingness(assigned: readonly number[], missing: readonly number[]): TestResult {
  sameLength('missing', missing, assigned);
  missing.forEach((count, arm) => {
    whole(`assigned[${arm}]`, assigned[arm]);
    if (whole(`missing[${arm}]`, count) <= assigned[arm]) return;
    throw wrong(`missing[${arm}]`, count, `at most the ${assigned[arm]} that were assigned`);
  });
  if (assigned.includes(0)) return notEstimable('an arm has no trials');
  const total = assigned.reduce((all, count) => all + count, 0);
  const gone = missing.reduce((all, count) => all + count, 0);
  if (gone === 0) return notEstimable('no trial is missing');
  if (gone === total) return notEstimable('every trial is missing');
  const rate = gone / total;
  const statistic = missing.reduce((far, count, arm) => {
    const expected = assigned[arm] * rate;
    return far + (count - expected) ** 2 / (expected * (1 - rate));
  }, 0);
  const sparse = assigned.some(count => count * Math.min(rate, 1 - rate) < 5);
  // Of the two that are given with each other, the fewer are the shorter list.
  const fewer = gone <= total - gone ? missing : missing.map((count, arm) => assigned[arm] - count);
  const listable = compositions(Math.min(gone, total - gone), missing.length) <= mostOutcomes;
  return result(
    statistic,
    missing.length - 1,
    sparse && listable && (() => hypergeometricP(fewer, assigned)),
  );
}

/**
 * The A/A guard: two arms of one policy under different names must not differ. It takes whichever test the
 * experiment uses (an always-valid p where it is looked at more than once) and fails below `threshold`:
 * then the assignment, the log or the analysis is at fault, and no other comparison of the experiment is
 * worth anything.
 */
export function sameArms(
  names: readonly [string, string],
  test: TestResult,
  threshold = guardThreshold,
): Guard {
  const name = `A/A (${names[0]}, ${names[1]})`;
  if (!test.estimable) return { name, passed: true, says: `not tested: ${test.reason}` };
  const passed = test.p >= threshold;
  const says = passed
    ? `two arms of one policy do not differ (p = ${test.p.toPrecision(2)})`
    : `two arms of one policy differ (p = ${test.p.toPrecision(2)}): something other than the policy does`;
  return { name, passed, says, p: test.p };
}

function result(statistic: number, degrees: number, exact: (() => number) | false): TestResult {
  return exact ? { estimable: true, statistic, p: exact(), degrees } : chiSquareTested(statistic, degrees);
}

function sameLength(name: string, list: readonly number[], arms: readonly number[]): void {
  if (arms.length < 2) throw wrong('arms', arms.length, 'at least two');
  if (list.length === arms.length) return;
  throw wrong(`${name}.length`, list.length, `${arms.length}, one for each arm`);
}
