import { allGroups, type Group, keyOf } from '../../learners/task-grouping/index.ts';
import type { Arm, Arms } from '../arms/index.ts';
import type { Stage } from '../contract.ts';
import { type GroupsRun, playGroups, playTag, type TagRun } from './cast.ts';
import type { Family } from './families.ts';
import type { Grouping, GroupingOptions } from './settings.ts';

/** What was trained for a family of tasks. */
export interface FamilyRun {
  /** Gradient steps of every network. */
  readonly steps: number;
  readonly tag: TagRun;
  /** Test losses and errors of each network's tasks, in their order, by `keyOf(group)`. */
  readonly networks: ReadonlyMap<string, readonly { readonly loss: number; readonly error: number }[]>;
  /** Milliseconds that training every group took; only where all were. */
  readonly searchMs: number | undefined;
}

/** Networks that one trainer trains side by side: they share a stream, and a thread's memory. */
const atOnce = 8;

/** Gradient steps of all networks, for the run's progress. */
export function stepsOf(options: GroupingOptions, played: readonly Family[]): number {
  const networks = (tasks: number) =>
    options.search === 'all' ? 2 ** tasks - 1 : 1 + tasks + options.networks.reduce((sum, k) => sum + k, 0);
  return played.reduce(
    (sum, family) => sum + (1 + networks(family.tasks.length)) * optionsOf(options, family).training.steps,
    0,
  );
}

/** The options as they are for a family. */
function optionsOf(options: GroupingOptions, { name }: Family): GroupingOptions {
  if (name !== 'scenes') return options;
  const { hidden, steps, train, test } = options.scenes;
  return { ...options, train, test, training: { ...options.training, hidden, steps } };
}

/** TAG's run and the networks of groups, on as many lanes as there are. */
export async function playFamily(
  stage: Stage<GroupingOptions>,
  arms: Arms,
  family: Family,
): Promise<FamilyRun> {
  const { seed, executor } = stage;
  const options = optionsOf(stage.options, family);
  const { training } = options;
  const grouping: Grouping = { training, inputs: family.inputs, tasks: [...family.tasks], seed, executor };
  const tag: Arm<TagRun> = {
    name: `${family.name}: all tasks, probed`,
    steps: training.steps,
    play: lane => playTag(lane, family, grouping, options),
  };
  const trainers = (what: string, groups: readonly Group[]): Arm<GroupsRun>[] => {
    const shards = Math.ceil(groups.length / atOnce);
    // Dealt out like cards, so that large and small groups are in every share.
    return Array.from({ length: shards }, (_, shard) => {
      const share = groups.filter((_, g) => g % shards === shard);
      return {
        name: `${family.name}: ${what}${shards > 1 ? ` ${shard + 1} of ${shards}` : ''}`,
        steps: training.steps * share.length,
        play: lane => playGroups(lane, family, grouping, options, share),
      };
    });
  };

  const all = options.search === 'all';
  const search = all ? trainers('groups', allGroups(family.tasks.length)) : [];
  const first = await arms.play<TagRun | GroupsRun>([tag, ...search]);
  const done = search.map(({ name }) => first[name] as GroupsRun);
  const run = first[tag.name] as TagRun;
  if (!all) {
    const second = trainers('planned groups', plannedGroups(family, run));
    const results = await arms.play(second);
    done.push(...second.map(({ name }) => results[name]));
  }
  return {
    steps: training.steps,
    tag: run,
    networks: new Map(done.flatMap(part => part.done.map(({ group, perTask }) => [keyOf(group), perTask]))),
    searchMs: all ? done.reduce((sum, { busyMs }) => sum + busyMs, 0) : undefined,
  };
}

/** What TAG chose, and one network for all: each once. */
function plannedGroups({ tasks }: Family, { plans }: TagRun): Group[] {
  const groups = [...plans.flatMap(plan => plan.groups), tasks.map((_, task) => task)];
  return [...new Map(groups.map(group => [keyOf(group), group])).values()];
}
