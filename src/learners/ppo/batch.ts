import type { Spaces } from '../../actors/policy.ts';
import type { Trajectory } from '../../actors/trajectory.ts';
import { zeros } from '../../core/arrays.ts';
import { actionSize, flatSize } from '../../env/spaces.ts';
import type { HostTensor } from '../../tensors/index.ts';
import { estimateAdvantages } from '../shared/advantages.ts';
import type { ReturnScaler } from '../shared/normalization.ts';
import type { PpoConfig } from './config.ts';

/** What a round of experience looks like. */
export interface PpoShape {
  readonly spaces: Spaces;
  readonly workers: number;
  /** T: steps of every copy. */
  readonly steps: number;
  /** n: copies a worker. */
  readonly count: number;
  /** How many versions old the policy that acted is. */
  readonly lag: number;
}

type Column = HostTensor & { readonly data: Float32Array };

/** Importance weights are cut here, against the variance of a few large ones. */
const LARGEST_WEIGHT = 2;

/** One round of experience as the rows that minibatches are drawn from, worker after worker, step after step. */
export class PpoRows {
  readonly observations: Column;
  readonly actions: HostTensor;
  readonly logProbs: Column;
  readonly values: Column;
  readonly advantages: Column;
  readonly returns: Column;
  /** π_origin(a|s) / π_acted(a|s); only with a lag. */
  readonly importance: Column | undefined;
  readonly count: number;
  readonly #shape: PpoShape;
  readonly #rewards: Float32Array;

  constructor(shape: PpoShape) {
    const { spaces, workers, steps, count } = shape;
    const rows = workers * steps * count;
    const column = (...width: number[]): Column => ({
      shape: [rows, ...width],
      data: new Float32Array(rows * (width[0] ?? 1)),
    });
    const actions = actionSize(spaces.action);
    this.#shape = shape;
    this.count = rows;
    this.observations = column(flatSize(spaces.observation));
    this.actions = {
      shape: [rows, actions],
      data: zeros(spaces.action.kind === 'box' ? 'float32' : 'int32', rows * actions),
    };
    this.logProbs = column();
    this.values = column();
    this.advantages = column();
    this.returns = column();
    this.importance = shape.lag > 0 ? column() : undefined;
    this.#rewards = new Float32Array(rows);
  }

  /** All columns, as the update takes them. */
  get columns() {
    const { observations, actions, logProbs, values, advantages, returns, importance } = this;
    return {
      observations,
      actions,
      logProbs,
      values,
      advantages,
      returns,
      ...(importance && { importance }),
    };
  }

  /** Takes in one trajectory a worker and works out advantages and returns. */
  fill(round: readonly Trajectory[], { gamma, lambda }: PpoConfig, scaler: ReturnScaler | undefined): void {
    const { steps, count } = this.#shape;
    const rows = steps * count;
    round.forEach((trajectory, worker) => {
      const ended = (at: number) => trajectory.terminated[at] === 1 || trajectory.truncated[at] === 1;
      scaler?.observe(trajectory.rewards, count, worker * count, ended);
    });
    round.forEach((trajectory, worker) => {
      const from = worker * rows;
      const part = (column: Float32Array) => column.subarray(from, from + rows);
      const rewards = part(this.#rewards);
      if (scaler) scaler.apply(trajectory.rewards, rewards);
      else rewards.set(trajectory.rewards);
      estimateAdvantages(
        { ...trajectory, rewards },
        { steps, count, gamma, lambda },
        part(this.advantages.data),
        part(this.returns.data),
      );
      this.observations.data.set(trajectory.observations, worker * trajectory.observations.length);
      this.actions.data.set(trajectory.actions, worker * trajectory.actions.length);
      this.logProbs.data.set(trajectory.logProbs, from);
      this.values.data.set(trajectory.values, from);
    });
  }

  /**
   * Makes another policy the one that ratios are taken against, and weighs rows by how much likelier it would have acted
   * as was acted (Hilton, Cobbe & Schulman 2021, the decoupled objective).
   * @param logProbs its log-probabilities of the actions, [rows]
   */
  moveOrigin(logProbs: Float32Array): void {
    const weights = this.importance!.data;
    for (let i = 0; i < weights.length; i++) {
      weights[i] = Math.min(LARGEST_WEIGHT, Math.exp(logProbs[i] - this.logProbs.data[i]));
    }
    this.logProbs.data.set(logProbs);
  }
}
