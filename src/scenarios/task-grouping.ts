import { openArms } from './arms/index.ts';
import { scenario } from './contract.ts';
import { playFamily, stepsOf } from './task-grouping/arms.ts';
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

/** Task affinity groupings: one run says which tasks should be trained together, and all groups are trained to see. */
export default scenario({
  name: 'task-grouping',
  summary: 'Tasks that help each other are trained together: TAG finds the groups in one run.',
  options: groupingOptions,
  smoke: { tasks: 'digit-pairs', search: 'planned', networks: [2], training: { steps: 150 } },
  async play(stage): Promise<Result> {
    const { options, seed } = stage;
    const played = familyNames
      .filter(name => options.tasks === 'both' || options.tasks === name)
      .map(name => families[name]);
    const arms = await openArms(stage, { steps: stepsOf(options, played), learners: options.learners });
    const result: { digits?: FamilyFigures; scenes?: FamilyFigures } = {};
    for (const family of played) {
      const run = await playFamily(stage, arms, family);
      const figures = familyFigures(family, run, { seed, relabellings: options.relabellings });
      result[family.name === 'scenes' ? 'scenes' : 'digits'] = figures;
      console.error(
        family.name,
        run.tag.busyMs,
        run.searchMs,
        JSON.stringify(run.tag.affinity.map(r => r.map(v => +(100 * v).toFixed(3)))),
        JSON.stringify(run.tag.plans),
      );
    }
    await arms.close();
    return result;
  },
  checks: [
    {
      name: 'digits: TAG / optimum, 2 networks',
      value: r => figure(at(r.digits, 2).toOptimum),
      atMost: 1.03,
      over: 'median',
    },
    {
      name: 'digits: TAG / optimum, 3 networks',
      value: r => figure(at(r.digits, 3).toOptimum),
      atMost: 1.06,
      over: 'median',
    },
    {
      name: 'digits: TAG / random partition, 2 networks',
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
  ],
});
