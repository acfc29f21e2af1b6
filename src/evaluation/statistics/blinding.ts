import type { Random } from '../../core/random.ts';
import type { NotEstimable } from '../contract.ts';
import { positive, whole, wrong } from '../inputs.ts';
import { notEstimable } from './estimates.ts';
import { encode, type Features } from './features.ts';
import { fitLogistic, type SparseRow } from './logistic.ts';
import { rankAuc } from './rank-auc.ts';

/** How well the arm can be told from what could be seen. */
export interface LeakTest {
  readonly estimable: true;
  /** The arm that was told best from the others; with two arms the first by name. */
  readonly arm: string;
  /** Of the classifier on trials it was not fitted to: 0.5 knows nothing, 1 knows the arm. */
  readonly auc: number;
  /** Of the AUC where nothing leaks. */
  readonly standardError: number;
  readonly passed: boolean;
}

/** How strict a leak test is. */
export interface LeakOptions {
  /** Parts that the units are dealt into; each but the first is predicted from those before it. Default 5. */
  readonly folds?: number | undefined;
  /** Standard errors from 0.5 that pass. Default 3. */
  readonly within?: number | undefined;
}

/** Rows of each arm that the test wants: below, only a miracle would be found. */
const leastRows = 10;

/**
 * Blinding leak test: whether the arm can be told from all that an operator or a robot cell could see before
 * the trial. Units are dealt into folds; a ridge logistic regression on the encoded features (see `Features`)
 * is fitted to the folds before one and ranks the units of that one. The AUC is the mean over folds, its
 * standard error that of the Mann-Whitney statistic without an effect (Hanley and McNeil, Radiology 1982, at
 * 0.5; ties make it smaller). Passed within 0.5 ± 3 of them. With more than two arms each is told from the
 * rest, and the farthest from 0.5 counts.
 *
 * Finds what single features tell, linearly or by ranges, and not what only two of them together do. Outcomes
 * are no features: a better arm does succeed more. One row for each unit that was randomised: a session's
 * trials would tell each other's arm.
 * @param features of each unit; names may differ from row to row
 * @param arms of each unit, in the same order
 * @param random deals the folds: the same stream gives the same answer
 */
export function blindingLeak(
  features: readonly Features[],
  arms: readonly string[],
  random: Random,
  options: LeakOptions = {},
): LeakTest | NotEstimable {
  if (features.length !== arms.length) {
    throw wrong('features.length', features.length, `${arms.length}, a row for each of the arms given`);
  }
  const folds = whole('folds', options.folds ?? 5, 2);
  const within = positive('within', options.within ?? 3);
  const names = [...new Set(arms)].sort();
  if (names.length < 2) return notEstimable('there are fewer than two arms');
  for (const name of names) {
    const count = arms.reduce((sum, arm) => sum + Number(arm === name), 0);
    if (count >= Math.max(leastRows, folds)) continue;
    return notEstimable(`${name} has ${count} units, too few to tell`);
  }
  const { rows, columns } = encode(features);
  const told = (names.length === 2 ? names.slice(0, 1) : names).map(arm => {
    const isArm = arms.map(other => other === arm);
    const { auc, standardError } = crossValidate(rows, columns, isArm, folds, random.split('leak', arm));
    // A hair of slack: where nothing varies the AUC is 0.5 and its error 0.
    const passed = Math.abs(auc - 0.5) <= within * standardError + 1e-12;
    return { estimable: true, arm, auc, standardError, passed } as const;
  });
  const distance = (test: LeakTest): number => Math.abs(test.auc - 0.5);
  return told.reduce((worst, test) => {
    if (worst.passed !== test.passed) return test.passed ? worst : test;
    return distance(test) > distance(worst) ? test : worst;
  });
}

function crossValidate(
  rows: readonly SparseRow[],
  columns: number,
  isArm: readonly boolean[],
  folds: number,
  random: Random,
): { readonly auc: number; readonly standardError: number } {
  const foldOf = new Uint32Array(rows.length);
  // Each side is dealt by itself: a fold with more of one would leave fewer of it to fit to, which tells.
  for (const side of [true, false]) {
    const indices = rows.map((_, row) => row).filter(row => isArm[row] === side);
    random.shuffle(indices).forEach((row, place) => {
      foldOf[row] = place % folds;
    });
  }
  let auc = 0;
  let variance = 0;
  // From those before, not from all others: folds that are predicted from each other agree by chance (Bengio
  // and Grandvalet, JMLR 2004). With 120 units, the standard error came out 30 % too small.
  for (let fold = 1; fold < folds; fold++) {
    const before = rows.map((_, row) => row).filter(row => foldOf[row] < fold);
    const score = fitLogistic(
      before.map(row => rows[row]),
      before.map(row => isArm[row]),
      columns,
    );
    const here = rows.map((_, row) => row).filter(row => foldOf[row] === fold);
    const ranked = rankAuc(
      here.map(row => score(rows[row])),
      here.map(row => isArm[row]),
    );
    auc += ranked.auc / (folds - 1);
    variance += ranked.nullVariance / (folds - 1) ** 2;
  }
  return { auc, standardError: Math.sqrt(variance) };
}
