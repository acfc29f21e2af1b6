import { defineEnvironment } from '../define.ts';
import { type Discrete, discrete } from '../spaces.ts';
import { timeLimit } from './classic-control.ts';
import { CarInValley } from './valley.ts';

const force = 0.001;

class MountainCar extends CarInValley<Discrete> {
  protected readonly goal = 0.5;

  constructor(count: number, options: { readonly maxEpisodeSteps: number }) {
    super(discrete(3), count, options);
  }

  step(actions: Int32Array): void {
    const { rewards, terminated, count } = this;
    for (let i = 0; i < count; i++) {
      this.roll(i, (actions[i] - 1) * force);
      rewards[i] = -1;
      terminated[i] = this.reached(i) ? 1 : 0;
      this.conclude(i);
    }
  }
}

/**
 * A car too weak to climb out of a valley must rock back and forth to reach the flag on the right hill.
 *
 * | observation | meaning | unit | range |
 * |---|---|---|---|
 * | 0 | position along x | - | -1.2 to 0.6 |
 * | 1 | velocity, a step | - | ±0.07 |
 *
 * | action | meaning |
 * |---|---|
 * | 0 | accelerate left |
 * | 1 | coast |
 * | 2 | accelerate right |
 *
 * - Reward: -1 a step.
 * - Start: position uniform in -0.6 to -0.4, at rest.
 * - Terminated: position ≥ 0.5. Truncated: after 200 steps.
 * - Source: Moore (1990), with the constants of Gymnasium's MountainCar-v0.
 */
export const mountainCar = defineEnvironment(import.meta.url, {
  name: 'mountain-car',
  summary: 'Rock a weak car out of a valley: push left, right or not at all.',
  options: timeLimit(200),
  makeVector: (options, count) => new MountainCar(count, options),
});
