import type { Random } from '../../core/random.ts';
import type { Scene } from '../../core/scene.ts';
import { defineEnvironment } from '../define.ts';
import { type Box, box } from '../spaces.ts';
import { ClassicControl, timeLimit } from './classic-control.ts';
import { ball, rod } from './drawing.ts';

const gravity = 10; // m/s²
const mass = 1; // kg
const length = 1; // m
const dt = 0.05; // s
const spinLimit = 8; // rad/s
const torqueLimit = 2; // N m

const task = {
  observationSpace: box(3, { low: [-1, -1, -spinLimit], high: [1, 1, spinLimit] }),
  actionSpace: box(1, { low: -torqueLimit, high: torqueLimit }),
  variables: ['angle', 'spin'],
} as const;

class Pendulum extends ClassicControl<Box, (typeof task.variables)[number]> {
  constructor(count: number, options: { readonly maxEpisodeSteps: number }) {
    super(task, count, options);
  }

  step(actions: Float32Array): void {
    const { observations, rewards, count } = this;
    const { angle, spin } = this.state;
    for (let i = 0; i < count; i++) {
      const torque = actions[i];
      const offset = withinHalfTurn(angle[i]);
      const pull = ((3 * gravity) / (2 * length)) * Math.sin(angle[i]);
      const drive = (3 / (mass * length ** 2)) * torque;
      const omega = Math.max(-spinLimit, Math.min(spinLimit, spin[i] + (pull + drive) * dt));
      rewards[i] = -(offset * offset + 0.1 * (spin[i] * spin[i]) + 0.001 * (torque * torque));
      const theta = angle[i] + omega * dt;
      angle[i] = theta;
      spin[i] = omega;
      observations[3 * i] = Math.cos(theta);
      observations[3 * i + 1] = Math.sin(theta);
      observations[3 * i + 2] = omega;
      this.conclude(i);
    }
  }

  protected begin(index: number, random: Random): void {
    this.state.angle[index] = random.uniform(-Math.PI, Math.PI);
    this.state.spin[index] = random.uniform(-1, 1);
  }

  protected observe(index: number): void {
    this.observations[3 * index] = Math.cos(this.state.angle[index]);
    this.observations[3 * index + 1] = Math.sin(this.state.angle[index]);
    this.observations[3 * index + 2] = this.state.spin[index];
  }

  render(index: number): Scene {
    // A rod hangs down at angle 0; upright is half a turn from there.
    const pendulum = rod(
      'pendulum',
      [0, 0, 0],
      Math.PI + this.state.angle[index],
      { length, radius: 0.08 },
      '#d1495b',
    );
    const axle = ball('axle', [0, 0, 0.1], 0.05, '#333333');
    return { objects: [pendulum, axle], camera: { target: [0, 0, 0], distance: 3.5, side: 'side' } };
  }
}

/** An angle brought into [-π, π). */
function withinHalfTurn(angle: number): number {
  const turn = 2 * Math.PI;
  const rest = (angle + Math.PI) % turn;
  return (rest < 0 ? rest + turn : rest) - Math.PI;
}

/**
 * A pendulum must be swung up and held upright by a motor too weak to lift it straight.
 *
 * | observation | meaning | unit | range |
 * |---|---|---|---|
 * | 0 | cosine of the angle from upright | - | ±1 |
 * | 1 | sine of the angle from upright, positive leaning left | - | ±1 |
 * | 2 | angular velocity | rad/s | ±8 |
 *
 * | action | meaning | unit | range |
 * |---|---|---|---|
 * | 0 | torque, positive counterclockwise | N m | ±2 |
 *
 * - Reward: -(angle² + 0.1 spin² + 0.001 torque²), of the state before the step, the angle within ±π: -16.27 to 0.
 * - Start: angle uniform in ±π, spin uniform in ±1.
 * - Terminated: never. Truncated: after 200 steps of 0.05 s.
 * - Source: Gymnasium's Pendulum-v1.
 */
export const pendulum = defineEnvironment(import.meta.url, {
  name: 'pendulum',
  summary: 'Swing a pendulum up with too little torque and hold it there.',
  options: timeLimit(200),
  makeVector: (options, count) => new Pendulum(count, options),
});
