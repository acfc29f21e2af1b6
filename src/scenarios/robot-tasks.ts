import type { Episodes } from '../actors/evaluator-episodes.ts';
import { environmentRef } from '../env/define.ts';
import { ant } from '../env/rapier/ant.ts';
import { halfCheetah } from '../env/rapier/half-cheetah.ts';
import { reacher } from '../env/rapier/reacher.ts';
import type { Check } from './contract.ts';
import type { LearningCast, LearningResult } from './lead.ts';

type Bar = Pick<Check<LearningResult>, 'atLeast' | 'atMost'>;

/** PPO's settings for robots that walk or run. */
export const locomotionPpo = {
  environments: 64,
  horizon: 64,
  minibatch: 512,
  epochs: 8,
  learningRate: 1e-3,
  learningRateSchedule: 'adaptive',
  gamma: 0.98,
  lambda: 0.95,
  initialLogStd: -0.5,
  normalizeObservations: true,
  normalizeRewards: true,
} as const;

/** The half-cheetah, judged alike whoever teaches it. */
export const halfCheetahTask = {
  environment: environmentRef(halfCheetah),
  episodes: 50,
  controls: true,
  film: { dt: 0.05 },
  summarize: ({ info: { pitch } }: Episodes) => ({
    /** The share of episodes that ended less than 60° from level. */
    upright: pitch.filter(angle => Math.abs(angle) < Math.PI / 3).length / pitch.length,
  }),
} satisfies LearningCast;

/** What chance and standing still come to on the half-cheetah. */
export const halfCheetahControls = controls('metres', 'x', 'm', { atMost: 3 }, { atMost: 1 });

/** A walk, not a slide on the belly: so far, in the 10 s of an episode, standing upright at its end. */
export const antWalk = { metres: 5, height: 0.28, upright: 0.8 };

/** The ant, judged alike whoever teaches it. */
export const antTask = {
  environment: environmentRef(ant),
  episodes: 50,
  controls: true,
  film: { dt: 0.04 },
  summarize: (episodes: Episodes) => ({ walked: walked(episodes), moved: moved(episodes) }),
} satisfies LearningCast;

/** The share of episodes that walked far. */
function walked({ info }: Episodes): number {
  const good = info.x.filter(
    (x, i) =>
      x >= antWalk.metres &&
      info.fell[i] === 0 &&
      info.height[i] >= antWalk.height &&
      info.upright[i] >= antWalk.upright,
  );
  return good.length / info.x.length;
}

/** Mean metres from the start along x, whichever way: what chance gets to. */
const moved = ({ info }: Episodes): number => info.x.reduce((sum, x) => sum + Math.abs(x), 0) / info.x.length;

/** What chance and standing still come to on the ant, whichever way. */
export const antControls = controls('metres', 'moved', 'm', { atMost: 2 }, { atMost: 1 });

/** The reacher, judged alike whoever teaches it. */
export const reacherTask = {
  environment: environmentRef(reacher),
  episodes: 100,
  controls: true,
  film: { dt: 0.02 },
} satisfies LearningCast;

/** What chance and standing still come to on the reacher. */
export const reacherControls = controls(
  'from the target',
  'distance',
  'm',
  { atLeast: 0.1 },
  { atLeast: 0.1 },
);

/**
 * The two controls of a robot: random actions, and none.
 * @param figure of their judgement, that the bars are for
 */
function controls(
  what: string,
  figure: string,
  unit: string,
  random: Bar,
  zero: Bar,
): readonly Check<LearningResult>[] {
  const control = (actions: string, by: 'random' | 'zero', limits: Bar): Check<LearningResult> => ({
    name: `control: ${what}, ${actions}`,
    value: result => result.controls?.[by][figure] ?? Number.NaN,
    ...limits,
    unit,
  });
  return [control('random actions', 'random', random), control('no action', 'zero', zero)];
}
