import { z } from 'zod';
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
 * N·s/m: the least friction of the rail. Rapier drives no motor faster than 7.2 m a physics step, 720 m/s, and a push of `F`
 * is driven at `F / friction`: with this much, up to 18 N come.
 */
const bearing = 0.025;
/** Newtons that no push and no friction come to: friction must not use up what the motor may give. */
const unlimited = 1000;

const noise = z.number().min(0).default(0);

const physicsFields = {
  motorStrength: z
    .number()
    .min(-1.5)
    .max(1.5)
    .default(1)
    .describe('What the motor gives of the force that it is told.'),
  emfSpeed: z
    .number()
    .positive()
    .optional()
    .describe(
      'Back-EMF: the speed in m/s at which a motor that pushes forward has no force left. Default: none.',
    ),
  cartMass: z.number().positive().default(1).describe('kg'),
  poleMass: z.number().positive().default(0.1).describe('kg'),
  railFriction: z.number().min(bearing).default(bearing).describe('Viscous, N·s/m.'),
  observationNoise: noise.describe('Each observation is off by uniform noise of up to so much.'),
  actionNoise: noise.describe(
    'Each action is off by uniform noise of up to so much; what comes of it is cut to −1 … 1.',
  ),
};

/** What cart-poles can differ in. */
export const cartPolePhysics = z.object(physicsFields);
/** `cartPolePhysics`, parsed. */
export type CartPolePhysics = z.output<typeof cartPolePhysics>;

const defaultPhysics = cartPolePhysics.parse({});

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
 * The rail has the friction of a bearing, 0.025 N·s/m. It cannot be set to less: Rapier would not give all of a motor's force
 * then (1.5 times 10 N takes 0.021).
 *
 * Masses, the motor, the rail and noise can be set otherwise (`cartPolePhysics`). The reward is of the true state and of the
 * action as it was told. Back-EMF leaves `clip(1 − max(0, v · sign(F)) / emfSpeed, 0, 1)` of the force `F`, worked out
 * before every physics step: it weakens pushes along the motion, never braking.
 *
 * An episode never terminates; it is truncated after 250 steps. Info: `x` (m), `angle` (rad from upright, (−π, π]).
 */
export const cartPoleSwingUp = defineEnvironment(import.meta.url, {
  name: 'cart-pole-swing-up',
  summary: 'Swing a hanging pole up from a cart and hold it there.',
  options: rapierOptions(250).extend(physicsFields),
  makeVector: async ({ engine, maxEpisodeSteps, ...physics }, count) =>
    new RapierVector(
      await loadEngine(engine),
      { ...swingUpTask(physics), episodeSteps: maxEpisodeSteps },
      count,
    ),
});

/** A one-metre pole hinged on a cart that runs on a rail. At rest the pole stands up. */
export const cartPoleRobotOf = (physics: CartPolePhysics): RobotDescription => ({
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
      mass: physics.cartMass,
      touches: false,
      color: '#3b6ea5',
    },
    {
      name: 'pole',
      shape: { kind: 'capsule', radius: 0.03, halfHeight: 0.47 },
      position: [0, railHeight + 0.5, 0],
      mass: physics.poleMass,
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
      motor: { kind: 'drive', damping: physics.railFriction, maxTorque: unlimited },
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
});

/** The robot with physics as they come. */
export const cartPoleRobot: RobotDescription = cartPoleRobotOf(defaultPhysics);

/** The swing-up as a task: its spaces, its robot, its world, and how it is played. */
export const swingUpTask = (physics: CartPolePhysics): RapierTask<never, 'x' | 'angle'> => ({
  name: 'cart-pole-swing-up',
  observationSpace: box(5),
  actionSpace: box(1, { low: -1, high: 1 }),
  robot: cartPoleRobotOf(physics),
  world: { dt: controlStep / physicsSteps, iterations: 4, sweeps: 1, spacing: 1 },
  physicsSteps,
  episodeSteps: 250,
  // Both ends of the rail are in a narrow still.
  viewDistance: 5.5,
  memory: [],
  info: ['x', 'angle'],
  play: stage => playSwingUp(stage, physics),
});

/** The task with physics as they come. */
export const cartPoleTask: RapierTask<never, 'x' | 'angle'> = swingUpTask(defaultPhysics);

const [slide, pivot] = [0, 1];
const cart = 1;

/**
 * How the swing-up is played.
 * @param drive what a step's action does: default, pushes with the physics' strength and friction
 */
export function playSwingUp(
  stage: Stage<never, 'x' | 'angle'>,
  physics: CartPolePhysics,
  drive?: (push: Push) => Play['act'],
): Play {
  const { world, info } = stage;
  const push = pushing(stage, physics);
  return {
    start(random, start) {
      start.angles[slide] = random.uniform(-0.1, 0.1);
      start.angles[pivot] = Math.PI + random.uniform(-0.1, 0.1);
      start.speeds[slide] = random.uniform(-0.1, 0.1);
      start.speeds[pivot] = random.uniform(-0.1, 0.1);
    },
    act:
      drive?.(push) ??
      ((copy, actions, at) => push(copy, actions[at], physics.motorStrength, physics.railFriction)),
    ...(physics.emfSpeed !== undefined && { watch: push.again }),
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
      const noise = physics.observationNoise;
      if (noise > 0) for (let k = 0; k < 5; k++) out[at + k] += stage.random(copy).uniform(-noise, noise);
    },
    caption: copy => `${Math.round((Math.abs(world.angle(copy, pivot)) * 180) / Math.PI)}° from upright`,
  };
}

/** Pushes a cart through one control step. */
export interface Push {
  /** @param action −1 to 1 @param strength times 10 N, −1.5 to 1.5 @param friction of the rail, N·s/m, at least 0.025 */
  (copy: number, action: number, strength: number, friction: number): void;
  /** Pushes as before, as fast as the cart is by now. */
  again(copy: number): void;
}

function pushing({ world, random }: Stage, { actionNoise, emfSpeed }: CartPolePhysics): Push {
  const wanted = new Float64Array(world.count);
  const frictions = new Float64Array(world.count);
  const aim = (copy: number) => {
    const newtons = wanted[copy];
    const left =
      emfSpeed === undefined ? 1 : 1 - Math.max(0, world.speed(copy, slide) * Math.sign(newtons)) / emfSpeed;
    world.aim(copy, slide, Math.max(0, left) * newtons, frictions[copy]);
  };
  const push = (copy: number, action: number, strength: number, friction: number) => {
    const noise = actionNoise > 0 ? random(copy).uniform(-actionNoise, actionNoise) : 0;
    wanted[copy] = force * strength * Math.max(-1, Math.min(1, action + noise));
    frictions[copy] = friction;
    aim(copy);
  };
  const again = (copy: number) => {
    world.gatherBody(copy, cart);
    aim(copy);
  };
  return Object.assign(push, { again });
}

/** 1 at zero, a tenth at the margin. */
const near = (value: number, margin: number): number => 0.1 ** ((value / margin) ** 2);
