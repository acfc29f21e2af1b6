import { parseOrThrow } from '../../core/errors.ts';
import { pendulum } from '../../env/classic/pendulum.ts';
import type { EnvironmentRef } from '../../env/contract.ts';
import { environmentRef } from '../../env/define.ts';
import { pixels } from '../../env/pixels/index.ts';
import { cartPoleSwingUp } from '../../env/rapier/cart-pole-swing-up.ts';
import { halfCheetah } from '../../env/rapier/half-cheetah.ts';
import { reacher } from '../../env/rapier/reacher.ts';
import { type PlanetConfig, type PlanetSettings, planetConfig } from '../../learners/planet/config.ts';
import type { PlanningOptions, TaskName } from './options.ts';
import { padded } from './padded.ts';
import { presetOf } from './pixel-settings.ts';

/** What a task is to a planner. */
export interface Task {
  readonly name: TaskName;
  /** In pictures. */
  readonly title: string;
  readonly environment: EnvironmentRef;
  /** Steps of the environment that a decision holds. */
  readonly repeat: number;
  /** Steps of an episode. */
  readonly steps: number;
  /** Numbers of an action. */
  readonly actions: number;
  /** What each number of a state is divided by. */
  readonly observationUnits: readonly number[];
  /** What the numbers of a state are, for pictures; default: numbered. */
  readonly numbers?: readonly string[];
  /** What the reward of a decision is divided by. */
  readonly rewardUnit: number;
  /** What returns are told in: sums of rewards times this. */
  readonly returnScale: number;
  /** Seconds of a step. */
  readonly dt: number;
  /** Settings of PlaNet where numbers are seen, beside its defaults. */
  readonly planet?: PlanetSettings;
}

const ones = (count: number, value = 1): number[] => new Array<number>(count).fill(value);

/** The tasks, by name. */
export const tasks: Readonly<Record<TaskName, Task>> = {
  'swing-up': {
    name: 'swing-up',
    title: 'cart-pole swing-up',
    environment: environmentRef(cartPoleSwingUp),
    repeat: 2,
    steps: 250,
    actions: 1,
    observationUnits: [1, 1, 1, 2, 5],
    numbers: ['position', 'cosine of the angle', 'sine of the angle', 'speed', 'angular velocity'],
    rewardUnit: 2,
    returnScale: 4,
    dt: 0.04,
  },
  pendulum: {
    name: 'pendulum',
    title: 'pendulum',
    environment: environmentRef(pendulum),
    repeat: 2,
    steps: 200,
    actions: 1,
    observationUnits: [1, 1, 8],
    numbers: ['cosine of the angle', 'sine of the angle', 'angular velocity'],
    rewardUnit: 16,
    returnScale: 1,
    dt: 0.05,
  },
  reacher: {
    name: 'reacher',
    title: 'reacher',
    environment: environmentRef(reacher),
    repeat: 2,
    steps: 50,
    actions: 2,
    observationUnits: [...ones(4), ...ones(2, 0.2), ...ones(2, 10), ...ones(2, 0.2)],
    rewardUnit: 0.4,
    returnScale: 1,
    dt: 0.02,
  },
  'half-cheetah': {
    name: 'half-cheetah',
    title: 'half-cheetah',
    environment: environmentRef(halfCheetah),
    repeat: 2,
    steps: 200,
    actions: 6,
    observationUnits: [...ones(2, 0.3), ...ones(6, 0.5), ...ones(2, 2), 4, ...ones(6, 8)],
    rewardUnit: 4,
    returnScale: 1,
    dt: 0.05,
  },
};

/** The tasks of a run as they are, in their turns. */
export const tasksAsTheyAre = ({ task, tasks: several }: PlanningOptions): readonly Task[] =>
  (several.length > 0 ? several : [task]).map(name => tasks[name]);

/** The tasks of a run as its agent is shown them: several ones in the same sizes, all numbers in units. */
export function tasksOf(options: PlanningOptions): readonly Task[] {
  const all = tasksAsTheyAre(options);
  if (options.tasks.length === 0) return all;
  const observations = Math.max(...all.map(({ observationUnits }) => observationUnits.length));
  return all.map(task => ({
    ...task,
    observationUnits: ones(observations),
    rewardUnit: 1,
    returnScale: task.returnScale * task.rewardUnit,
  }));
}

/** The world of a task as the run's agent is shown it. */
export function worldOf({ name }: Task, options: PlanningOptions): EnvironmentRef {
  const { observe, side, channels } = options;
  const { environment, observationUnits, rewardUnit } = tasks[name];
  const seen =
    observe === 'state'
      ? environment
      : pixels(environment, { size: side, colors: channels === 3 ? 'rgb' : 'grey', frames: 1 });
  if (options.tasks.length === 0) return seen;
  const all = tasksAsTheyAre(options);
  return padded(seen, {
    observations:
      observe === 'pixels'
        ? side * side * channels
        : Math.max(...all.map(each => each.observationUnits.length)),
    actions: Math.max(...all.map(each => each.actions)),
    observationUnits: observe === 'pixels' ? null : [...observationUnits],
    rewardUnit,
  });
}

/** Each task once: one that is listed twice has two episodes in a round. */
export const differing = (some: readonly Task[]): readonly Task[] =>
  some.filter(({ name }, i) => some.findIndex(other => other.name === name) === i);

/** Decisions of an episode. */
export const decisionsOf = ({ steps, repeat }: Task): number => Math.ceil(steps / repeat);

/**
 * PlaNet's settings for a task: its defaults, the task's, those of pixels where pixels are seen, then what the run and the arm
 * change.
 * @throws a usage error where they do not go together
 */
export function planetOf(task: Task, options: PlanningOptions, changes: PlanetSettings = {}): PlanetConfig {
  const { observe, side, channels, preset } = options;
  const seen: PlanetSettings =
    observe === 'pixels'
      ? { observe, side, channels, ...presetOf(preset, side) }
      : { ...task.planet, observe, observationUnits: [...task.observationUnits] };
  return parseOrThrow(
    planetConfig,
    {
      ...{ rewardUnit: task.rewardUnit, ...seen, ...options.planet, ...changes },
      planning: { ...seen.planning, ...options.planet.planning, ...changes.planning },
    },
    `planet of ${task.name}`,
  );
}
