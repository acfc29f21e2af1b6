import type { ColliderDesc } from '@dimforge/rapier3d-simd-compat';
import type { Quat } from '../../core/scene.ts';
import type { Rapier } from './engine.ts';
import { rotate, unit } from './quaternions.ts';
import type { BodyDescription, BodyShape } from './robot.ts';

/** No turn: a shape's y axis, the long one of capsules and cylinders, stays up. */
export const upright: Quat = [0, 0, 0, 1];
/** Lays a shape's y axis along x (a foot, a rail). */
export const alongX: Quat = [0, 0, Math.SQRT1_2, Math.SQRT1_2];
/** Lays a shape's y axis along z (the wheel of a robot that rolls forward). */
export const alongZ: Quat = [Math.SQRT1_2, 0, 0, Math.SQRT1_2];

/** Leans a shape's lower end forward (its upper end back) by an angle, rad. */
export const tilted = (angle: number): Quat => [0, 0, Math.sin(angle / 2), Math.cos(angle / 2)];

/** What Rapier builds a body's shape from, without mass or groups. */
export function colliderOf(rapier: Rapier, { shape, turn }: BodyDescription): ColliderDesc {
  const collider = describe(rapier, shape);
  if (turn) collider.setRotation({ x: turn[0], y: turn[1], z: turn[2], w: turn[3] });
  return collider;
}

function describe({ ColliderDesc }: Rapier, shape: BodyShape): ColliderDesc {
  switch (shape.kind) {
    case 'box':
      return ColliderDesc.cuboid(shape.half[0], shape.half[1], shape.half[2]);
    case 'sphere':
      return ColliderDesc.ball(shape.radius);
    case 'capsule':
      return ColliderDesc.capsule(shape.halfHeight, shape.radius);
    case 'cylinder':
      return ColliderDesc.cylinder(shape.halfHeight, shape.radius);
  }
}

const axis = new Float64Array(3);
const turned = new Float64Array(3);

/**
 * Height of a shape's lowest point above its body's centre (negative), m.
 * @param states body states; the body's rotation stands at `at`
 */
export function lowestPoint(
  { shape, turn = upright }: BodyDescription,
  states: Float32Array,
  at: number,
): number {
  if (shape.kind === 'sphere') return -shape.radius;
  if (shape.kind === 'box') {
    let sum = 0;
    for (let k = 0; k < 3; k++) {
      rotate(states, at, rotate(turn, 0, unit[k], axis), turned);
      sum += Math.abs(turned[1]) * shape.half[k];
    }
    return -sum;
  }
  rotate(states, at, rotate(turn, 0, unit[1], axis), turned);
  const slope = Math.abs(turned[1]);
  return shape.kind === 'capsule'
    ? -shape.radius - shape.halfHeight * slope
    : -shape.halfHeight * slope - shape.radius * Math.sqrt(Math.max(0, 1 - slope * slope));
}

/** Height of the underside of a capsule's lower end above its body's centre, m. */
export function lowerTip(
  { name, shape, turn = upright }: BodyDescription,
  states: Float32Array,
  at: number,
): number {
  if (shape.kind !== 'capsule') throw new RangeError(`body ${name}: expected a capsule, got a ${shape.kind}`);
  rotate(states, at, rotate(turn, 0, unit[1], axis), turned);
  return -shape.radius - shape.halfHeight * turned[1];
}
