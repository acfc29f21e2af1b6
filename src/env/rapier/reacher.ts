import { z } from 'zod';
import type { SceneObject } from '../../core/scene.ts';
import { defineEnvironment } from '../define.ts';
import { box } from '../spaces.ts';
import { loadEngine } from './engine.ts';
import { bodyStride } from './kinematics.ts';
import { rapierOptions } from './options.ts';
import { turnAboutZ } from './quaternions.ts';
import { armLengths, reacherRobot } from './reacher-robot.ts';
import { bodyIndex } from './robot.ts';
import { upright } from './shapes.ts';
import type { Play, RapierTask, Stage } from './task.ts';
import { RapierVector } from './vector.ts';

/** Seconds of one control step, and the physics steps that make it up. */
const controlStep = 0.02;
const physicsSteps = 2;
/** Metres from the post within which targets are drawn. */
const reach = 0.2;

const options = rapierOptions(50).extend({
  distanceCost: z.number().min(0).default(1).describe('Price of a metre from the target.'),
  controlCost: z.number().min(0).default(0.1).describe('Price of the sum of squared actions.'),
});
type Options = z.output<typeof options>;
type Memory = 'targetX' | 'targetY';
type Info = 'distance';

/**
 * A two-link arm brings its fingertip to a target and holds it there, on a table seen from above.
 *
 * An upper arm of 0.1 m and a forearm of 0.11 m to the fingertip, steel rods of 0.25 kg each, on a post in the middle
 * (`reacher-robot.ts`); nothing weighs and nothing touches. Control runs at 50 Hz (0.02 s, two physics steps of 0.01 s), an
 * episode takes 50 steps: 1 s. It starts stretched out along x, with uniform noise of ±0.1 rad and ±0.005 rad/s in both
 * joints. The target is drawn at every start, uniform in the disc of 0.2 m about the post, and stays.
 *
 * | observation | meaning | unit | range |
 * |---|---|---|---|
 * | 0, 1 | cosines of shoulder and elbow | | −1 … 1 |
 * | 2, 3 | sines of shoulder and elbow | | −1 … 1 |
 * | 4, 5 | the target's x and y | m | −0.2 … 0.2 |
 * | 6, 7 | speeds of shoulder and elbow, positive counter-clockwise | rad/s | unbounded |
 * | 8, 9 | from the target to the fingertip, x and y | m | −0.41 … 0.41 |
 *
 * The shoulder turns freely, the elbow between ±2.9 rad.
 *
 * | action | meaning | unit | range |
 * |---|---|---|---|
 * | 0 | torque of the shoulder over 0.3: positive turns counter-clockwise | N·m | −1 … 1 |
 * | 1 | torque of the elbow over 0.1 | N·m | −1 … 1 |
 *
 * Bearings have a friction of 0.02 and 0.01 N·m·s/rad. Stretched out, the arm gets to the far side in 0.5 s.
 *
 * Reward a step, after Gymnasium's Reacher-v5: `−distanceCost · distance − controlCost · Σ a²`, with the distance from fingertip to
 * target at the step's end in metres. The arm of Gymnasium is far stronger for its weight, so its actions stay small; the
 * price of an action here is less, so that getting there pays.
 *
 * Never terminates; truncated after 50 steps. Info: `distance` (m).
 */
export const reacher = defineEnvironment(import.meta.url, {
  name: 'reacher',
  summary: 'A two-link arm brings its fingertip to a target: 2 motors, planar Rapier physics.',
  options,
  makeVector: async (chosen, count) =>
    new RapierVector(await loadEngine(chosen.engine), reacherTask(chosen), count),
});

/** The reacher as a task: its spaces, its robot, its world, and how it is played. @param chosen the environment’s options, parsed */
export function reacherTask(chosen: Options): RapierTask<Memory, Info> {
  return {
    name: 'reacher',
    observationSpace: box(10),
    actionSpace: box(2, { low: -1, high: 1 }),
    robot: reacherRobot,
    world: { dt: controlStep / physicsSteps, iterations: 4, sweeps: 1, spacing: 1, gravity: 0 },
    physicsSteps,
    episodeSteps: chosen.maxEpisodeSteps,
    memory: ['targetX', 'targetY'],
    info: ['distance'],
    viewDistance: 0.8,
    play: stage => playReacher(stage, chosen),
  };
}

const forearm = bodyIndex(reacherRobot, 'forearm') * bodyStride;
const torques = reacherRobot.joints.map(({ motor }) => motor?.maxTorque ?? 0);

function playReacher({ world, memory, info }: Stage<Memory, Info>, chosen: Options): Play {
  const { states, stride } = world;
  const { targetX, targetY } = memory;
  /** Where the fingertip is along x (0) or y (1), m. */
  const tip = (copy: number, axis: 0 | 1): number => {
    const at = copy * stride + forearm;
    const turn = turnAboutZ(states, at + 3);
    return states[at + axis] + (armLengths[1] / 2) * (axis === 0 ? Math.cos(turn) : Math.sin(turn));
  };
  const distance = (copy: number): number =>
    Math.hypot(tip(copy, 0) - targetX[copy], tip(copy, 1) - targetY[copy]);
  return {
    start(random, start, copy) {
      for (let j = 0; j < 2; j++) {
        start.angles[j] = random.uniform(-0.1, 0.1);
        start.speeds[j] = random.uniform(-0.005, 0.005);
      }
      const radius = reach * Math.sqrt(random.uniform(0, 1));
      const direction = random.uniform(-Math.PI, Math.PI);
      targetX[copy] = radius * Math.cos(direction);
      targetY[copy] = radius * Math.sin(direction);
    },
    act(copy, actions, at) {
      for (let j = 0; j < 2; j++) world.aim(copy, j, actions[at + j] * torques[j]);
    },
    measure(copy) {
      info.distance[copy] = distance(copy);
    },
    judge(copy, actions, at) {
      const effort = actions[at] ** 2 + actions[at + 1] ** 2;
      return -chosen.distanceCost * distance(copy) - chosen.controlCost * effort;
    },
    ended: () => false,
    observe(copy, out, at) {
      for (let j = 0; j < 2; j++) {
        const angle = world.angle(copy, j);
        out[at + j] = Math.cos(angle);
        out[at + 2 + j] = Math.sin(angle);
        out[at + 6 + j] = world.speed(copy, j);
      }
      out[at + 4] = targetX[copy];
      out[at + 5] = targetY[copy];
      out[at + 8] = tip(copy, 0) - targetX[copy];
      out[at + 9] = tip(copy, 1) - targetY[copy];
    },
    draw: copy => [
      dot('target', targetX[copy], targetY[copy], '#2a9d5c'),
      dot('fingertip', tip(copy, 0), tip(copy, 1), '#c8553d'),
    ],
    caption: copy => `${(100 * distance(copy)).toFixed(1)} cm from the target`,
  };
}

const dot = (id: string, x: number, y: number, color: string): SceneObject => ({
  id,
  shape: { kind: 'sphere', radius: 0.012 },
  position: [x, y, 0.02],
  rotation: upright,
  color,
});
