import type { Random } from '../../core/random.ts';
import type { Scene } from '../../core/scene.ts';
import { defineEnvironment } from '../define.ts';
import { box, type Discrete, discrete } from '../spaces.ts';
import { accelerations, linkLength } from './acrobot-dynamics.ts';
import { ClassicControl, timeLimit } from './classic-control.ts';
import { ball, endOfRod, line, rod } from './drawing.ts';

const dt = 0.2; // s
const spinLimit1 = 4 * Math.PI; // rad/s
const spinLimit2 = 9 * Math.PI; // rad/s

const high = [1, 1, 1, 1, spinLimit1, spinLimit2];

const task = {
  observationSpace: box(6, { low: high.map(bound => -bound), high }),
  actionSpace: discrete(3),
  variables: ['angle1', 'angle2', 'spin1', 'spin2'],
} as const;

class Acrobot extends ClassicControl<Discrete, (typeof task.variables)[number]> {
  /** dθ₁, dθ₂, dω₁, dω₂ at the four points of a Runge-Kutta step. */
  readonly #slopes = [0, 1, 2, 3].map(() => new Float64Array(4));

  constructor(count: number, options: { readonly maxEpisodeSteps: number }) {
    super(task, count, options);
  }

  step(actions: Int32Array): void {
    const { rewards, terminated, count } = this;
    const { angle1, angle2 } = this.state;
    for (let i = 0; i < count; i++) {
      this.#integrate(i, actions[i] - 1);
      const reached = -Math.cos(angle1[i]) - Math.cos(angle2[i] + angle1[i]) > 1;
      rewards[i] = reached ? 0 : -1;
      terminated[i] = reached ? 1 : 0;
      this.observe(i);
      this.conclude(i);
    }
  }

  /** One fourth-order Runge-Kutta step of `dt`. */
  #integrate(i: number, torque: number): void {
    const { angle1, angle2, spin1, spin2 } = this.state;
    const [k1, k2, k3, k4] = this.#slopes;
    this.#slope(i, torque, k1, 0, k1);
    this.#slope(i, torque, k1, dt / 2, k2);
    this.#slope(i, torque, k2, dt / 2, k3);
    this.#slope(i, torque, k3, dt, k4);
    angle1[i] = wrapped(angle1[i] + (dt / 6) * (k1[0] + 2 * k2[0] + 2 * k3[0] + k4[0]));
    angle2[i] = wrapped(angle2[i] + (dt / 6) * (k1[1] + 2 * k2[1] + 2 * k3[1] + k4[1]));
    const omega1 = spin1[i] + (dt / 6) * (k1[2] + 2 * k2[2] + 2 * k3[2] + k4[2]);
    const omega2 = spin2[i] + (dt / 6) * (k1[3] + 2 * k2[3] + 2 * k3[3] + k4[3]);
    spin1[i] = Math.max(-spinLimit1, Math.min(spinLimit1, omega1));
    spin2[i] = Math.max(-spinLimit2, Math.min(spinLimit2, omega2));
  }

  /** The slope at the copy's state moved by `time` along a slope. */
  #slope(i: number, torque: number, along: Float64Array, time: number, out: Float64Array): void {
    const { angle1, angle2, spin1, spin2 } = this.state;
    const isStart = time === 0;
    const theta1 = isStart ? angle1[i] : angle1[i] + time * along[0];
    const theta2 = isStart ? angle2[i] : angle2[i] + time * along[1];
    const omega1 = isStart ? spin1[i] : spin1[i] + time * along[2];
    const omega2 = isStart ? spin2[i] : spin2[i] + time * along[3];
    out[0] = omega1;
    out[1] = omega2;
    accelerations(theta1, theta2, omega1, omega2, torque, out);
  }

  protected begin(index: number, random: Random): void {
    const { angle1, angle2, spin1, spin2 } = this.state;
    angle1[index] = random.uniform(-0.1, 0.1);
    angle2[index] = random.uniform(-0.1, 0.1);
    spin1[index] = random.uniform(-0.1, 0.1);
    spin2[index] = random.uniform(-0.1, 0.1);
  }

  protected observe(index: number): void {
    const { angle1, angle2, spin1, spin2 } = this.state;
    const { observations } = this;
    observations[6 * index] = Math.cos(angle1[index]);
    observations[6 * index + 1] = Math.sin(angle1[index]);
    observations[6 * index + 2] = Math.cos(angle2[index]);
    observations[6 * index + 3] = Math.sin(angle2[index]);
    observations[6 * index + 4] = spin1[index];
    observations[6 * index + 5] = spin2[index];
  }

  render(index: number): Scene {
    const first = this.state.angle1[index];
    const second = first + this.state.angle2[index];
    const size = { length: linkLength, radius: 0.08 };
    const elbow = endOfRod([0, 0, 0], first, linkLength);
    const goal = line(
      'goal',
      [
        [-2.2, linkLength, 0],
        [2.2, linkLength, 0],
      ],
      '#2a9d8f',
    );
    const links = [
      rod('first', [0, 0, 0], first, size, '#30638e'),
      rod('second', elbow, second, size, '#d1495b'),
    ];
    const joints = [ball('joint', [0, 0, 0.1], 0.06, '#333333'), ball('elbow', elbow, 0.1, '#333333')];
    return { objects: [goal, ...links, ...joints], camera: { target: [0, 0, 0], distance: 6, side: 'side' } };
  }
}

/** An angle brought into [-π, π] by whole turns. */
function wrapped(angle: number): number {
  while (angle > Math.PI) angle -= 2 * Math.PI;
  while (angle < -Math.PI) angle += 2 * Math.PI;
  return angle;
}

/**
 * A chain of two links hangs from a fixed joint; a motor at the joint between them must swing its tip above a line, one
 * link's length over the fixed joint.
 *
 * | observation | meaning | unit | range |
 * |---|---|---|---|
 * | 0 | cosine of the first link's angle from hanging down | - | ±1 |
 * | 1 | sine of it | - | ±1 |
 * | 2 | cosine of the second link's angle from the first link's direction | - | ±1 |
 * | 3 | sine of it | - | ±1 |
 * | 4 | angular velocity of the first angle | rad/s | ±4π |
 * | 5 | angular velocity of the second angle | rad/s | ±9π |
 *
 * | action | meaning |
 * |---|---|
 * | 0 | torque of -1 N m between the links |
 * | 1 | no torque |
 * | 2 | torque of 1 N m between the links |
 *
 * - Reward: -1 a step, 0 for the step that reaches the line.
 * - Start: both angles and both velocities uniform in ±0.1.
 * - Terminated: the tip is above the line, -cos θ₁ - cos(θ₁ + θ₂) > 1. Truncated: after 500 steps of 0.2 s.
 * - Source: Sutton (1996), with the equations of Sutton & Barto's book and the single Runge-Kutta step of Gymnasium's
 *   Acrobot-v1.
 */
export const acrobot = defineEnvironment(import.meta.url, {
  name: 'acrobot',
  summary: 'Swing the tip of a two-link arm above a line by its middle joint.',
  options: timeLimit(500),
  makeVector: (options, count) => new Acrobot(count, options),
});
