import type { Random } from '../../core/random.ts';
import type { Scene } from '../../core/scene.ts';
import { defineEnvironment } from '../define.ts';
import { type Box, box } from '../spaces.ts';
import { ClassicControl, timeLimit } from './classic-control.ts';
import { carOnHill, positionRange, slopePull, speedLimit } from './valley.ts';

const power = 0.0015;
const goal = 0.45;
const [leftmost, rightmost] = positionRange;

const task = {
  observationSpace: box(2, { low: [leftmost, -speedLimit], high: [rightmost, speedLimit] }),
  actionSpace: box(1, { low: -1, high: 1 }),
  variables: ['position', 'velocity'],
} as const;

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
class MountainCarContinuous extends ClassicControl<Box, (typeof task.variables)[number]> {
  constructor(count: number, options: { readonly maxEpisodeSteps: number }) {
    super(task, count, options);
  }

  step(actions: Float32Array): void {
    const { observations, rewards, terminated, count } = this;
    const { position, velocity } = this.state;
    for (let i = 0; i < count; i++) {
      const force = actions[i];
      const pushed = velocity[i] + (force * power + slopePull(position[i]));
      let v = Math.max(-speedLimit, Math.min(speedLimit, pushed));
      const x = Math.max(leftmost, Math.min(rightmost, position[i] + v));
      if (x === leftmost && v < 0) v = 0;
      const reached = x >= goal && v >= 0;
      position[i] = Math.fround(x);
      velocity[i] = Math.fround(v);
      observations[2 * i] = x;
      observations[2 * i + 1] = v;
      rewards[i] = (reached ? 100 : 0) - force * force * 0.1;
      terminated[i] = reached ? 1 : 0;
      this.conclude(i);
    }
  }

  protected begin(index: number, random: Random): void {
    this.state.position[index] = random.uniform(-0.6, -0.4);
    this.state.velocity[index] = 0;
  }

  protected observe(index: number): void {
    this.observations[2 * index] = this.state.position[index];
    this.observations[2 * index + 1] = this.state.velocity[index];
  }

  render(index: number): Scene {
    return carOnHill(this.state.position[index], goal);
  }
}

export const mountainCarContinuous = defineEnvironment(import.meta.url, {
  name: 'mountain-car-continuous',
  summary: 'Rock a weak car out of a valley with as little force as can be.',
  options: timeLimit(999),
  makeVector: (options, count) => new MountainCarContinuous(count, options),
});
