import { z } from 'zod';
import { defineEnvironment } from '../define.ts';
import { box } from '../spaces.ts';
import { loadEngine } from './engine.ts';
import { gears, halfCheetahRobot } from './half-cheetah-robot.ts';
import { rapierOptions } from './options.ts';
import { turnAboutZ } from './quaternions.ts';
import type { Play, RapierTask, Stage } from './task.ts';
import { RapierVector } from './vector.ts';

/** Seconds of one control step, and the physics steps that make it up. */
const controlStep = 0.05;
const physicsSteps = 10;

/** The angle at which a joint's spring alone gives what its motor gives for an action of 1, rad. */
const reach = halfCheetahRobot.joints.map(({ motor }, j) =>
  motor?.kind === 'servo' ? gears[j] / motor.stiffness : 0,
);

const options = rapierOptions(200).extend({
  forwardReward: z.number().default(1).describe('Reward for a metre a second forward.'),
  controlCost: z.number().min(0).default(0.1).describe('Price of the sum of squared actions.'),
});
type Options = z.output<typeof options>;
type Memory = 'x';
type Info = 'x' | 'height' | 'pitch';

/**
 * A torso on a back leg and a front leg runs forward (+x) as fast as it can, in the vertical plane.
 *
 * Seven links, six motors, 14 kg (`half-cheetah-robot.ts`), each of which touches the ground. Control runs at 20 Hz
 * (0.05 s, ten physics steps of 0.005 s), an episode takes 200 steps: 10 s (Gymnasium's takes 1,000). It starts on its feet,
 * 5-6 cm above the ground, with uniform noise: ±0.05 rad in pitch and joints, ±0.1 m/s, ±0.1 rad/s in the joints. Left
 * alone it stands.
 *
 * | observation | meaning | unit | range |
 * |---|---|---|---|
 * | 0 | height of the torso's centre (0.6 when it stands) | m | unbounded |
 * | 1 | pitch of the torso, positive leaning back | rad | −π … π |
 * | 2, 3, 4 | angles of back thigh, shin and foot from rest, positive as in the actions | rad | −1.05 … 0.5, ±0.8, −0.8 … 0.4 |
 * | 5, 6, 7 | angles of front thigh, shin and foot | rad | −0.7 … 1, −0.9 … 1.2, ±0.5 |
 * | 8, 9 | velocity of the torso, forward and up | m/s | unbounded |
 * | 10 | pitch rate | rad/s | unbounded |
 * | 11 … 16 | speeds of the joints, as their angles | rad/s | unbounded |
 *
 * (Limits are soft: an impact or a motor at full torque takes a joint past them for some physics steps, up to 0.2 rad under random
 * actions and 0.6 rad where all motors jerk from end to end.)
 *
 * | action | meaning | unit | range |
 * |---|---|---|---|
 * | 0, 1, 2 | torque of back thigh, shin and foot over 120, 90, 60: positive turns the link's lower end forward | N·m | −1 … 1 |
 * | 3, 4, 5 | torque of front thigh, shin and foot over 120, 60, 30 | N·m | −1 … 1 |
 *
 * Joints are springs with damping, as Gymnasium's are (back 240, 180, 120 N·m/rad and 6, 4.5, 3 N·m·s/rad; front 180, 120, 60
 * and 4.5, 3, 1.5): they carry the body, so that an untaught one stands, and give back what a stride puts in. Torque on a
 * spring, τ − k q − d q̇, is a servo whose target is τ/k: 0.5 to 0.67 rad for an action of 1. So the motors are soft servos, which
 * the physics solves implicitly with the contacts. Springs added as torques, step by step, would ring: the feet's damping
 * times 0.005 s is 1.4 times their inertia. Spring and motor together give at most twice the motor's torque.
 *
 * Reward a step, after Gymnasium's HalfCheetah-v5: `forwardReward · v − controlCost · Σ a²`, with `v` the torso's mean
 * forward speed over the step in m/s.
 *
 * Never terminates: on its back it goes on as it can. Truncated after 200 steps.
 *
 * | info | meaning |
 * |---|---|
 * | `x` | metres from the start |
 * | `height`, `pitch` | as observed |
 */
export const halfCheetah = defineEnvironment(import.meta.url, {
  name: 'half-cheetah',
  summary: 'A two-legged robot runs forward: 6 motors, planar Rapier physics.',
  options,
  makeVector: async (chosen, count) =>
    new RapierVector(await loadEngine(chosen.engine), halfCheetahTask(chosen), count),
});

/** The half-cheetah as a task: its spaces, its robot, its world, and how it is played. @param chosen the environment’s options, parsed */
export function halfCheetahTask(chosen: Options): RapierTask<Memory, Info> {
  return {
    name: 'half-cheetah',
    observationSpace: box(5 + 2 * reach.length),
    actionSpace: box(reach.length, { low: -1, high: 1 }),
    robot: halfCheetahRobot,
    world: { dt: controlStep / physicsSteps, iterations: 2, sweeps: 2, ground: { friction: 1 }, spacing: 1 },
    physicsSteps,
    episodeSteps: chosen.maxEpisodeSteps,
    memory: ['x'],
    info: ['x', 'height', 'pitch'],
    play: stage => playHalfCheetah(stage, chosen),
  };
}

function playHalfCheetah({ world, memory, info }: Stage<Memory, Info>, chosen: Options): Play {
  const { states, stride } = world;
  const joints = reach.length;
  return {
    start(random, start) {
      start.position[1] = random.uniform(0.1, 0.11);
      start.turn[2] = random.uniform(-0.05, 0.05);
      for (let k = 0; k < 2; k++) start.velocity[k] = random.uniform(-0.1, 0.1);
      for (let j = 0; j < joints; j++) {
        start.angles[j] = random.uniform(-0.05, 0.05);
        start.speeds[j] = random.uniform(-0.1, 0.1);
      }
    },
    act(copy, actions, at) {
      for (let j = 0; j < joints; j++) world.aim(copy, j, actions[at + j] * reach[j]);
    },
    measure(copy) {
      info.x[copy] = states[copy * stride];
      info.height[copy] = states[copy * stride + 1];
      info.pitch[copy] = turnAboutZ(states, copy * stride + 3);
    },
    judge(copy, actions, at) {
      const x = states[copy * stride];
      const speed = (x - memory.x[copy]) / controlStep;
      memory.x[copy] = x;
      let effort = 0;
      for (let j = 0; j < joints; j++) effort += actions[at + j] ** 2;
      return chosen.forwardReward * speed - chosen.controlCost * effort;
    },
    ended: () => false,
    observe(copy, out, at) {
      const s = copy * stride;
      out[at] = states[s + 1];
      out[at + 1] = turnAboutZ(states, s + 3);
      out[at + 2 + joints] = states[s + 7];
      out[at + 3 + joints] = states[s + 8];
      out[at + 4 + joints] = states[s + 12];
      for (let j = 0; j < joints; j++) {
        out[at + 2 + j] = world.angle(copy, j);
        out[at + 5 + joints + j] = world.speed(copy, j);
      }
    },
    caption: copy => `${states[copy * stride].toFixed(1)} m`,
  };
}
