import { openArms } from './arms/index.ts';
import { scenario } from './contract.ts';
import { playFamily, stepsOf } from './task-grouping/arms.ts';
import { writeGroupingExhibits } from './task-grouping/exhibits.ts';
import { families, familyNames } from './task-grouping/families.ts';
import { type BudgetFigures, type FamilyFigures, familyFigures } from './task-grouping/figures.ts';
import { groupingOptions } from './task-grouping/settings.ts';

/** Figures of the families that were played. */
interface Result {
  readonly digits?: FamilyFigures;
  readonly scenes?: FamilyFigures;
}

const at = (family: FamilyFigures | undefined, k: number): Partial<BudgetFigures> =>
  family?.byNetworks[`k${k}`] ?? {};
/** What was not played has no figure, and passes no bar. */
const figure = (value: number | undefined): number => value ?? Number.NaN;
const ratio = (a: number | undefined, b: number | undefined): number => figure(a) / figure(b);

/** Task affinity groupings: one run says which tasks should be trained together; every group is trained to see whether it was right. */
export default scenario({
  name: 'task-grouping',
  summary: 'TAG finds in one run which tasks should share a network; all groups are trained to see.',
  options: groupingOptions,
  smoke: { tasks: 'digit-pairs', search: 'planned', networks: [2], training: { steps: 150 }, probeEvery: 1 },
  async play(stage): Promise<Result> {
    const { options, seed, folder } = stage;
    const played = familyNames
      .filter(name => options.tasks === 'both' || options.tasks === name)
      .map(name => families[name]);
    const arms = await openArms(stage, { steps: stepsOf(options, played), learners: options.learners });
    const result: { digits?: FamilyFigures; scenes?: FamilyFigures } = {};
    for (const family of played) {
      const run = await playFamily(stage, arms, family);
      const figures = familyFigures(family, run, { seed, relabellings: options.relabellings });
      result[family.name === 'scenes' ? 'scenes' : 'digits'] = figures;
      writeGroupingExhibits(folder, family, run, figures);
    }
    await arms.close();
    return result;
  },
  checks: [
    {
      name: 'digits: TAG / best plan, 2 networks',
      value: r => figure(at(r.digits, 2).toOptimum),
      atMost: 1.03,
      over: 'median',
    },
    {
      name: 'digits: TAG / best plan, 3 networks',
      value: r => figure(at(r.digits, 3).toOptimum),
      atMost: 1.06,
      over: 'median',
    },
    {
      name: 'digits: TAG / mean random partition, 2 networks',
      value: r => figure(at(r.digits, 2).toRandom),
      atMost: 0.93,
      over: 'median',
    },
    {
      name: 'digits: all in one / TAG, 2 networks',
      value: r => ratio(r.digits?.allInOne, at(r.digits, 2).tag),
      atLeast: 1.15,
      over: 'median',
    },
    {
      name: 'digits: affinity within the sides / across',
      value: r => figure(r.digits?.structure.ratio),
      atLeast: 5,
      over: 'median',
    },
    // A yes or no: times differ from run to run, and a summary should not.
    {
      name: 'digits: TAG’s run takes a twelfth of the search’s time at most',
      value: r => figure(r.digits?.cheap),
      atLeast: 1,
      over: 'median',
    },
    {
      name: 'control: digits: tasks renamed / TAG, 2 networks',
      value: r => figure(at(r.digits, 2).relabelledToTag),
      atLeast: 1.05,
      over: 'median',
    },
    {
      name: 'scenes: TAG / best plan, 3 networks',
      value: r => figure(at(r.scenes, 3).toOptimum),
      atMost: 1.06,
      over: 'median',
    },
    {
      name: 'scenes: TAG / mean random partition, 3 networks',
      value: r => figure(at(r.scenes, 3).toRandom),
      atMost: 0.95,
      over: 'median',
    },
    {
      name: 'scenes: affinity within ball and box / across',
      value: r => figure(r.scenes?.structure.ratio),
      atLeast: 5,
      over: 'median',
    },
    {
      name: 'control: scenes: tasks renamed / TAG, 3 networks',
      value: r => figure(at(r.scenes, 3).relabelledToTag),
      atLeast: 1.05,
      over: 'median',
    },
  ],
});
