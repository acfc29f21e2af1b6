import type { z } from 'zod';
import type { ppoConfig } from '../../learners/ppo/config.ts';
import type { RobotName } from '../../learners/simgan/robots.ts';

/** How much of everything a robot takes: the defaults of the options of the same names. */
export interface Budget {
  readonly environments: number;
  readonly horizon: number;
  readonly sourceIterations: number;
  readonly identifyIterations: number;
  readonly refineIterations: number;
  readonly oracleIterations: number;
  readonly trajectories: number;
  readonly testEpisodes: number;
  readonly behaviorLogStd: number;
  readonly refineLogStd: number;
}

/** The budgets by robot. Data of the hopper and the quadruped are ten minutes at most, less where episodes end early. */
export const budgets: Readonly<Record<RobotName, Budget>> = {
  'cart-pole': {
    ...{ environments: 32, horizon: 250, sourceIterations: 60, identifyIterations: 80 },
    ...{ refineIterations: 150, oracleIterations: 120, trajectories: 48, testEpisodes: 40 },
    ...{ behaviorLogStd: -1.3, refineLogStd: -0.7 },
  },
  hopper: {
    ...{ environments: 64, horizon: 64, sourceIterations: 75, identifyIterations: 120 },
    ...{ refineIterations: 100, oracleIterations: 100, trajectories: 60, testEpisodes: 40 },
    ...{ behaviorLogStd: -1.6, refineLogStd: -1 },
  },
  quadruped: {
    ...{ environments: 64, horizon: 64, sourceIterations: 400, identifyIterations: 400 },
    ...{ refineIterations: 250, oracleIterations: 250, trajectories: 60, testEpisodes: 40 },
    ...{ behaviorLogStd: -1.6, refineLogStd: -1 },
  },
};

type PpoSettings = Partial<z.input<typeof ppoConfig>>;

/** What PPO of a robot's policies has otherwise than that of the cart-pole's: to begin with, and to learn on. */
export const ppoOf: Readonly<
  Record<RobotName, { readonly source: PpoSettings; readonly refine: PpoSettings }>
> = {
  'cart-pole': { source: {}, refine: {} },
  // As in the scenario `hopper`, which learns to hop in 300,000 steps.
  hopper: {
    source: { epochs: 8, learningRateSchedule: 'adaptive', normalizeObservations: true },
    refine: { epochs: 8, learningRateSchedule: 'adaptive', normalizeObservations: true },
  },
  quadruped: {
    source: { epochs: 8, learningRateSchedule: 'adaptive', normalizeObservations: true },
    refine: { epochs: 8, learningRateSchedule: 'adaptive', normalizeObservations: true },
  },
};
