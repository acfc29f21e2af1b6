import { defineEnvironment } from '../define.ts';
import { box } from '../spaces.ts';
import { loadEngine } from './engine.ts';
import { rapierOptions } from './options.ts';
import type { RobotDescription } from './robot.ts';
import { alongX } from './shapes.ts';
import type { Play, RapierTask, Stage } from './task.ts';
import { RapierVector } from './vector.ts';

/** Seconds of one control step, and the physics steps that make it up. */
const controlStep = 0.04;
const physicsSteps = 4;
/** Newtons that an action of 1 pushes with. */
const force = 10;
/** Metres from the middle to either end of the rail. */
const track = 1.8;
const railHeight = 1.2;

/**
 * Swing a hanging pole up from a cart and hold it there, the cart near the middle of its rail.
 *
 * A cart of 1 kg runs on a rail of ±1.8 m and carries a hinged pole of 1 m and 0.1 kg. Control runs at 25 Hz (0.04 s,
 * four physics steps of 0.01 s), an episode takes 250 steps: 10 s. It starts hanging at rest, but for uniform noise:
 * ±0.1 m, ±0.1 rad, ±0.1 m/s, ±0.1 rad/s.
 *
 * | observation | meaning | unit | range |
 * |---|---|---|---|
 * | 0 | the cart's position, from the middle | m | −1.8 … 1.8 |
 * | 1 | cosine of the pole's angle: 1 up, −1 down | | −1 … 1 |
 * | 2 | sine of the pole's angle, positive when it leans back (−x) | | −1 … 1 |
 * | 3 | the cart's speed | m/s | unbounded |
 * | 4 | the pole's angular velocity | rad/s | unbounded |
 *
 * | action | meaning | unit | range |
 * |---|---|---|---|
 * | 0 | force on the cart, over 10 | N | −1 … 1 |
 *
 * Reward: `(1 + cos θ)/2 · (1 + g(x, 2))/2 · (4 + 1 − a²)/5 · (1 + g(ω, 5))/2` at the end of each step, within [0, 1], with
 * `g(v, m) = 0.1^((v/m)²)`: the product of dm_control's cartpole (Tassa et al. 2018, `suite/cartpole.py`).
 *
 * An episode never terminates; it is truncated after 250 steps. Info: `x` (m), `angle` (rad from upright, (−π, π]).
 */
export const cartPoleSwingUp = defineEnvironment(import.meta.url, {
  name: 'cart-pole-swing-up',
  summary: 'Swing a hanging pole up from a cart and hold it there.',
  options: rapierOptions(250),
  makeVector: async ({ engine, maxEpisodeSteps }, count) =>
    new RapierVector(await loadEngine(engine), { ...cartPoleTask, episodeSteps: maxEpisodeSteps }, count),
});

/** A one-metre pole hinged on a cart that runs on a rail. At rest the pole stands up. */
export const cartPoleRobot: RobotDescription = {
  name: 'cart-pole',
  planar: true,
  bodies: [
    {
      name: 'rail',
      shape: { kind: 'cylinder', radius: 0.02, halfHeight: track + 0.2 },
      turn: alongX,
      position: [0, railHeight, 0],
      mass: 1,
      fixed: true,
      color: '#9aa5b1',
    },
    {
      name: 'cart',
      shape: { kind: 'box', half: [0.2, 0.1, 0.12] },
      position: [0, railHeight, 0],
      mass: 1,
      touches: false,
      color: '#3b6ea5',
    },
    {
      name: 'pole',
      shape: { kind: 'capsule', radius: 0.03, halfHeight: 0.47 },
      position: [0, railHeight + 0.5, 0],
      mass: 0.1,
      touches: false,
      color: '#c8553d',
    },
  ],
  joints: [
    {
      name: 'slide',
      kind: 'slider',
      parent: 'rail',
      child: 'cart',
      anchor: [0, railHeight, 0],
      axis: [1, 0, 0],
      limits: [-track, track],
      motor: { kind: 'drive', damping: 0.01, maxTorque: force },
    },
    {
      name: 'pivot',
      kind: 'hinge',
      parent: 'cart',
      child: 'pole',
      anchor: [0, railHeight, 0],
      axis: [0, 0, 1],
    },
  ],
};

/** The swing-up as a task: its spaces, its robot, its world, and how it is played. */
export const cartPoleTask: RapierTask<never, 'x' | 'angle'> = {
  name: 'cart-pole-swing-up',
  observationSpace: box(5),
  actionSpace: box(1, { low: -1, high: 1 }),
  robot: cartPoleRobot,
  world: { dt: controlStep / physicsSteps, iterations: 4, sweeps: 1, spacing: 1 },
  physicsSteps,
  episodeSteps: 250,
  memory: [],
  info: ['x', 'angle'],
  play: playCartPole,
};

const [slide, pivot] = [0, 1];

function playCartPole({ world, info }: Stage<never, 'x' | 'angle'>): Play {
  return {
    start(random, start) {
      start.angles[slide] = random.uniform(-0.1, 0.1);
      start.angles[pivot] = Math.PI + random.uniform(-0.1, 0.1);
      start.speeds[slide] = random.uniform(-0.1, 0.1);
      start.speeds[pivot] = random.uniform(-0.1, 0.1);
    },
    act: (copy, actions, at) => world.aim(copy, slide, force * actions[at]),
    measure(copy) {
      info.x[copy] = world.angle(copy, slide);
      info.angle[copy] = world.angle(copy, pivot);
    },
    judge(copy, actions, at) {
      const x = world.angle(copy, slide);
      const angle = world.angle(copy, pivot);
      const gentle = (5 - actions[at] ** 2) / 5;
      return (
        ((1 + Math.cos(angle)) / 2) *
        ((1 + near(x, 2)) / 2) *
        gentle *
        ((1 + near(world.speed(copy, pivot), 5)) / 2)
      );
    },
    ended: () => false,
    observe(copy, out, at) {
      const angle = world.angle(copy, pivot);
      out[at] = world.angle(copy, slide);
      out[at + 1] = Math.cos(angle);
      out[at + 2] = Math.sin(angle);
      out[at + 3] = world.speed(copy, slide);
      out[at + 4] = world.speed(copy, pivot);
    },
    caption: copy => `${Math.round((Math.abs(world.angle(copy, pivot)) * 180) / Math.PI)}° from upright`,
  };
}

/** 1 at zero, a tenth at the margin. */
const near = (value: number, margin: number): number => 0.1 ** ((value / margin) ** 2);
