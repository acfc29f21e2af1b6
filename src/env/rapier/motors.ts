import { z } from 'zod';
import type { Stage } from './task.ts';

const noise = z.number().min(0).default(0);

/** What a robot's motors and its senses can differ in, for schemas of options. */
export const motorFields = {
  motorStrength: z.number().min(0).max(1.5).default(1).describe('What the motors give of what they should.'),
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

/** Drives a robot's servos through one control step. */
export interface ServoDrive {
  /** Aims one of them. @param action −1 to 1 @param strength times its gains and its most torque, 0 to 1.5 */
  (copy: number, joint: number, action: number, strength: number): void;
  /** Aims all of a copy's as before, as fast as its joints turn by now; only where there is back-EMF. */
  readonly again?: (copy: number) => void;
  /** Adds the noise of observation to what stands at `at`. */
  blur(copy: number, out: Float32Array, at: number, size: number): void;
}

/**
 * @param reach how far each servo's target goes for an action of 1, rad
 * @param options `emfSpeed` c leaves `clip(1 − max(0, q̇ · sign(τ)) / c, 0, 1)` of a servo's strength, with
 *   `τ = stiffness · (target − q) − damping · q̇`
 */
export function servoDrive(
  { world, random }: Pick<Stage, 'world' | 'random'>,
  reach: readonly number[],
  { emfSpeed, observationNoise, actionNoise }: MotorOptions,
): ServoDrive {
  const { joints } = world.robot;
  const motors = reach.map((_, j) => {
    const { motor } = joints[j];
    if (motor?.kind !== 'servo')
      throw new RangeError(`robot ${world.robot.name}: ${joints[j].name} has no servo`);
    return motor;
  });
  const targets = new Float64Array(world.count * reach.length);
  const strengths = new Float64Array(world.count * reach.length);
  const aim = (copy: number, j: number) => {
    const k = copy * reach.length + j;
    if (emfSpeed === undefined) {
      world.aimServo(copy, j, targets[k], strengths[k]);
      return;
    }
    const speed = world.speed(copy, j);
    const torque = motors[j].stiffness * (targets[k] - world.angle(copy, j)) - motors[j].damping * speed;
    const left = 1 - Math.max(0, speed * Math.sign(torque)) / emfSpeed;
    world.aimServo(copy, j, targets[k], strengths[k] * Math.max(0, left));
  };
  const drive = (copy: number, joint: number, action: number, strength: number) => {
    const off = actionNoise > 0 ? random(copy).uniform(-actionNoise, actionNoise) : 0;
    const k = copy * reach.length + joint;
    targets[k] = reach[joint] * (off === 0 ? action : Math.max(-1, Math.min(1, action + off)));
    strengths[k] = strength;
    aim(copy, joint);
  };
  const again = (copy: number) => {
    world.gather(copy);
    for (let j = 0; j < reach.length; j++) aim(copy, j);
  };
  return Object.assign(drive, {
    blur: blurred(random, observationNoise),
    ...(emfSpeed !== undefined && { again }),
  });
}

/** Adds uniform noise to observations. */
export const blurred =
  (random: Stage['random'], noise: number): ServoDrive['blur'] =>
  (copy, out, at, size) => {
    if (noise > 0) for (let k = 0; k < size; k++) out[at + k] += random(copy).uniform(-noise, noise);
  };
