import { defineEnvironment } from '../define.ts';
import { type Box, box } from '../spaces.ts';
import { timeLimit } from './classic-control.ts';
import { CarInValley } from './valley.ts';

const power = 0.0015;

class MountainCarContinuous extends CarInValley<Box> {
  protected readonly goal = 0.45;

  constructor(count: number, options: { readonly maxEpisodeSteps: number }) {
    super(box(1, { low: -1, high: 1 }), count, options);
  }

  step(actions: Float32Array): void {
    const { rewards, terminated, count } = this;
    const { position, velocity } = this.state;
    for (let i = 0; i < count; i++) {
      const force = actions[i];
      this.roll(i, force * power);
      const reached = this.reached(i);
      position[i] = Math.fround(position[i]);
      velocity[i] = Math.fround(velocity[i]);
      rewards[i] = (reached ? 100 : 0) - force * force * 0.1;
      terminated[i] = reached ? 1 : 0;
      this.conclude(i);
    }
  }
}

/**
 * A car too weak to climb out of a valley must rock back and forth to reach the flag on the right hill, with as little
 * force as can be.
 *
 * | observation | meaning | unit | range |
 * |---|---|---|---|
 * | 0 | position along x | - | -1.2 to 0.6 |
 * | 1 | velocity, a step | - | ±0.07 |
 *
 * | action | meaning | unit | range |
 * |---|---|---|---|
 * | 0 | force to the right | - | ±1 |
 *
 * - Reward: -0.1 force² a step, and 100 for the step that reaches the flag.
 * - Start: position uniform in -0.6 to -0.4, at rest.
 * - Terminated: position ≥ 0.45. Truncated: after 999 steps.
 * - Source: Moore (1990), with the constants of Gymnasium's MountainCarContinuous-v0, which keeps its state in float32
 *   numbers; so does this.
 */
export const mountainCarContinuous = defineEnvironment(import.meta.url, {
  name: 'mountain-car-continuous',
  summary: 'Rock a weak car out of a valley with as little force as can be.',
  options: timeLimit(999),
  makeVector: (options, count) => new MountainCarContinuous(count, options),
});
