import type { WithPixels } from './checks-pixels.ts';
import type { OpenLoops } from './imagined.ts';
import { errorRatio } from './imagined-errors.ts';

/** How well a model of states sees ahead: errors over those of the best constant, and what other actions make of them. */
export interface OpenLoopFigures {
  readonly reward: number;
  /** Of the first step ahead alone. */
  readonly rewardNext: number;
  readonly observation: number;
  /** Times as large with the actions of another open loop. */
  readonly rewardShuffled: number;
  readonly observationShuffled: number;
}

/** How well PlaNet's final model sees ahead, on test episodes. */
export interface Foreseen extends WithPixels {
  /** Only where states are observed. */
  readonly openLoop?: OpenLoopFigures;
}

export function openLoopFigures({ errors, horizon }: OpenLoops): OpenLoopFigures {
  const { model, otherActions, constant } = errors;
  const [next] = model.reward;
  return {
    reward: errorRatio(model.reward, constant.reward),
    rewardNext: errorRatio([next * horizon], [constant.reward.reduce((sum, error) => sum + error, 0)]),
    observation: errorRatio(model.observation, constant.observation),
    rewardShuffled: errorRatio(otherActions.reward, model.reward),
    observationShuffled: errorRatio(otherActions.observation, model.observation),
  };
}
