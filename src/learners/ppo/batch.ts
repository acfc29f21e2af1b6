import type { Trajectory } from '../../actors/trajectory.ts';
import { zeros } from '../../core/arrays.ts';
import { actionSize, flatSize } from '../../env/spaces.ts';
import type { HostTensor } from '../../tensors/index.ts';
import { estimateAdvantages } from '../shared/advantages.ts';
import type { ReturnScaler } from '../shared/normalization.ts';
import type { PpoConfig } from './config.ts';
import type { PpoShape } from './method.ts';

type Column = HostTensor & { readonly data: Float32Array };

/** One round of experience as the rows that minibatches are drawn from, worker after worker, step after step. */
export class PpoRows {
  readonly observations: Column;
  readonly actions: HostTensor;
  readonly logProbs: Column;
  readonly values: Column;
  readonly advantages: Column;
  readonly returns: Column;
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
    this.#rewards = new Float32Array(rows);
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
}
