import { episodesOf, type MpcArm } from './arms.ts';
import { type ArmPlayed, decisionsOf, mean } from './cast.ts';
import type { MpcOptions } from './options.ts';

/** What the summary holds of an arm. */
export interface ArmFigures {
  /** Of 1000, mean over episodes. */
  readonly return: number;
  /** 0 where random actions are, 1 where CEM is. */
  readonly normalised: number;
  readonly eliteStd: number;
  /** Predicted return of the best candidate over what its horizon really earned, mean over decisions of the first episode. */
  readonly optimism: number;
  /** Environment steps that the planner's thread has taken. */
  readonly worldSteps: number;
}

export interface MpcResult {
  /** Decisions of an episode. */
  readonly decisions: number;
  readonly arms: Readonly<Record<string, ArmFigures>>;
  /** 1 where every planner in the simulator has taken exactly the steps that its plans need. */
  readonly stepsCounted: number;
}

/** Decisions with which a run is held to the bars of a full one. */
const fullDecisions = 120;
/** Sequences for an action with which it is. */
const fullSequences = 400;

/** Whether a run is as large as the bars of a full one are meant for. */
export const isFull = ({ steps, repeat, candidates, iterations }: MpcOptions): boolean =>
  Math.ceil(steps / repeat) >= fullDecisions && candidates * iterations >= fullSequences;

export function figuresOf(
  arms: readonly MpcArm[],
  played: Readonly<Record<string, ArmPlayed>>,
  options: MpcOptions,
): MpcResult {
  const returnOf = (name: string) => mean(played[name].returns);
  const [low, high] = [returnOf('random'), returnOf('cem')];
  const counted = arms.every(arm => played[arm.name].worldSteps === stepsNeeded(arm, options));
  return {
    decisions: decisionsOf(options),
    arms: Object.fromEntries(
      arms.map(({ name, planner }) => [
        name,
        {
          return: returnOf(name),
          normalised: high === low ? 0 : (returnOf(name) - low) / (high - low),
          eliteStd: played[name].eliteStd,
          optimism: optimismOf(played[name], typeof planner === 'object' ? (planner.horizon ?? 12) : 0),
          worldSteps: played[name].worldSteps,
        },
      ]),
    ),
    stepsCounted: counted ? 1 : 0,
  };
}

/** Steps that an arm's planner takes in the simulator. */
function stepsNeeded(arm: MpcArm, options: MpcOptions): number {
  const { planner, scores } = arm;
  if (typeof planner !== 'object' || scores === 'noise') return 0;
  const { candidates = 0, horizon = 0 } = planner;
  const iterations = planner.kind === 'random-shooting' ? 1 : (planner.iterations ?? 1);
  const copies = candidates * episodesOf(arm, options);
  return decisionsOf(options) * iterations * horizon * options.repeat * copies;
}

/** Sum of what the next decisions earned, from each decision on that has a whole horizon ahead. */
export function realised(rewards: readonly number[], horizon: number): number[] {
  const sums: number[] = [];
  for (let t = 0; t + horizon <= rewards.length; t++) {
    sums.push(rewards.slice(t, t + horizon).reduce((sum, reward) => sum + reward, 0));
  }
  return sums;
}

/** 0 where nothing was predicted, or nothing earned. */
function optimismOf({ predicted, rewards }: ArmPlayed, horizon: number): number {
  if (predicted.length === 0 || horizon === 0) return 0;
  const earned = realised(rewards[0], horizon);
  const total = mean(earned);
  return total === 0 ? 0 : mean(predicted.slice(0, earned.length)) / total;
}
