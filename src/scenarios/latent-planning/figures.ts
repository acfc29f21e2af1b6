import { momentsOf, welch } from '../../evaluation/statistics/index.ts';
import type { PlanetMetrics } from '../../learners/planet/messages.ts';
import type { PlanningArms } from './arms.ts';
import type { ArmPlayed } from './cast.ts';
import type { Foreseen } from './foreseen-figures.ts';
import { errorsApart, mean, type Plans } from './judging.ts';
import type { PlanningOptions } from './options.ts';
import { differing, planetOf, type Task, tasksOf } from './tasks.ts';

export type ArmsPlayed = Readonly<Record<string, ArmPlayed>>;

/** What the summary holds of an arm. */
export interface ArmFigures {
  /** Noise-free, mean over test episodes. */
  readonly return: number;
  /** 0 where random actions are in the arm's task, 1 where the oracle is. */
  readonly normalised?: number;
  /** What plans promise over what is earned, less 1; of arms that plan, and earn. */
  readonly optimism?: number;
  /** Environment steps that the planner's thread has taken. */
  readonly worldSteps: number;
}

/** How learning went. */
export interface LearningFigures {
  readonly updates: number;
  /** Mean over the last tenth of permits: nats from posterior to prior. 0 without a stochastic part. */
  readonly kl: number;
  /** The same less the free nats. */
  readonly klAboveFree: number;
  /** Updates on end in which the KL was the free nats, to a fiftieth. */
  readonly pinned: number;
  /** The largest mean of a permit. */
  readonly gradientNorm: number;
}

export interface PlanningResult extends Foreseen {
  /** Which bars a run is held to. */
  readonly bars: 'full' | 'short' | 'other' | 'none';
  readonly episodes: number;
  readonly arms: Readonly<Record<string, ArmFigures>>;
  /** Of several tasks: what the one agent comes to in each. */
  readonly tasks?: Readonly<Record<string, Pick<ArmFigures, 'return' | 'normalised'>>>;
  readonly planet: LearningFigures & {
    /** Interquartile mean of the normalised returns of test episodes. */
    readonly iqm?: number;
    /** Lower end of the 95 % interval of PlaNet's test return less that of PPO with as many decisions. */
    readonly overPpo?: number;
    /** Mean of the last three training returns less that of random actions, in standard errors. */
    readonly overRandom?: number;
    /** The same of all test returns. */
    readonly testsOverRandom?: number;
  };
}

/** As many as the bars of a full run are meant for. */
const full = { episodes: 40, tests: 20 };

/** Whether a run is long enough for the bars of a full one, on numbers or on pixels. */
export const isFull = ({ episodes, tests }: PlanningOptions): boolean =>
  episodes >= full.episodes && tests >= full.tests;

const barsOf = (options: PlanningOptions): PlanningResult['bars'] => {
  const { task, tasks, observe } = options;
  if (tasks.length > 0 || observe === 'pixels') return 'none';
  if (task !== 'swing-up') return isFull(options) ? 'other' : 'none';
  return isFull(options) ? 'full' : 'short';
};

export function figuresOf(arms: PlanningArms, played: ArmsPlayed, options: PlanningOptions): PlanningResult {
  const tasks = differing(tasksOf(options));
  const [task] = tasks;
  const { planet } = played;
  const { freeNats } = planetOf(task, options);
  const normalised = (value: number, of: Task): number | undefined => {
    const scale = scaleOf(of, tasks, played);
    return scale && scale.high > scale.low ? (value - scale.low) / (scale.high - scale.low) : undefined;
  };
  const scoreOf = (tests: readonly number[], of: Task) => {
    const n = normalised(mean(tests), of);
    return { return: mean(tests), ...(n !== undefined && { normalised: n }) };
  };
  const figures = ({ tests, plan, worldSteps }: ArmPlayed, of: Task): ArmFigures => {
    const optimism = optimismOf(plan);
    return { ...scoreOf(tests, of), ...(optimism !== undefined && { optimism }), worldSteps };
  };
  const single = tasks.length === 1;
  // Models are judged on the first task; what learns none has a task of its own.
  const all: readonly { readonly name: string; readonly task?: Task }[] = [
    ...arms.planet,
    ...arms.world,
    ...arms.controls,
  ];
  const iqm = single ? normalised(interquartileMean(planet.tests), task) : undefined;
  const overPpo = played['ppo'] && lowerEnd(planet.tests, played['ppo'].tests);
  const overRandom = played['random'] && errorsAbove(planet.curve.slice(-3), played['random'].tests);
  const testsOverRandom = played['random'] && errorsApart(planet.tests, played['random'].tests);
  return {
    ...{ bars: barsOf(options), episodes: options.episodes },
    arms: Object.fromEntries(all.map(arm => [arm.name, figures(played[arm.name], arm.task ?? task)])),
    ...(!single && {
      tasks: Object.fromEntries(tasks.map(one => [one.name, scoreOf(planet.testsOf[one.name] ?? [], one)])),
    }),
    planet: {
      ...learningFigures(planet.learning, freeNats),
      ...(iqm !== undefined && { iqm }),
      ...(overPpo !== undefined && { overPpo }),
      ...(overRandom !== undefined && { overRandom }),
      ...(testsOverRandom !== undefined && { testsOverRandom }),
    },
  };
}

/** What a return of 0 and of 1, normalised, is of a task: random actions and the oracle. */
function scaleOf(
  task: Task,
  tasks: readonly Task[],
  played: ArmsPlayed,
): { low: number; high: number } | undefined {
  const of = (name: string): ArmPlayed | undefined =>
    played[tasks.length === 1 ? name : `${name} ${task.name}`];
  const [low, high] = [of('random'), of('oracle')];
  return low && high && { low: mean(low.tests), high: mean(high.tests) };
}

/** Undefined where nothing was planned, or nothing earned. */
function optimismOf({ bestReturn, realised }: Plans): number | undefined {
  const earned = mean(realised);
  return bestReturn.length === 0 || earned === 0 ? undefined : (mean(bestReturn) - earned) / Math.abs(earned);
}

/** Mean of the middle half of values; where a quarter of them is no whole number, those at its edge count in part. */
export function interquartileMean(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const cut = sorted.length / 4;
  let sum = 0;
  let weight = 0;
  sorted.forEach((value, i) => {
    // What of [i, i + 1) lies within [cut, n − cut).
    const share = Math.max(0, Math.min(i + 1, sorted.length - cut) - Math.max(i, cut));
    sum += share * value;
    weight += share;
  });
  return weight === 0 ? 0 : sum / weight;
}

function lowerEnd(arm: readonly number[], baseline: readonly number[]): number | undefined {
  const { difference } = welch(momentsOf(arm), momentsOf(baseline));
  return difference.estimable ? difference.low : undefined;
}

/** How many standard errors training returns are above those of random actions, whose deviation both have. */
function errorsAbove(
  curve: readonly { readonly return: number }[],
  random: readonly number[],
): number | undefined {
  const moments = momentsOf(random);
  if (curve.length === 0 || moments.variance === 0) return undefined;
  const error = Math.sqrt(moments.variance * (1 / curve.length + 1 / random.length));
  return (mean(curve.map(point => point.return)) - moments.mean) / error;
}

/** @param free nats that are taken off each KL */
export function learningFigures(rows: readonly PlanetMetrics[], free: number): LearningFigures {
  const klOf = ({ figures }: PlanetMetrics): number => figures['kl'] ?? 0;
  let pinned = 0;
  let stretch = 0;
  let before = 0;
  for (const row of rows) {
    stretch = free > 0 && Math.abs(klOf(row) - free) <= free / 50 ? stretch + row.updates - before : 0;
    pinned = Math.max(pinned, stretch);
    before = row.updates;
  }
  const kl = mean(rows.slice(-Math.ceil(rows.length / 10)).map(klOf));
  return {
    ...{ updates: before, kl, klAboveFree: kl - free },
    pinned,
    gradientNorm: Math.max(0, ...rows.map(({ figures }) => figures['gradient_norm'] ?? 0)),
  };
}
