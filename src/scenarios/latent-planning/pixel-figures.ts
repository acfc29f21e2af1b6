import type { PlanetMetrics } from '../../learners/planet/messages.ts';
import { learningFigures } from './figures.ts';
import type { OpenLoops } from './imagined.ts';
import { errorRatio } from './imagined-errors.ts';
import { errorsApart } from './judging.ts';

/** Steps after the context over which errors of pixels are told: 6 to 25 of an open loop with five rows of context. */
export const pixelSteps = 20;

/** How well a model sees ahead in pictures, and what comes of it. */
export interface PixelFigures {
  /** Pixels a side. */
  readonly side: number;
  /** Steps ahead that errors are of: 20, or as many as an episode has. */
  readonly steps: number;
  /** Mean squared error of pixels over that of the last frame that was seen, repeated. */
  readonly overLastFrame: number;
  /** Over that of the mean frame. */
  readonly overMeanFrame: number;
  /** Of rewards, over that of the best constant. */
  readonly reward: number;
  /** Errors of pixels and of rewards with another episode's actions, over those with the right ones. */
  readonly otherActions: number;
  readonly rewardOtherActions: number;
  /** Noise-free return less that of random actions, in standard errors of that difference. */
  readonly overRandom?: number;
  /** Over the last tenth of learning: nats from posterior to prior, and that over the free nats. */
  readonly kl: number;
  readonly klOverFree: number;
}

/** What pixel figures are made of. */
export interface PixelResults {
  readonly loops: OpenLoops;
  readonly side: number;
  readonly freeNats: number;
  readonly learning: readonly PlanetMetrics[];
  /** Noise-free returns, and those of random actions. */
  readonly tests: readonly number[];
  readonly random?: readonly number[] | undefined;
}

export function pixelFiguresOf({
  loops,
  side,
  freeNats,
  learning,
  tests,
  random,
}: PixelResults): PixelFigures {
  const { model, lastSeen, constant, otherActions } = loops.errors;
  const steps = Math.min(pixelSteps, loops.horizon);
  const ratio = (own: readonly number[], other: readonly number[]): number => errorRatio(own, other, steps);
  const overRandom = random && errorsApart(tests, random);
  const { kl } = learningFigures(learning, freeNats);
  return {
    ...{ side, steps },
    overLastFrame: ratio(model.observation, lastSeen.observation),
    overMeanFrame: ratio(model.observation, constant.observation),
    reward: ratio(model.reward, constant.reward),
    otherActions: ratio(otherActions.observation, model.observation),
    rewardOtherActions: ratio(otherActions.reward, model.reward),
    ...(overRandom !== undefined && { overRandom }),
    kl,
    klOverFree: freeNats > 0 ? kl / freeNats : kl,
  };
}
