import { lastValueFrom, take, toArray } from 'rxjs';
import {
  affinityLedger,
  busyTime,
  type Gathered,
  type Group,
  type GroupDone,
  groupSelector,
  groupTrainer,
  type Plan,
  taskLearner,
  trunkLearner,
} from '../../learners/task-grouping/index.ts';
import type { Executor } from '../../tensors/contract.ts';
import type { Lane } from '../arms/index.ts';
import type { Family } from './families.ts';
import type { Grouping, GroupingOptions } from './settings.ts';

/** What TAG's one training run of all tasks gives. */
export interface TagRun extends Gathered {
  /** One for each number of networks. */
  readonly plans: readonly Plan[];
  /** Losses that were taken for the smallest one. */
  readonly clamped: number;
  /** Milliseconds that the threads of trunk and tasks worked, selection included. */
  readonly busyMs: number;
  readonly executor: Executor;
}

/** What a trainer's networks came to. */
export interface GroupsRun {
  readonly done: readonly GroupDone[];
  /** Milliseconds that its thread worked, judging left out. */
  readonly busyMs: number;
}

/** Trains all tasks on one trunk, probes what a step for one does to the others, and chooses groups by it. */
export async function playTag(
  lane: Lane,
  family: Family,
  grouping: Grouping,
  options: GroupingOptions,
): Promise<TagRun> {
  const { tasks } = family;
  const stream = await family.stream(lane, { train: options.train, batch: options.training.batch });
  const trunk = await lane.learner(trunkLearner, { ...grouping, probeEvery: options.probeEvery });
  const heads = [];
  for (let task = 0; task < tasks.length; task++) {
    heads.push(await lane.learner(taskLearner, { ...grouping, task }, { name: `task ${tasks[task].name}` }));
  }
  const ledger = await lane.spawn(affinityLedger, { tasks: tasks.length, perRate: options.perRate });
  const selector = await lane.spawn(groupSelector, { tasks: tasks.length });

  lane.link(trunk.outputs.needs, stream.inputs.needs);
  lane.link(stream.outputs.batches, trunk.inputs.batches);
  for (const head of heads) {
    lane.link(trunk.outputs.work, head.inputs.work);
    lane.link(head.outputs.gradients, trunk.inputs.gradients);
    lane.link(head.outputs.losses, ledger.inputs.losses);
  }
  lane.link(trunk.outputs.similarities, ledger.inputs.similarities);
  lane.link(ledger.outputs.affinities, selector.inputs.affinities);

  const { rounds, losses, busy } = await trunk.call.learn();
  const gathered = await selector.call.gathered(rounds);
  const plans: Plan[] = [];
  for (const k of options.networks) plans.push(await selector.call.select(k));
  const measured = [busy];
  for (const head of heads) measured.push(await head.call.busy());
  const busyMs = busyTime(measured);

  const every = Math.max(1, Math.floor(options.training.steps / 20));
  for (let step = 0; step < options.training.steps; step += every) {
    const at = losses.subarray(step * tasks.length, (step + 1) * tasks.length);
    lane.row(step, Object.fromEntries(tasks.map(({ name }, task) => [`${name} loss`, at[task]])));
  }
  lane.row(options.training.steps, { busy_ms: busyMs });
  lane.progress(options.training.steps);
  const [clamped, executor] = [await ledger.call.clamped(), await trunk.call.executor()];
  return { ...gathered, plans, clamped, busyMs, executor };
}

/** Trains a network for each of some groups, from scratch and on the batches that TAG's run sees, and has them judged. */
export async function playGroups(
  lane: Lane,
  family: Family,
  grouping: Grouping,
  options: GroupingOptions,
  groups: readonly Group[],
): Promise<GroupsRun> {
  const stream = await family.stream(lane, { train: options.train, batch: options.training.batch });
  const trainer = await lane.learner(groupTrainer, { ...grouping, groups: groups.map(group => [...group]) });
  const judge = await family.judge(lane, grouping, options.test);
  lane.link(trainer.outputs.needs, stream.inputs.needs);
  lane.link(stream.outputs.batches, trainer.inputs.batches);
  lane.link(trainer.outputs.trained, judge.inputs.trained);
  const judged = lastValueFrom(judge.outputs.done.pipe(take(groups.length), toArray()));
  const { busy } = await trainer.call.train();
  const done = await judged;
  const { steps } = options.training;
  lane.row(steps, { networks: groups.length, busy_ms: busy.ms });
  lane.progress(steps * groups.length);
  return { done, busyMs: busy.ms };
}
