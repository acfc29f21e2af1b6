import { join } from 'node:path';
import {
  type Analysis,
  analyse,
  type Design,
  type Estimate,
  equalAllocation,
  holm,
  type LogRecord,
  meanEstimate,
  momentsOf,
  openedRecord,
  openLog,
  type Plan,
  pairedMeans,
  planOf,
  readLog,
  secretFromSeed,
  verifyLog,
} from '../../evaluation/index.ts';
import type { Tested } from './in-target.ts';
import type { ArmName } from './results.ts';

/** What arms are called in pictures and in the log of trials. */
export const armTitles: Readonly<Record<ArmName, string>> = {
  zeroShot: 'zero-shot',
  dr: 'domain randomisation',
  ft: 'fine-tuning',
  sysIdConst: 'constant parameters',
  simGan: 'SimGAN',
  oracle: 'oracle',
  random: 'random',
};

/** The log of the trials in the target, in the run's folder. */
export const TRIALS_FILE = 'trials.jsonl';
const level = 0.95;
/** Seeds from which an interval over seeds is told. */
const LEAST_SEEDS = 5;

/** What the trials are to be. */
export interface TrialsPlanned {
  readonly robot: string;
  readonly target: string;
  /** Zero-shot, which all others are compared with, is put first. */
  readonly arms: readonly ArmName[];
  readonly seeds: number;
  readonly testEpisodes: number;
}

/** One arm over another, in return an episode. */
export interface Contrast {
  readonly arm: ArmName;
  readonly over: ArmName;
  /** Over all episodes: both met the same ones. */
  readonly pooled: Estimate;
  /** The mean that `pooled` is about, and by seed: known, too, where nothing varies and there is no estimate. */
  readonly mean: number;
  readonly means: readonly number[];
  /** Corrected for all contrasts that were asked for (Holm). */
  readonly p: number | undefined;
  /** The same by seed of identification. */
  readonly bySeed: readonly Estimate[];
  /** Over the means of the seeds; not from fewer than five. */
  readonly overSeeds: Estimate;
}

/** What the trials say. */
export interface Judged {
  /** Every arm against zero-shot, corrected for all of them (Dunnett). */
  readonly analysis: Analysis;
  readonly contrasts: readonly Contrast[];
  /** Mean return by arm and seed of identification. */
  readonly means: readonly { readonly name: ArmName; readonly bySeed: readonly number[] }[];
  /** Whether the log is as it was written, line by line. */
  readonly intact: boolean;
  /** Its last hash. */
  readonly head: string | undefined;
}

function designOf({ robot, target, arms, seeds, testEpisodes }: TrialsPlanned): Design {
  const names = [...arms].sort((a, b) => Number(b === 'zeroShot') - Number(a === 'zeroShot'));
  return {
    name: `${robot} in ${target}`,
    hypothesis:
      'A policy refined in the identified simulator earns more in the target than one that comes from the source as it is.',
    arms: equalAllocation(names.map(name => armTitles[name])),
    unit: 'pair',
    metric: { name: 'return', kind: 'number', better: 'higher' },
    secondary: [],
    strata: seeds > 1 ? ['identification'] : [],
    stopping: { rule: 'fixed', units: seeds * testEpisodes },
    level,
  };
}

/**
 * Fixes what is to be tried before anything is: design and assignments are written, arms are not. Where that was done
 * before, nothing is.
 * @throws a usage error where the folder holds the trials of another design
 */
export function openTrials(folder: string, planned: TrialsPlanned, seed: number): void {
  const design = designOf(planned);
  const log = openLog(join(folder, TRIALS_FILE), { design, chained: true });
  try {
    const { trials, at } = planOf(design, seed, secretFromSeed(seed));
    const known = log.records.filter(({ type }) => type === 'assigned').length;
    const assigned = Array.from({ length: trials - known }, (_, i): LogRecord => {
      const { trial, unit, index } = at(known + i);
      return { type: 'assigned', trial, unit, index };
    });
    log.append([...(log.records.length === 0 ? [openedRecord(design, seed)] : []), ...assigned]);
  } finally {
    log.close();
  }
}

/**
 * Writes down what came of the trials when all are in, then which arm each was of, and analyses the log.
 * @param wanted pairs of arms to compare beside each with zero-shot; those that were not tested are left out
 */
export function judge(
  folder: string,
  planned: TrialsPlanned,
  tested: Tested,
  seed: number,
  wanted: readonly (readonly [arm: ArmName, over: ArmName])[],
): Judged {
  const file = join(folder, TRIALS_FILE);
  const design = designOf(planned);
  writeOutcomes(file, design, planOf(design, seed, secretFromSeed(seed)), planned.testEpisodes, tested);
  const check = verifyLog(file);
  const records = [...readLog(file)];
  const means = tested.arms.map(({ name, bySeed }) => ({
    name,
    bySeed: bySeed.map(({ returns }) => meanOf(returns)),
  }));
  return {
    analysis: analyse(records),
    contrasts: contrastsOf(tested, wanted),
    means,
    intact: check.intact,
    head: check.intact ? check.head : undefined,
  };
}

function writeOutcomes(file: string, design: Design, plan: Plan, testEpisodes: number, tested: Tested): void {
  const log = openLog(file, { design, chained: true });
  try {
    const ended = new Set(log.records.flatMap(each => (each.type === 'outcome' ? [each.trial] : [])));
    const told = new Set(log.records.flatMap(each => (each.type === 'revealed' ? [each.trial] : [])));
    const stopped = log.records.some(({ type }) => type === 'stopped');
    const orders = Array.from({ length: plan.trials }, (_, index) => plan.at(index));
    const outcomes = orders.map((order): LogRecord => {
      const { trial, unit, index } = order;
      const number = Math.floor(index / plan.perUnit);
      const seed = Math.floor(number / testEpisodes);
      const its = tested.arms.find(({ name }) => armTitles[name] === order.arm);
      const value = its?.bySeed[seed]?.returns[number % testEpisodes];
      const strata: Record<string, string> =
        design.strata.length > 0 ? { identification: `seed ${seed + 1}` } : {};
      return value === undefined
        ? { type: 'outcome', trial, unit, index, status: 'failed', metrics: {}, strata, reason: 'not played' }
        : { type: 'outcome', trial, unit, index, status: 'done', metrics: { return: value }, strata };
    });
    log.append([
      ...outcomes.filter(each => each.type === 'outcome' && !ended.has(each.trial)),
      ...(stopped ? [] : [{ type: 'stopped', reason: 'fixed', trials: plan.trials } as const]),
      ...orders
        .filter(({ trial }) => !told.has(trial))
        .map(({ trial, arm }): LogRecord => ({ type: 'revealed', trial, arm })),
    ]);
  } finally {
    log.close();
  }
}

function contrastsOf(
  { arms }: Tested,
  wanted: readonly (readonly [arm: ArmName, over: ArmName])[],
): Contrast[] {
  const found = wanted.flatMap(([arm, over]) => {
    const its = arms.find(({ name }) => name === arm);
    const others = arms.find(({ name }) => name === over);
    if (!its || !others) return [];
    const differences = its.bySeed.map(({ returns }, seed) =>
      returns.map((value, episode) => value - others.bySeed[seed].returns[episode]),
    );
    const { test, difference } = pairedMeans(differences.flat(), level);
    return [
      {
        ...{ arm, over, pooled: difference, raw: test.estimable ? test.p : undefined },
        bySeed: differences.map(each => pairedMeans(each, level).difference),
        ...{ mean: meanOf(differences.flat()), means: differences.map(meanOf) },
        overSeeds:
          differences.length < LEAST_SEEDS
            ? {
                estimable: false as const,
                reason: `there are ${differences.length} seeds of identification, expected at least ${LEAST_SEEDS}`,
              }
            : meanEstimate(momentsOf(differences.map(meanOf)), level),
      },
    ];
  });
  const corrected = holm(found.flatMap(({ raw }) => raw ?? []));
  let next = 0;
  return found.map(({ raw, ...rest }) => ({ ...rest, p: raw === undefined ? undefined : corrected[next++] }));
}

/** 0 of none. */
export const meanOf = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
