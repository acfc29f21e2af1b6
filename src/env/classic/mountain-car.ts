import type { Random } from '../../core/random.ts';
import type { Scene } from '../../core/scene.ts';
import { defineEnvironment } from '../define.ts';
import { box, type Discrete, discrete } from '../spaces.ts';
import { ClassicControl, timeLimit } from './classic-control.ts';
import { carOnHill, positionRange, slopePull, speedLimit } from './valley.ts';

const force = 0.001;
const goal = 0.5;
const [leftmost, rightmost] = positionRange;

const task = {
  observationSpace: box(2, { low: [leftmost, -speedLimit], high: [rightmost, speedLimit] }),
  actionSpace: discrete(3),
  variables: ['position', 'velocity'],
} as const;

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
class MountainCar extends ClassicControl<Discrete, (typeof task.variables)[number]> {
  constructor(count: number, options: { readonly maxEpisodeSteps: number }) {
    super(task, count, options);
  }

  step(actions: Int32Array): void {
    const { observations, rewards, terminated, count } = this;
    const { position, velocity } = this.state;
    for (let i = 0; i < count; i++) {
      const pushed = velocity[i] + ((actions[i] - 1) * force + slopePull(position[i]));
      let v = Math.max(-speedLimit, Math.min(speedLimit, pushed));
      const x = Math.max(leftmost, Math.min(rightmost, position[i] + v));
      if (x === leftmost && v < 0) v = 0;
      position[i] = x;
      velocity[i] = v;
      observations[2 * i] = x;
      observations[2 * i + 1] = v;
      rewards[i] = -1;
      terminated[i] = x >= goal && v >= 0 ? 1 : 0;
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

export const mountainCar = defineEnvironment(import.meta.url, {
  name: 'mountain-car',
  summary: 'Rock a weak car out of a valley: push left, right or not at all.',
  options: timeLimit(200),
  makeVector: (options, count) => new MountainCar(count, options),
});
