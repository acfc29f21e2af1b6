import { z } from 'zod';
import type { Stage } from './task.ts';

const noise = z.number().min(0).default(0);

/** What a robot's motors and senses can differ in, for schemas of options. */
export const motorFields = {
  emfSpeed: z
    .number()
    .positive()
    .optional()
    .describe(
      'Back-EMF: the speed in rad/s at which a motor that drives its joint along has no strength left. Default: none.',
    ),
  observationNoise: noise.describe('Each observation is off by uniform noise of up to so much.'),
  actionNoise: noise.describe(
    'Each action is off by uniform noise of up to so much; what comes of it is cut to −1 … 1.',
  ),
};

interface MotorOptions {
  readonly emfSpeed?: number | undefined;
  readonly observationNoise: number;
  readonly actionNoise: number;
}

/** Drives a robot's motors through one control step. */
export interface Motors {
  /** Aims one of them. @param action −1 to 1 @param strength times what it gives: a servo 0 to 1.5, a drive −1.5 to 1.5 */
  (copy: number, joint: number, action: number, strength: number): void;
  /** Aims all of a copy's as before, as fast as its joints turn by now, and gathers its bodies; only with back-EMF. */
  readonly again?: (copy: number) => void;
  /** Adds the noise of observation to what stands at `at`. */
  blur(copy: number, out: Float32Array, at: number, size: number): void;
}

/** How motors of a kind take a target: a servo an angle, a drive a torque. */
interface Kind {
  /** What it would give now, N·m; its sign counts. */
  torque(copy: number, joint: number, target: number): number;
  aim(copy: number, joint: number, target: number, strength: number): void;
}

/**
 * Motors that are servos. Their strength scales gains and torque alike.
 * @param reach how far each one's target goes for an action of 1, rad
 * @param options `emfSpeed` c leaves `clip(1 − max(0, q̇ · sign(τ)) / c, 0, 1)` of a motor's strength, worked out before every
 *   physics step, with `τ = stiffness · (target − q) − damping · q̇`
 */
export function servos(
  stage: Pick<Stage, 'world' | 'random'>,
  reach: readonly number[],
  options: MotorOptions,
): Motors {
  const { world } = stage;
  const { joints, name } = world.robot;
  const gains = reach.map((_, j) => {
    const { motor } = joints[j];
    if (motor?.kind !== 'servo') throw new RangeError(`robot ${name}: ${joints[j].name} has no servo`);
    return motor;
  });
  return motorsOf(stage, reach, options, {
    torque: (copy, j, target) =>
      gains[j].stiffness * (target - world.angle(copy, j)) - gains[j].damping * world.speed(copy, j),
    aim: (copy, j, target, strength) => world.aimServo(copy, j, target, strength),
  });
}

/**
 * Motors that give the torque that they are told.
 * @param torques of each for an action of 1, N·m
 * @param options as of `servos`, with the torque that is told as τ
 */
export const drives = (
  stage: Pick<Stage, 'world' | 'random'>,
  torques: readonly number[],
  options: MotorOptions,
): Motors =>
  motorsOf(stage, torques, options, {
    torque: (_copy, _joint, target) => target,
    aim: (copy, j, target, strength) => stage.world.aim(copy, j, target * strength),
  });

function motorsOf(
  { world, random }: Pick<Stage, 'world' | 'random'>,
  scales: readonly number[],
  { emfSpeed, observationNoise, actionNoise }: MotorOptions,
  kind: Kind,
): Motors {
  const size = scales.length;
  const targets = new Float64Array(world.count * size);
  const strengths = new Float64Array(world.count * size);
  const aim = (copy: number, j: number) => {
    const k = copy * size + j;
    let left = 1;
    if (emfSpeed !== undefined) {
      const torque = strengths[k] * kind.torque(copy, j, targets[k]);
      left = Math.max(0, 1 - Math.max(0, world.speed(copy, j) * Math.sign(torque)) / emfSpeed);
    }
    kind.aim(copy, j, targets[k], strengths[k] * left);
  };
  const drive = (copy: number, joint: number, action: number, strength: number) => {
    const off = actionNoise > 0 ? random(copy).uniform(-actionNoise, actionNoise) : 0;
    const k = copy * size + joint;
    targets[k] = scales[joint] * (off === 0 ? action : Math.max(-1, Math.min(1, action + off)));
    strengths[k] = strength;
    aim(copy, joint);
  };
  const again = (copy: number) => {
    world.gather(copy);
    for (let j = 0; j < size; j++) aim(copy, j);
  };
  const blur: Motors['blur'] = (copy, out, at, numbers) => {
    if (observationNoise === 0) return;
    for (let k = 0; k < numbers; k++)
      out[at + k] += random(copy).uniform(-observationNoise, observationNoise);
  };
  return Object.assign(drive, { blur, ...(emfSpeed !== undefined && { again }) });
}
