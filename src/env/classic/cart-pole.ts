import type { Random } from '../../core/random.ts';
import type { Scene } from '../../core/scene.ts';
import { defineEnvironment } from '../define.ts';
import { box, type Discrete, discrete } from '../spaces.ts';
import { ClassicControl, timeLimit } from './classic-control.ts';
import { line, rod } from './drawing.ts';

const gravity = 9.8; // m/s²
const poleMass = 0.1; // kg
const totalMass = 1 + poleMass; // the cart weighs 1 kg
const halfLength = 0.5; // of the pole, m
const poleMassLength = poleMass * halfLength;
const pushForce = 10; // N
const dt = 0.02; // s
const angleLimit = (12 * 2 * Math.PI) / 360; // rad
const positionLimit = 2.4; // m

const high = [2 * positionLimit, Infinity, 2 * angleLimit, Infinity];

const task = {
  observationSpace: box(4, { low: high.map(bound => -bound), high }),
  actionSpace: discrete(2),
  variables: ['position', 'velocity', 'angle', 'spin'],
} as const;

class CartPole extends ClassicControl<Discrete, (typeof task.variables)[number]> {
  constructor(count: number, options: { readonly maxEpisodeSteps: number }) {
    super(task, count, options);
  }

  step(actions: Int32Array): void {
    const { observations, rewards, terminated, count } = this;
    const { position, velocity, angle, spin } = this.state;
    for (let i = 0; i < count; i++) {
      const theta = angle[i];
      const omega = spin[i];
      const cos = Math.cos(theta);
      const sin = Math.sin(theta);
      const push = (2 * actions[i] - 1) * pushForce;
      const thrust = (push + poleMassLength * (omega * omega) * sin) / totalMass;
      const spinRate =
        (gravity * sin - cos * thrust) / (halfLength * (4 / 3 - (poleMass * (cos * cos)) / totalMass));
      const acceleration = thrust - (poleMassLength * spinRate * cos) / totalMass;

      const x = position[i] + dt * velocity[i];
      const v = velocity[i] + dt * acceleration;
      const nextTheta = theta + dt * omega;
      const nextOmega = omega + dt * spinRate;
      position[i] = x;
      velocity[i] = v;
      angle[i] = nextTheta;
      spin[i] = nextOmega;
      observations[4 * i] = x;
      observations[4 * i + 1] = v;
      observations[4 * i + 2] = nextTheta;
      observations[4 * i + 3] = nextOmega;
      rewards[i] = 1;
      terminated[i] = Math.abs(x) > positionLimit || Math.abs(nextTheta) > angleLimit ? 1 : 0;
      this.conclude(i);
    }
  }

  protected begin(index: number, random: Random): void {
    const { position, velocity, angle, spin } = this.state;
    position[index] = random.uniform(-0.05, 0.05);
    velocity[index] = random.uniform(-0.05, 0.05);
    angle[index] = random.uniform(-0.05, 0.05);
    spin[index] = random.uniform(-0.05, 0.05);
  }

  protected observe(index: number): void {
    const { position, velocity, angle, spin } = this.state;
    this.observations[4 * index] = position[index];
    this.observations[4 * index + 1] = velocity[index];
    this.observations[4 * index + 2] = angle[index];
    this.observations[4 * index + 3] = spin[index];
  }

  render(index: number): Scene {
    const x = this.state.position[index];
    const track = line(
      'track',
      [
        [-positionLimit, 0, 0],
        [positionLimit, 0, 0],
      ],
      '#888888',
    );
    const cart = {
      id: 'cart',
      shape: { kind: 'box', half: [0.25, 0.12, 0.15] },
      position: [x, 0, 0],
      rotation: [0, 0, 0, 1],
      color: '#30638e',
    } as const;
    // A rod hangs down at angle 0; upright is half a turn from there, and leaning right is clockwise.
    const lean = Math.PI - this.state.angle[index];
    const pole = rod('pole', [x, 0.12, 0], lean, { length: 2 * halfLength, radius: 0.05 }, '#d1495b');
    return { objects: [track, cart, pole], camera: { target: [0, 0.5, 0], distance: 5, side: 'side' } };
  }
}

/**
 * A pole stands on a cart; pushing the cart left or right must keep it up.
 *
 * | observation | meaning | unit | range |
 * |---|---|---|---|
 * | 0 | cart position | m | ±4.8 (an episode ends at ±2.4) |
 * | 1 | cart velocity | m/s | unbounded |
 * | 2 | pole angle from upright, positive leaning right | rad | ±0.418 (an episode ends at ±0.209) |
 * | 3 | pole angular velocity | rad/s | unbounded |
 *
 * | action | meaning |
 * |---|---|
 * | 0 | push left with 10 N |
 * | 1 | push right with 10 N |
 *
 * - Reward: 1 a step, the last included.
 * - Start: all four uniform in ±0.05.
 * - Terminated: cart beyond ±2.4 m or pole beyond ±12°. Truncated: after 500 steps of 0.02 s.
 * - Source: Barto, Sutton & Anderson (1983), with the equations, the corrected friction-free dynamics of Florian
 *   (2007) and the Euler integration of Gymnasium's CartPole-v1.
 */
export const cartPole = defineEnvironment(import.meta.url, {
  name: 'cart-pole',
  summary: 'Balance a pole on a cart by pushing left or right.',
  options: timeLimit(500),
  makeVector: (options, count) => new CartPole(count, options),
});
