import type { RobotWorld } from './packed-world.ts';
import { inBody } from './quaternions.ts';

/** Numbers that `torsoView` writes before the joints. */
export const torsoSize = 12;

/**
 * What a robot in space feels of its first body and its joints, for the tables of tasks: height; the world's up in the
 * body's axes (3); the world's forward in them, x and z of it alone, at unit length (2); velocity (3) and angular
 * velocity (3) in them; the angles of all joints, then their speeds.
 * @returns a function that writes them for one copy from `at` on, and gives back where it stopped
 */
export function torsoView(world: RobotWorld): (copy: number, out: Float32Array, at: number) => number {
  const { states, stride } = world;
  const joints = world.robot.joints.length;
  const body = new Float64Array(3);
  return (copy, out, at) => {
    const s = copy * stride;
    out[at++] = states[s + 1];
    inBody(states, s + 3, up, 0, body);
    for (let k = 0; k < 3; k++) out[at++] = body[k];
    inBody(states, s + 3, ahead, 0, body);
    const level = Math.hypot(body[0], body[2]) || 1;
    out[at++] = body[0] / level;
    out[at++] = body[2] / level;
    inBody(states, s + 3, states, s + 7, body);
    for (let k = 0; k < 3; k++) out[at++] = body[k];
    inBody(states, s + 3, states, s + 10, body);
    for (let k = 0; k < 3; k++) out[at++] = body[k];
    for (let j = 0; j < joints; j++) {
      out[at + j] = world.angle(copy, j);
      out[at + joints + j] = world.speed(copy, j);
    }
    return at + 2 * joints;
  };
}

/** Cosine of the first body's lean: 1 upright, −1 on its back. */
export function uprightness({ states, stride }: RobotWorld, copy: number): number {
  const x = states[copy * stride + 3];
  const z = states[copy * stride + 5];
  return 1 - 2 * (x * x + z * z);
}

const up = [0, 1, 0] as const;
const ahead = [1, 0, 0] as const;
