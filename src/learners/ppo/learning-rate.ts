import { linear } from '../../tensors/index.ts';
import type { PpoConfig } from './config.ts';

/** Between which rates, by which factor, `adaptive` moves. [RSL] */
const bounds = [1e-5, 1e-2] as const;
const factor = 1.5;

/** The learning rate over a run: fixed, along a line, or steered by how far each epoch moves the policy. */
export class LearningRate {
  /** What `adaptive` has come to; part of a run's state. */
  steered: number;
  readonly #config: PpoConfig;

  constructor(config: PpoConfig) {
    this.#config = config;
    this.steered = config.learningRate;
  }

  /** @param progress of the run, 0 … 1 */
  at(progress: number): number {
    const { learningRate, learningRateSchedule } = this.#config;
    switch (learningRateSchedule) {
      case 'constant':
        return learningRate;
      case 'linear':
        return linear(learningRate, 0)(progress);
      case 'adaptive':
        return this.steered;
    }
  }

  /**
   * Moves the rate after an epoch, in `adaptive`: the rule of Schulman's that compares what a step did with what it should
   * have done (KL over twice the target: divide by 1.5; under half of it: multiply), taken over by rl_games'
   * `AdaptiveScheduler` and by RSL-RL, which leaves out passes with a KL of 0: those came before any step.
   * @param kl how far the policy is from the one that the update started with, measured after steps of the epoch
   */
  steer(kl: number): void {
    const { adaptiveKl } = this.#config;
    if (kl > 2 * adaptiveKl) this.steered = Math.max(bounds[0], this.steered / factor);
    else if (kl < adaptiveKl / 2) this.steered = Math.min(bounds[1], this.steered * factor);
  }
}
