import type { Quat, Shape, Vec3 } from '../../core/scene.ts';

/**
 * One robot as data, in its rest pose: the pose in which every joint reads zero. Right-handed axes, x forward, y up;
 * the robot's origin stands on the ground. Metres, kilograms, radians, newtons, newton metres.
 */
export interface RobotDescription {
  readonly name: string;
  readonly bodies: readonly BodyDescription[];
  readonly joints: readonly JointDescription[];
  /** Bodies move in the x-y plane and turn about z only. */
  readonly planar?: boolean;
}

/** The shapes that bodies may have. */
export type BodyShape = Exclude<Shape, { readonly kind: 'ground' | 'line' }>;

/**
 * A rigid body of one shape. One is the rule, not a limit of this page: a second contact of the same body would be
 * solved in the order in which contacts arose, and episodes would depend on what came before.
 */
export interface BodyDescription {
  readonly name: string;
  readonly shape: BodyShape;
  /** How the shape lies in the body; the body's own axes are the robot's at rest. Default: upright. */
  readonly turn?: Quat;
  /** Where the body's centre is at rest. */
  readonly position: Vec3;
  readonly mass: number;
  /** Does not move: a rail, a post. Its mass is ignored. */
  readonly fixed?: boolean;
  /** Coulomb's coefficient against the ground. Default 1. */
  readonly friction?: number;
  /** Whether it touches the ground. Default true. */
  readonly touches?: boolean;
  /** A weight fixed to it, which touches nothing. */
  readonly load?: LoadDescription;
  readonly color: string;
}

/** A solid ball of `loadRadius` that a body carries. */
export interface LoadDescription {
  /** kg, on top of the body's own */
  readonly mass: number;
  /** Where its middle is, from the body's centre, m. */
  readonly position: Vec3;
}
/** m */
export const loadRadius = 0.06;

/**
 * A joint that lets its child turn or slide on its parent, about or along one axis. Every body but the first is the child
 * of one joint, and joints are listed from the first body outward.
 */
export interface JointDescription {
  readonly name: string;
  /** `hinge` turns about `axis`; `slider` moves along it. */
  readonly kind: 'hinge' | 'slider';
  readonly parent: string;
  readonly child: string;
  /** Where the joint sits at rest, in the robot's coordinates. */
  readonly anchor: Vec3;
  /** A unit vector in the robot's coordinates at rest. Positive: the child turns (moves) about (along) it. */
  readonly axis: Vec3;
  /** Radians or metres from rest. Default: free. */
  readonly limits?: readonly [low: number, high: number];
  readonly motor?: MotorDescription;
}

/** What drives a joint: a servo is told where to go, a drive how hard to push. `PackedWorld.aim` tells either. */
export type MotorDescription = ServoDescription | DriveDescription;

/**
 * A position servo, `torque = stiffness · (target − angle) − damping · velocity`, limited to `maxTorque` either way;
 * for sliders read force. Solved implicitly with the contacts, so that stiff gains stay stable.
 */
export interface ServoDescription {
  readonly kind: 'servo';
  /** N·m/rad (N/m) */
  readonly stiffness: number;
  /** N·m·s/rad (N·s/m) */
  readonly damping: number;
  /** N·m (N) */
  readonly maxTorque: number;
}

/** A motor that gives the torque (force) it is told, less the bearing's friction of `damping · velocity`. */
export interface DriveDescription {
  readonly kind: 'drive';
  /** N·m·s/rad (N·s/m). Below 0.01 Rapier's float32 loses the torque. */
  readonly damping: number;
  /** N·m (N) */
  readonly maxTorque: number;
}

/** The index of a body by its name. */
export function bodyIndex(robot: RobotDescription, name: string): number {
  const index = robot.bodies.findIndex(body => body.name === name);
  if (index < 0) throw new RangeError(`robot ${robot.name}: no body named ${name}`);
  return index;
}

/** The robot's mass without its fixed bodies, kg. */
export const massOf = (robot: RobotDescription): number =>
  robot.bodies.reduce((sum, body) => sum + (body.fixed ? 0 : body.mass + (body.load?.mass ?? 0)), 0);
