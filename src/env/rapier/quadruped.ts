import { z } from 'zod';
import { defineEnvironment } from '../define.ts';
import { box } from '../spaces.ts';
import type { WorldOptions } from './build.ts';
import { loadEngine } from './engine.ts';
import { forward, locomotionOptions } from './locomotion.ts';
import { drives, type Motors, motorFields } from './motors.ts';
import { quadrupedHeavyLeg, quadrupedRobot, strongest } from './quadruped-robot.ts';
import type { Play, RapierTask, Stage } from './task.ts';
import { torsoSize, torsoView, uprightness } from './torso-view.ts';
import { RapierVector } from './vector.ts';

/** Seconds of one control step, and the physics steps that make it up. */
const controlStep = 0.02;
const physicsSteps = 4;
const joints = quadrupedRobot.joints.length;
const lowerLegs = quadrupedRobot.bodies.flatMap((body, b) => (body.name.endsWith('lower') ? [b] : []));
/** Metres under which a foot counts as on the ground. */
const contactGap = 0.01;

const options = locomotionOptions(500, { forwardReward: 4, healthyReward: 4.5, controlCost: 0.1 }).extend({
  targetSpeed: z.number().min(0).default(1).describe('Metres a second; what is faster earns no more.'),
  strength: z.number().min(0).max(strongest).default(1).describe('Strength of the motors; 1 is full.'),
  ...motorFields,
  heavyLeg: z
    .boolean()
    .default(false)
    .describe('Whether the front right leg carries 3 kg more, on its outer side.'),
  padStiffness: z
    .number()
    .positive()
    .optional()
    .describe('Each foot stands on a spring of its own, of so many N/m. Default: rigid ground.'),
  padDamping: z.number().positive().default(60).describe('Of each spring, N·s/m.'),
});
/** The options of `quadruped`, parsed. */
export type QuadrupedOptions = z.output<typeof options>;
/** What its episodes remember from step to step. */
export type QuadrupedMemory = 'x';
/** What its steps tell beside observation and reward. */
export type QuadrupedInfo = 'x' | 'y' | 'height' | 'upright' | 'feet' | 'fell';

/**
 * A trunk on four legs of three joints each walks forward (+x) at a set speed, by torques alone.
 *
 * 13 bodies, twelve motors, 25 kg (`quadruped-robot.ts`), in size and weight like the Laikago of the SimGAN paper (Jiang et
 * al. 2021); legs do not touch each other or the trunk. Control runs at 50 Hz (0.02 s, four physics steps of 0.005 s), an
 * episode takes 500 steps: 10 s. It starts on bent knees, 6-7 cm above the ground, with uniform noise: ±0.03 rad in each
 * turn of the trunk, ±0.1 m/s, ±0.05 rad and ±0.1 rad/s in the joints. Left alone it sinks down within half a second:
 * nothing but its motors holds it.
 *
 * Legs come in this order: front right, back right, back left, front left; x is forward, y up, z right.
 *
 * | observation | meaning | unit | range |
 * |---|---|---|---|
 * | 0 | height of the trunk's centre (0.44 when it stands as described) | m | unbounded |
 * | 1, 2, 3 | the world's up in the trunk's axes: 0, 1, 0 when upright | | −1 … 1 |
 * | 4, 5 | the world's forward in the trunk's axes, x and z of it alone, at unit length: 1, 0 when it looks forward | | −1 … 1 |
 * | 6, 7, 8 | velocity of the trunk in its own axes | m/s | unbounded |
 * | 9, 10, 11 | angular velocity of the trunk in its own axes | rad/s | unbounded |
 * | 12 … 23 | angles of abduction, hip and knee, leg by leg, from rest | rad | ±0.6, −1 … 1.2, −1 … 0.9 |
 * | 24 … 35 | speeds of abduction, hip and knee, leg by leg | rad/s | unbounded |
 * | 36 … 39 | whether the foot is on the ground (within 1 cm), leg by leg | | 0 or 1 |
 *
 * (Limits are soft: a joint driven into one at full torque goes past it for some physics steps, by up to 0.5 rad where the
 * action is drawn anew at every step: less than 1 % of the time by more than 0.15.)
 *
 * | action | meaning | unit | range |
 * |---|---|---|---|
 * | 0, 3, 6, 9 | torque of an abduction over 20 · `strength`: positive swings the foot to the robot's left | N·m | −1 … 1 |
 * | 1, 4, 7, 10 | torque of a hip over 40 · `strength`: positive swings the foot forward | N·m | −1 … 1 |
 * | 2, 5, 8, 11 | torque of a knee over 40 · `strength`: positive bends the knee more | N·m | −1 … 1 |
 *
 * Every joint has a friction of 2 N·m a rad/s, as much as the paper's randomised simulator has at most: a knee that drives nothing
 * but its own leg comes to 20 rad/s. To stand as it is described takes 8 N·m in each knee. Torques, not servos, so that a
 * motor's strength is one factor (`strength`; the paper's motor battery), which changes nothing else.
 *
 * Reward a step, after the paper's code: `forwardReward · min(v, targetSpeed) + healthyReward − controlCost · Σ a²`, with `v`
 * the trunk's mean forward speed over the step in m/s; the step that ends in a fall has no healthy reward. The paper's
 * price of joints at their limits, of accelerations and of poses is left out.
 *
 * Motors, a load on a leg, springs under the feet and noise can be set otherwise. Back-EMF leaves
 * `clip(1 − max(0, q̇ · sign(τ)) / emfSpeed, 0, 1)` of a torque `τ`, worked out before every physics step. Noise is on all but
 * the contacts of feet. With springs, each copy has a world of its own.
 *
 * Terminates when it falls: trunk at or under 0.25 m or at or over 1 m, or leaning 60° or more (`upright` ≤ 0.5). Truncated
 * after 500 steps.
 *
 * | info | meaning |
 * |---|---|
 * | `x`, `y` | metres from the start, forward and to the right (the scene's z) |
 * | `height` | as observed |
 * | `upright` | cosine of the trunk's lean: 1 upright, −1 on its back |
 * | `feet` | how many feet are on the ground |
 * | `fell` | 1 on the step that terminates |
 */
export const quadruped = defineEnvironment(import.meta.url, {
  name: 'quadruped',
  summary: 'A four-legged robot walks at a set speed by torques alone: 12 motors, Rapier physics.',
  options,
  makeVector: async (chosen, count) =>
    new RapierVector(await loadEngine(chosen.engine), quadrupedTask(chosen), count),
});

/** The quadruped as a task: its spaces, its robot, its world, and how it is played. @param chosen the environment’s options, parsed */
export function quadrupedTask(chosen: QuadrupedOptions): RapierTask<QuadrupedMemory, QuadrupedInfo> {
  return {
    name: 'quadruped',
    observationSpace: box(torsoSize + 2 * joints + lowerLegs.length),
    actionSpace: box(joints, { low: -1, high: 1 }),
    robot: chosen.heavyLeg ? quadrupedHeavyLeg : quadrupedRobot,
    world: {
      ...{ dt: controlStep / physicsSteps, iterations: 4, sweeps: 2, ground: { friction: 1 }, spacing: 2 },
      ...(chosen.padStiffness !== undefined && padsOf(chosen.padStiffness, chosen.padDamping)),
    },
    physicsSteps,
    episodeSteps: chosen.maxEpisodeSteps,
    memory: ['x'],
    info: ['x', 'y', 'height', 'upright', 'feet', 'fell'],
    viewDistance: 3,
    play: stage => playQuadruped(stage, chosen),
  };
}

/** Springs under the feet, by leg. */
export const padsOf = (stiffness: number, damping: number): Pick<WorldOptions, 'springs' | 'apart'> => ({
  springs: { under: lowerLegs.map(b => quadrupedRobot.bodies[b].name), mass: 4, stiffness, damping },
  apart: true,
});

/**
 * How the quadruped is played.
 * @param act what a step's action does: default, drives the motors with all their strength
 */
export function playQuadruped(
  stage: Stage<QuadrupedMemory, QuadrupedInfo>,
  chosen: QuadrupedOptions,
  act?: (drive: Motors) => Play['act'],
): Play {
  const { world, info } = stage;
  const { states, stride } = world;
  const observeTorso = torsoView(world);
  const torques = quadrupedRobot.joints.map(
    ({ motor }) => (chosen.strength * (motor?.maxTorque ?? 0)) / strongest,
  );
  const drive = drives(stage, torques, chosen);
  return {
    start(random, start) {
      start.position[1] = random.uniform(0.06, 0.07);
      for (let k = 0; k < 3; k++) {
        start.turn[k] = random.uniform(-0.03, 0.03);
        start.velocity[k] = random.uniform(-0.1, 0.1);
      }
      for (let j = 0; j < joints; j++) {
        start.angles[j] = random.uniform(-0.05, 0.05);
        start.speeds[j] = random.uniform(-0.1, 0.1);
      }
    },
    act:
      act?.(drive) ??
      ((copy, actions, at) => {
        for (let j = 0; j < joints; j++) drive(copy, j, actions[at + j], 1);
      }),
    ...(drive.again && { watch: drive.again }),
    measure(copy) {
      const height = states[copy * stride + 1];
      const upright = uprightness(world, copy);
      info.x[copy] = states[copy * stride];
      info.y[copy] = states[copy * stride + 2];
      info.height[copy] = height;
      info.upright[copy] = upright;
      info.feet[copy] = 0;
      for (const leg of lowerLegs) if (world.tipHeight(copy, leg) <= contactGap) info.feet[copy]++;
      info.fell[copy] = height > 0.25 && height < 1 && upright > 0.5 ? 0 : 1;
    },
    ...forward(stage, chosen, controlStep, chosen.targetSpeed),
    observe(copy, out, from) {
      let at = observeTorso(copy, out, from);
      drive.blur(copy, out, from, at - from);
      for (const leg of lowerLegs) out[at++] = world.tipHeight(copy, leg) <= contactGap ? 1 : 0;
    },
  };
}
