import type { Random } from '../../core/random.ts';
import type { Scene, Vec3 } from '../../core/scene.ts';
import { type ActionSpace, box } from '../spaces.ts';
import { ClassicControl } from './classic-control.ts';
import { line, turned } from './drawing.ts';

/** Where the car can be. */
const [leftmost, rightmost] = [-1.2, 0.6];
/** The most that the car moves in a step. */
const speedLimit = 0.07;

const observationSpace = box(2, { low: [leftmost, -speedLimit], high: [rightmost, speedLimit] });

/** What the mountain cars share: the valley, where they start and how they roll. A task adds the push and the reward. */
export abstract class CarInValley<A extends ActionSpace> extends ClassicControl<A, 'position' | 'velocity'> {
  /** Where the flag stands. */
  protected abstract readonly goal: number;

  constructor(actionSpace: A, count: number, options: { readonly maxEpisodeSteps: number }) {
    super({ observationSpace, actionSpace, variables: ['position', 'velocity'] }, count, options);
  }

  /** Moves a car by one step and observes it. @param push what the motor adds to its velocity */
  protected roll(index: number, push: number): void {
    const { position, velocity } = this.state;
    const pushed = velocity[index] + (push + slopePull(position[index]));
    const v = Math.max(-speedLimit, Math.min(speedLimit, pushed));
    const x = Math.max(leftmost, Math.min(rightmost, position[index] + v));
    position[index] = x;
    velocity[index] = x === leftmost && v < 0 ? 0 : v;
    this.observe(index);
  }

  protected reached(index: number): boolean {
    return this.state.position[index] >= this.goal && this.state.velocity[index] >= 0;
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
    return carOnHill(this.state.position[index], this.goal);
  }
}

/** What the slope adds to the car's velocity in a step. */
const slopePull = (position: number): number => -0.0025 * Math.cos(3 * position);

const height = (x: number): number => Math.sin(3 * x) * 0.45 + 0.55;

const hill: readonly Vec3[] = Array.from({ length: 61 }, (_, k) => {
  const x = leftmost + (k / 60) * (rightmost - leftmost);
  return [x, height(x), 0];
});

/** The car, the valley and the flag. */
function carOnHill(position: number, goal: number): Scene {
  const slope = Math.atan(3 * 0.45 * Math.cos(3 * position));
  const lift = 0.04;
  const car = {
    id: 'car',
    shape: { kind: 'box', half: [0.06, 0.03, 0.04] },
    position: [position - lift * Math.sin(slope), height(position) + lift * Math.cos(slope), 0],
    rotation: turned(slope),
    color: '#d1495b',
  } as const;
  const flag = line(
    'flag',
    [
      [goal, height(goal), 0],
      [goal, height(goal) + 0.2, 0],
      [goal + 0.08, height(goal) + 0.16, 0],
      [goal, height(goal) + 0.12, 0],
    ],
    '#2a9d8f',
  );
  return {
    objects: [line('hill', hill, '#888888'), flag, car],
    camera: { target: [-0.3, 0.55, 0], distance: 2, side: 'side' },
  };
}
