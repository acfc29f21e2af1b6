import { medianOf } from '../../core/median.ts';
import { Random } from '../../core/random.ts';
import {
  affinityScores,
  allPartitions,
  allPlans,
  blockStructure,
  type Group,
  type GroupPlan,
  type GroupScores,
  keyOf,
  ownAffinity,
  pairScores,
  planOf,
  relabelled,
  selectGroups,
  type TaskMatrix,
} from '../../learners/task-grouping/index.ts';
import type { FamilyRun } from './arms.ts';
import type { Family } from './families.ts';

/** What ways of choosing at most k groups come to: test loss, summed over the tasks. */
export interface BudgetFigures {
  readonly tag: number;
  /** 1 where TAG's groups are those that the samples are made of. */
  readonly blocksFound: number;
  /** Of the best plan there is, found by training every group. */
  readonly optimum?: number;
  readonly toOptimum?: number;
  /** TAG's place among all plans, from 1. */
  readonly rank?: number;
  /** The mean over all ways to part the tasks into k. */
  readonly random?: number;
  readonly toRandom?: number;
  /** By the losses of pairs (higher-order approximation), by the cosine of gradients. */
  readonly pairs?: number;
  readonly cosine?: number;
  /** The median over selections on affinities whose tasks were renamed at random. */
  readonly relabelled?: number;
  readonly relabelledToTag?: number;
}

/** A family's figures. */
export interface FamilyFigures {
  /** Gradient steps of every network. */
  readonly steps: number;
  readonly byNetworks: { readonly [k: string]: BudgetFigures };
  /** All tasks in one network. */
  readonly allInOne: number;
  /** Each task in its own; only where all groups were trained. */
  readonly singles?: number;
  readonly structure: {
    readonly within: number;
    readonly across: number;
    readonly ratio: number;
  };
  /** 1 where TAG's run worked at most a twelfth of the time that training every group took. */
  readonly cheap?: number;
  readonly clamped: number;
}

/** A plan with what it came to. */
export interface PlanLoss {
  /** mean_j of the best score: what TAG goes by. */
  readonly value: number;
  readonly loss: number;
}

/** TAG's share of the search's time that is allowed. */
const cheapShare = 1 / 12;

/** The test loss of a task in a network. @throws where that network was not trained */
type LossOf = (task: number, group: Group) => number;

export function lossesOf({ networks }: FamilyRun): LossOf {
  return (task, group) => {
    const perTask = networks.get(keyOf(group));
    if (!perTask) throw new RangeError(`group ${keyOf(group)}: expected one that was trained`);
    return perTask[group.indexOf(task)].loss;
  };
}

/** The summed loss of all tasks, each from the network that serves it. */
export const lossOfPlan = (
  lossOf: LossOf,
  { groups, serves }: Pick<GroupPlan, 'groups' | 'serves'>,
): number => serves.reduce((sum, by, task) => sum + lossOf(task, groups[by]), 0);

/** Test losses as scores: the plan that they choose is the best there is. */
const truth = (tasks: number, lossOf: LossOf): GroupScores => ({
  tasks,
  of: (task, group) => -lossOf(task, group),
});

/** The figures of a family. @param seed of the relabellings */
export function familyFigures(
  family: Family,
  run: FamilyRun,
  { seed, relabellings }: { readonly seed: number; readonly relabellings: number },
): FamilyFigures {
  const tasks = family.tasks.length;
  const lossOf = lossesOf(run);
  const every = family.tasks.map((_, task) => task);
  const { tag, searchMs } = run;
  const searched = searchMs !== undefined;
  return {
    steps: run.steps,
    byNetworks: Object.fromEntries(
      tag.plans.map(plan => {
        const loss = lossOfPlan(lossOf, plan);
        const found = Number(isBlocks(plan.groups, family.blocks));
        const more = searched ? compared(run, tasks, plan.k, loss, { seed, relabellings }) : {};
        return [`k${plan.k}`, { tag: loss, blocksFound: found, ...more }];
      }),
    ),
    allInOne: every.reduce((sum, task) => sum + lossOf(task, every), 0),
    ...(searched && { singles: every.reduce((sum, task) => sum + lossOf(task, [task]), 0) }),
    structure: blockStructure(ownAffinity(tag.affinity, tag.drift), family.blocks),
    ...(searched && { cheap: Number(tag.busyMs <= cheapShare * searchMs) }),
    clamped: tag.clamped,
  };
}

function compared(
  run: FamilyRun,
  tasks: number,
  k: number,
  loss: number,
  { seed, relabellings }: { readonly seed: number; readonly relabellings: number },
): Omit<BudgetFigures, 'tag' | 'blocksFound'> {
  const lossOf = lossesOf(run);
  const chosenBy = (scores: GroupScores) => lossOfPlan(lossOf, selectGroups(scores, k));
  const optimum = chosenBy(truth(tasks, lossOf));
  const partitions = allPartitions(tasks, k).map(groups =>
    lossOfPlan(lossOf, planOf(truth(tasks, lossOf), groups)),
  );
  const random = mean(partitions);
  const renamed = relabelledAffinities(run.tag.affinity, seed, relabellings).map(matrix =>
    chosenBy(affinityScores(matrix)),
  );
  const relabelledLoss = medianOf(renamed);
  return {
    optimum,
    toOptimum: loss / optimum,
    ...(k <= 2 && { rank: rankOf(run, tasks, k, loss) }),
    random,
    toRandom: loss / random,
    pairs: chosenBy(pairScores(pairLosses(tasks, lossOf))),
    cosine: chosenBy(affinityScores(run.tag.cosines)),
    relabelled: relabelledLoss,
    relabelledToTag: relabelledLoss / loss,
  };
}

/** Every plan of at most k networks: what TAG thinks of it, and its test loss when each task has the better network. */
export function everyPlan(run: FamilyRun, tasks: number, k: number): PlanLoss[] {
  const scores = affinityScores(run.tag.affinity);
  const lossOf = lossesOf(run);
  return allPlans(tasks, k).map(groups => ({
    value: planOf(scores, groups).value,
    loss: lossOfPlan(lossOf, planOf(truth(tasks, lossOf), groups)),
  }));
}

function rankOf(run: FamilyRun, tasks: number, k: number, loss: number): number {
  return 1 + everyPlan(run, tasks, k).filter(plan => plan.loss < loss).length;
}

function pairLosses(tasks: number, lossOf: LossOf): TaskMatrix {
  const all = Array.from({ length: tasks }, (_, task) => task);
  return all.map(j => all.map(i => lossOf(j, i === j ? [j] : [Math.min(i, j), Math.max(i, j)])));
}

/** The same affinities with names drawn anew. */
function relabelledAffinities(affinity: TaskMatrix, seed: number, count: number): TaskMatrix[] {
  const random = Random.fromSeed(seed).split('relabelled');
  return Array.from({ length: count }, () =>
    relabelled(affinity, random.shuffle(affinity.map((_, task) => task))),
  );
}

function isBlocks(groups: readonly Group[], blocks: readonly number[]): boolean {
  const wanted = [...new Set(blocks)].map(block =>
    keyOf(blocks.flatMap((of, task) => (of === block ? [task] : []))),
  );
  return groups.map(keyOf).sort().join() === wanted.sort().join();
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
