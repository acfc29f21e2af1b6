import { type Arms, openArms } from './arms/index.ts';
import { type Check, type Stage, scenario } from './contract.ts';
import { playFamily, stepsOf } from './task-grouping/arms.ts';
import { writeGroupingExhibits } from './task-grouping/exhibits.ts';
import { families, familyNames } from './task-grouping/families.ts';
import { type BudgetFigures, type FamilyFigures, familyFigures } from './task-grouping/figures.ts';
import { type GroupingOptions, groupingOptions } from './task-grouping/settings.ts';

/** Figures of the families that were played. */
interface Result {
  readonly digits?: FamilyFigures;
  readonly scenes?: FamilyFigures;
}

const at = (family: FamilyFigures | undefined, k: number): Partial<BudgetFigures> =>
  family?.byNetworks[`k${k}`] ?? {};
/** Undefined where one of both is. */
const ratio = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a / b;

/** Steps from which on a run on digits is held to the bars of a full one. */
const fullSteps = 600;
const isFull = ({ digits }: Result): boolean => digits !== undefined && digits.steps >= fullSteps;
const isShort = ({ digits }: Result): boolean => digits !== undefined && digits.steps < fullSteps;

/** A bar on the median over seeds. It is not made where options left out what the figure is made of. */
function bar(
  name: string,
  figure: (result: Result) => number | undefined,
  limits: Pick<Check<Result>, 'atLeast' | 'atMost'>,
  held: (result: Result) => boolean = () => true,
): Check<Result> {
  return {
    name,
    applies: result => held(result) && figure(result) !== undefined,
    value: result => figure(result) ?? Number.NaN,
    ...limits,
    over: 'median',
  };
}

/** Task affinity groupings: one run says which tasks should be trained together; every group is trained to see whether it was right. */
export default scenario({
  name: 'task-grouping',
  summary: 'TAG finds in one run which tasks should share a network; all groups are trained to see.',
  options: groupingOptions,
  smoke: {
    tasks: 'digit-pairs',
    search: 'planned',
    networks: [2],
    training: { steps: 300 },
    probeEvery: 1,
    perRate: true,
  },
  async play(stage): Promise<Result> {
    const { options } = stage;
    const played = familyNames
      .filter(name => options.tasks === 'both' || options.tasks === name)
      .map(name => families[name]);
    const arms = await openArms(stage, { steps: stepsOf(options, played), learners: options.learners });
    try {
      const result: { digits?: FamilyFigures; scenes?: FamilyFigures } = {};
      for (const family of played) {
        result[family.name === 'scenes' ? 'scenes' : 'digits'] = await figuresOf(stage, arms, family);
      }
      return result;
    } finally {
      await arms.close();
    }
  },
  checks: [
    bar('digits: TAG / best plan, 2 networks', r => at(r.digits, 2).toOptimum, { atMost: 1.03 }, isFull),
    bar('digits: TAG / best plan, 3 networks', r => at(r.digits, 3).toOptimum, { atMost: 1.06 }, isFull),
    bar(
      'digits: TAG / mean random partition, 2 networks',
      r => at(r.digits, 2).toRandom,
      { atMost: 0.93 },
      isFull,
    ),
    bar(
      'digits: all in one / TAG, 2 networks',
      r => ratio(r.digits?.allInOne, at(r.digits, 2).tag),
      { atLeast: 1.15 },
      isFull,
    ),
    bar('digits: affinity within the sides / across', r => r.digits?.structure.ratio, { atLeast: 5 }, isFull),
    // A yes or no: times differ from run to run, and a summary should not.
    bar(
      'digits: TAG’s run takes a twelfth of the search’s time at most',
      r => r.digits?.cheap,
      { atLeast: 1 },
      isFull,
    ),
    bar(
      'control: digits: tasks renamed / TAG, 2 networks',
      r => at(r.digits, 2).relabelledToTag,
      { atLeast: 1.05 },
      isFull,
    ),
    bar(
      'short: digits: TAG finds both sides, 2 networks',
      r => at(r.digits, 2).blocksFound,
      { atLeast: 1 },
      isShort,
    ),
    bar(
      'short: digits: TAG / all in one, 2 networks',
      r => ratio(at(r.digits, 2).tag, r.digits?.allInOne),
      { atMost: 0.95 },
      isShort,
    ),
    bar('scenes: TAG / best plan, 2 networks', r => at(r.scenes, 2).toOptimum, { atMost: 1.03 }),
    bar('scenes: TAG / mean random partition, 2 networks', r => at(r.scenes, 2).toRandom, { atMost: 0.95 }),
    bar('control: scenes: tasks renamed / TAG, 2 networks', r => at(r.scenes, 2).relabelledToTag, {
      atLeast: 1.05,
    }),
    bar('scenes: TAG / best plan, 3 networks', r => at(r.scenes, 3).toOptimum, { atMost: 1.06 }),
    bar('scenes: TAG / mean random partition, 3 networks', r => at(r.scenes, 3).toRandom, { atMost: 0.95 }),
    bar('scenes: affinity within ball and box / across', r => r.scenes?.structure.ratio, { atLeast: 5 }),
    bar('control: scenes: tasks renamed / TAG, 3 networks', r => at(r.scenes, 3).relabelledToTag, {
      atLeast: 1.05,
    }),
  ],
});

/** Plays a family, and writes its pictures. */
async function figuresOf(
  stage: Stage<GroupingOptions>,
  arms: Arms,
  family: (typeof families)[keyof typeof families],
): Promise<FamilyFigures> {
  const { options, seed, folder, record } = stage;
  const run = await playFamily(stage, arms, family);
  record.executor(run.tag.executor);
  const figures = familyFigures(family, run, { seed, relabellings: options.relabellings });
  writeGroupingExhibits(folder, family, run, figures);
  return figures;
}
