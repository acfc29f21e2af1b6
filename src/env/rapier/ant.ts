import type { z } from 'zod';
import { defineEnvironment } from '../define.ts';
import { box } from '../spaces.ts';
import { antRobot } from './ant-robot.ts';
import { loadEngine } from './engine.ts';
import { forward, locomotionOptions } from './locomotion.ts';
import type { Play, RapierTask, Stage } from './task.ts';
import { torsoSize, torsoView, uprightness } from './torso-view.ts';
import { RapierVector } from './vector.ts';

/** Seconds of one control step, and the physics steps that make it up. */
const controlStep = 0.04;
const physicsSteps = 4;
/** How far a hip's and a knee's target goes for an action of 1, rad. */
const reach = { hip: 0.6, knee: 0.7 } as const;
const joints = antRobot.joints.length;
const shins = antRobot.bodies.flatMap((body, b) => (body.name.endsWith('shin') ? [b] : []));
/** Metres under which a foot counts as on the ground. */
const contactGap = 0.01;

const options = locomotionOptions(250, { healthyReward: 0.5, controlCost: 0.05 });
type Options = z.output<typeof options>;
type Memory = 'x';
type Info = 'x' | 'y' | 'height' | 'upright' | 'feet' | 'fell';

/**
 * A round torso on four legs walks forward (+x) as fast as it can.
 *
 * Nine bodies, eight motors, 5.6 kg (`ant-robot.ts`); legs do not touch each other or the torso. Control runs at 25 Hz
 * (0.04 s, four physics steps of 0.01 s), an episode takes 250 steps: 10 s. It starts standing, 7-8 cm above the
 * ground, with uniform noise: ±0.03 rad in each turn of the torso, ±0.1 m/s, ±0.05 rad and ±0.1 rad/s in the joints.
 * Left alone it stands.
 *
 * Legs come in this order: front right, back right, back left, front left; x is forward, y up, z right.
 *
 * | observation | meaning | unit | range |
 * |---|---|---|---|
 * | 0 | height of the torso's centre (0.39 when it stands) | m | unbounded |
 * | 1, 2, 3 | the world's up in the torso's axes: 0, 1, 0 when upright | | −1 … 1 |
 * | 4, 5 | the world's forward in the torso's axes, x and z of it alone, at unit length: 1, 0 when it looks forward | | −1 … 1 |
 * | 6, 7, 8 | velocity of the torso in its own axes | m/s | unbounded |
 * | 9, 10, 11 | angular velocity of the torso in its own axes | rad/s | unbounded |
 * | 12 … 19 | angles of hip and knee, leg by leg, from rest | rad | hips ±0.7, knees ±0.8 |
 * | 20 … 27 | speeds of hip and knee, leg by leg | rad/s | unbounded |
 * | 28 … 31 | whether the foot is on the ground (within 1 cm), leg by leg | | 0 or 1 |
 *
 * (Limits are soft: a joint that reaches one fast goes past it by what it turns in a physics step or two, 0.1 rad in a
 * trained run, up to 0.5 rad where all servos jerk from end to end, and is pushed back.)
 *
 * | action | meaning | unit | range |
 * |---|---|---|---|
 * | 0, 2, 4, 6 | target of a hip servo over 0.6: positive turns the leg counter-clockwise seen from above | rad | −1 … 1 |
 * | 1, 3, 5, 7 | target of a knee servo over 0.7: positive lifts the foot outward | rad | −1 … 1 |
 *
 * Servos: hips 30 N·m/rad, at most 15 N·m; knees 40 N·m/rad, at most 20 N·m.
 *
 * Reward a step, after Gymnasium's Ant-v5: `forwardReward · v + healthyReward − controlCost · Σ a²`, with `v` the
 * torso's mean forward speed over the step in m/s; the step that ends in a fall has no healthy reward.
 *
 * Terminates when it falls: torso at or under 0.22 m (its belly at 2 cm) or at or over 1 m, or leaning more than 73°
 * (`upright` ≤ 0.3). Truncated after 250 steps.
 *
 * Trained, it runs about 5 m/s. Steps of 0.01 s are coarse for that: a foot that comes down fast is up to 5 cm in the
 * ground before it is pushed back, and a policy goes less far where physics is finer than what it learnt in (51 m in
 * 10 s; 43 m at half the step). The run itself is no gift of the step: a policy that learnt at half of it went 42 m after
 * 440,000 steps, against 44 m. Feet keep to the cone of friction, and energy comes from the motors alone.
 *
 * | info | meaning |
 * |---|---|
 * | `x`, `y` | metres from the start, forward and to the right (the scene's z) |
 * | `height` | as observed |
 * | `upright` | cosine of the torso's lean: 1 upright, −1 on its back |
 * | `feet` | how many feet are on the ground |
 * | `fell` | 1 on the step that terminates |
 */
export const ant = defineEnvironment(import.meta.url, {
  name: 'ant',
  summary: 'A four-legged robot walks forward: 8 motors, Rapier physics.',
  options,
  makeVector: async (chosen, count) =>
    new RapierVector(await loadEngine(chosen.engine), antTask(chosen), count),
});

/** The ant as a task: its spaces, its robot, its world, and how it is played. @param chosen the environment’s options, parsed */
export function antTask(chosen: Options): RapierTask<Memory, Info> {
  return {
    name: 'ant',
    observationSpace: box(torsoSize + 2 * joints + shins.length),
    actionSpace: box(joints, { low: -1, high: 1 }),
    robot: antRobot,
    world: { dt: controlStep / physicsSteps, iterations: 2, sweeps: 3, ground: { friction: 1 }, spacing: 2 },
    physicsSteps,
    episodeSteps: chosen.maxEpisodeSteps,
    memory: ['x'],
    info: ['x', 'y', 'height', 'upright', 'feet', 'fell'],
    play: stage => playAnt(stage, chosen),
  };
}

function playAnt(stage: Stage<Memory, Info>, chosen: Options): Play {
  const { world, info } = stage;
  const { states, stride } = world;
  const observeTorso = torsoView(world);
  return {
    start(random, start) {
      start.position[1] = random.uniform(0.07, 0.08);
      for (let k = 0; k < 3; k++) {
        start.turn[k] = random.uniform(-0.03, 0.03);
        start.velocity[k] = random.uniform(-0.1, 0.1);
      }
      for (let j = 0; j < joints; j++) {
        start.angles[j] = random.uniform(-0.05, 0.05);
        start.speeds[j] = random.uniform(-0.1, 0.1);
      }
    },
    act(copy, actions, at) {
      for (let j = 0; j < joints; j++)
        world.aim(copy, j, actions[at + j] * (j % 2 === 0 ? reach.hip : reach.knee));
    },
    measure(copy) {
      const height = states[copy * stride + 1];
      const upright = uprightness(world, copy);
      info.x[copy] = states[copy * stride];
      info.y[copy] = states[copy * stride + 2];
      info.height[copy] = height;
      info.upright[copy] = upright;
      info.feet[copy] = 0;
      for (const shin of shins) if (world.tipHeight(copy, shin) <= contactGap) info.feet[copy]++;
      info.fell[copy] = height > 0.22 && height < 1 && upright > 0.3 ? 0 : 1;
    },
    ...forward(stage, chosen, controlStep),
    observe(copy, out, at) {
      at = observeTorso(copy, out, at);
      for (const shin of shins) out[at++] = world.tipHeight(copy, shin) <= contactGap ? 1 : 0;
    },
  };
}
