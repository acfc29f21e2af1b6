import { z } from 'zod';
import { defineEnvironment } from '../define.ts';
import { box } from '../spaces.ts';
import type { WorldOptions } from './build.ts';
import { loadEngine } from './engine.ts';
import { hopperRobot, hopperRobotOf } from './hopper-robot.ts';
import { forward, locomotionOptions } from './locomotion.ts';
import { type Motors, motorFields, servos } from './motors.ts';
import { turnAboutZ } from './quaternions.ts';
import { bodyIndex } from './robot.ts';
import type { Play, RapierTask, Stage } from './task.ts';
import { RapierVector } from './vector.ts';

/** Seconds of one control step, and the physics steps that make it up. */
const controlStep = 0.02;
const physicsSteps = 4;
/** How far a motor's target goes for an action of 1, rad. */
const reach = [0.7, 0.9, 0.6] as const;
/** Physics steps in the air that make a flight: 50 ms. */
const flightSteps = 10;
/** Metres that the sole must be off the ground to count as airborne. */
const airGap = 0.01;

const fields = {
  ...motorFields,
  motorStrength: z.number().min(0).max(1.5).default(1).describe('What the motors give of what they should.'),
  torsoLoad: z.number().min(0).default(0).describe('kg on top of the torso, 0.28 m above its centre.'),
  footFriction: z.number().min(0).default(1).describe("The sole's friction on the floor."),
  tileStiffness: z
    .number()
    .positive()
    .optional()
    .describe('The floor is 40 tiles of 0.15 m on springs of so many N/m each. Default: a rigid floor.'),
  tileDamping: z.number().positive().default(60).describe('Of each tile, N·s/m.'),
};
const options = locomotionOptions(500, { healthyReward: 1, controlCost: 0.01 }).extend(fields);
/** The options of `hopper`, parsed. */
export type HopperOptions = z.output<typeof options>;

/** What its episodes remember from step to step. */
export type HopperMemory = 'x' | 'touched' | 'air' | 'flights';
/** What its steps tell beside observation and reward. */
export type HopperInfo = 'x' | 'height' | 'pitch' | 'airborne' | 'flights' | 'fell';

/**
 * A torso on one leg hops forward as fast as it can without falling, in the vertical plane.
 *
 * Ten kilograms on a thigh, a shank and a foot of 0.32 m (`hopper-robot.ts`). Control runs at 50 Hz (0.02 s, four
 * physics steps of 0.005 s), an episode takes 500 steps: 10 s. It starts on a bent knee, 5-6 cm above the ground, with
 * uniform noise: ±0.03 rad in pitch and joints, ±0.1 m/s forward, ±0.1 rad/s in the joints. Left alone it tips over
 * in about two seconds.
 *
 * | observation | meaning | unit | range |
 * |---|---|---|---|
 * | 0 | height of the torso's centre (1.09 at rest) | m | unbounded |
 * | 1 | pitch of the torso, positive leaning back | rad | −π … π |
 * | 2, 3, 4 | angles of hip, knee, ankle from rest, positive as in the actions | rad | −1 … 1, −1.1 … 0.9, −0.9 … 0.7 |
 * | 5, 6 | velocity of the torso, forward and up | m/s | unbounded |
 * | 7 | pitch rate | rad/s | unbounded |
 * | 8, 9, 10 | speeds of hip, knee, ankle | rad/s | unbounded |
 *
 * (Limits are soft: an impact can push a joint a few hundredths of a radian past them.)
 *
 * | action | meaning | unit | range |
 * |---|---|---|---|
 * | 0 | target of the hip servo over 0.7: positive swings the leg forward | rad | −1 … 1 |
 * | 1 | target of the knee servo over 0.9: positive stretches the leg | rad | −1 … 1 |
 * | 2 | target of the ankle servo over 0.6: positive lifts the toes | rad | −1 … 1 |
 *
 * Servos are springs with little damping (120, 140, 60 N·m/rad, at most 100, 140, 60 N·m), so the leg bounces.
 *
 * Reward a step, after Gymnasium's Hopper-v5: `forwardReward · v + healthyReward − controlCost · Σ a²`, with `v` the
 * torso's mean forward speed over the step in m/s; the step that ends in a fall has no healthy reward.
 *
 * Motors, the torso's load, the floor and noise can be set otherwise. Back-EMF leaves a servo
 * `clip(1 − max(0, q̇ · sign(τ)) / emfSpeed, 0, 1)` of its gains and of its torque `τ`, worked out before every physics step:
 * it weakens what drives a joint along, never what brakes it. A floor of tiles gives way to the foot: a row of 40, 1 kg
 * each, slide up and down on springs; those left behind are laid down again ahead. Then each copy has a world of its own.
 *
 * Terminates when it falls: torso at or under 0.75 m, pitch beyond ±0.7 rad, or the knee on the ground. Truncated
 * after 500 steps.
 *
 * | info | meaning |
 * |---|---|
 * | `x` | metres from the start |
 * | `height`, `pitch` | as observed |
 * | `airborne` | 1 while the sole is more than 1 cm off the ground |
 * | `flights` | so far in the episode: phases of 50 ms or more, seen at every physics step, with nothing on the ground; the drop at the start is none |
 * | `fell` | 1 on the step that terminates |
 */
export const hopper = defineEnvironment(import.meta.url, {
  name: 'hopper',
  summary: 'A one-legged robot hops forward: 3 motors, planar Rapier physics.',
  options,
  makeVector: async (chosen, count) =>
    new RapierVector(await loadEngine(chosen.engine), hopperTask(chosen), count),
});

/** The hopper as a task: its spaces, its robot, its world, and how it is played. @param chosen the environment’s options, parsed */
export function hopperTask(chosen: HopperOptions): RapierTask<HopperMemory, HopperInfo> {
  return {
    name: 'hopper',
    observationSpace: box(11),
    actionSpace: box(3, { low: -1, high: 1 }),
    robot: hopperRobotOf(chosen),
    world: {
      ...hopperWorld,
      ...(chosen.tileStiffness !== undefined && bedOf(chosen.tileStiffness, chosen.tileDamping)),
    },
    physicsSteps,
    episodeSteps: chosen.maxEpisodeSteps,
    memory: ['x', 'touched', 'air', 'flights'],
    info: ['x', 'height', 'pitch', 'airborne', 'flights', 'fell'],
    play: stage => playHopper(stage, chosen),
  };
}

/** The world of the hopper on rigid ground. */
export const hopperWorld: WorldOptions = {
  dt: controlStep / physicsSteps,
  iterations: 2,
  sweeps: 2,
  ground: { friction: 1 },
  spacing: 1,
};

const bedOf = (stiffness: number, damping: number): Pick<WorldOptions, 'springs' | 'apart'> => ({
  springs: { under: ['foot'], row: { tiles: 40, width: 0.15 }, mass: 1, stiffness, damping },
  apart: true,
});

const thigh = bodyIndex(hopperRobot, 'thigh');
const foot = bodyIndex(hopperRobot, 'foot');

/**
 * How the hopper is played.
 * @param act what a step's action does: default, aims the servos with all the strength that the options leave them
 */
export function playHopper(
  stage: Stage<HopperMemory, HopperInfo>,
  chosen: HopperOptions,
  act?: (drive: Motors) => Play['act'],
): Play {
  const { world, memory, info } = stage;
  const drive = servos(stage, reach, chosen);
  const { states, stride } = world;
  const pitchOf = (copy: number): number => turnAboutZ(states, copy * stride + 3);
  return {
    start(random, start) {
      start.position[1] = random.uniform(0.05, 0.06);
      start.turn[2] = random.uniform(-0.03, 0.03);
      start.velocity[0] = random.uniform(-0.1, 0.1);
      for (let j = 0; j < reach.length; j++) {
        start.angles[j] = random.uniform(-0.03, 0.03);
        start.speeds[j] = random.uniform(-0.1, 0.1);
      }
    },
    act:
      act?.(drive) ??
      ((copy, actions, at) => {
        for (let j = 0; j < reach.length; j++) drive(copy, j, actions[at + j], chosen.motorStrength);
      }),
    watch(copy) {
      if (drive.again) drive.again(copy);
      else world.gatherBody(copy, foot);
      if (world.clearance(copy, foot) <= airGap) {
        memory.touched[copy] = 1;
        memory.air[copy] = 0;
      } else if (memory.touched[copy] === 1 && ++memory.air[copy] === flightSteps) {
        memory.flights[copy]++;
      }
    },
    measure(copy) {
      const height = states[copy * stride + 1];
      const pitch = pitchOf(copy);
      const healthy = height > 0.75 && Math.abs(pitch) < 0.7 && world.clearance(copy, thigh) > 0;
      info.x[copy] = states[copy * stride];
      info.height[copy] = height;
      info.pitch[copy] = pitch;
      info.airborne[copy] = world.clearance(copy, foot) > airGap ? 1 : 0;
      info.flights[copy] = memory.flights[copy];
      info.fell[copy] = healthy ? 0 : 1;
    },
    ...forward(stage, chosen, controlStep),
    observe(copy, out, at) {
      const s = copy * stride;
      out[at] = states[s + 1];
      out[at + 1] = pitchOf(copy);
      out[at + 5] = states[s + 7];
      out[at + 6] = states[s + 8];
      out[at + 7] = states[s + 12];
      for (let j = 0; j < reach.length; j++) {
        out[at + 2 + j] = world.angle(copy, j);
        out[at + 8 + j] = world.speed(copy, j);
      }
      drive.blur(copy, out, at, 11);
    },
  };
}
