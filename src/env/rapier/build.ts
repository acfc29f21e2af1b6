import type {
  JointData,
  PrismaticImpulseJoint,
  RevoluteImpulseJoint,
  RigidBody,
  RigidBodyDesc,
  World,
} from '@dimforge/rapier3d-simd-compat';
import type { Rapier } from './engine.ts';
import {
  type BodyDescription,
  type JointDescription,
  type LoadDescription,
  loadRadius,
  type MotorDescription,
  type RobotDescription,
} from './robot.ts';
import { colliderOf } from './shapes.ts';
import { type SpringFloorOptions, springGroups } from './spring-floor.ts';

/** The physics of a packed world. */
export interface WorldOptions {
  /** Seconds of one physics step. */
  readonly dt: number;
  /** Rapier's solver iterations: each one integrates dt / iterations. */
  readonly iterations: number;
  /** Sweeps over all constraints in each iteration. With too few of them the feet of standing robots creep. */
  readonly sweeps: number;
  /** Friction of the floor at y = 0; without it there is no floor. Multiplied with a body's own. */
  readonly ground?: { readonly friction: number };
  /** Springs that some bodies stand on, in place of the ground; their friction is the ground's. */
  readonly springs?: SpringFloorOptions;
  /** Every robot has a world of its own. */
  readonly apart?: boolean;
  /** Metres from one robot's place to the next. */
  readonly spacing: number;
  /** m/s² along y. Default −9.81. */
  readonly gravity?: number;
}

export type Joint = RevoluteImpulseJoint | PrismaticImpulseJoint;

// Rapier's groups: what a shape is (high half), what it meets (low half). Robots meet the ground and nothing else.
const groundGroups = 0x0001_0002;
const robotGroups = 0x0002_0001;
const nothing = 0x0004_0000;

export const touches = (body: BodyDescription): boolean => !body.fixed && body.touches !== false;

export function createWorld(rapier: Rapier, options: WorldOptions): World {
  const world = new rapier.World({ x: 0, y: options.gravity ?? -9.81, z: 0 });
  world.timestep = options.dt;
  world.numSolverIterations = options.iterations;
  world.numInternalPgsIterations = options.sweeps;
  world.maxCcdSubsteps = 0;
  if (options.ground) {
    const floor = new rapier.ColliderDesc(new rapier.HalfSpace({ x: 0, y: 1, z: 0 }));
    world.createCollider(floor.setFriction(options.ground.friction).setCollisionGroups(groundGroups));
  }
  return world;
}

/** Adds a robot at rest. @param x, z where its origin stands */
export function addRobot(
  rapier: Rapier,
  world: World,
  robot: RobotDescription,
  x: number,
  z: number,
  springs?: SpringFloorOptions,
): { bodies: RigidBody[]; joints: Joint[] } {
  const bodies = robot.bodies.map(body => {
    const under = springs?.under.indexOf(body.name) ?? -1;
    const groups = under >= 0 ? springGroups(under) : touches(body) ? robotGroups : nothing;
    return addBody(rapier, world, { robot, body, groups, x, z });
  });
  const joints = robot.joints.map(joint => addJoint(rapier, world, robot, joint, bodies));
  return { bodies, joints };
}

/**
 * Holds first bodies that touch in their planes, by a joint to the world that leaves all but z free: they have no parent
 * whose joint would.
 */
export function holdInPlane(
  { RigidBodyDesc, JointData, JointAxesMask }: Rapier,
  world: World,
  bodies: readonly RigidBody[],
) {
  const post = world.createRigidBody(RigidBodyDesc.fixed());
  const middle = { x: 0, y: 0, z: 0 };
  for (const body of bodies) {
    const place = { x: 0, y: 0, z: body.translation().z };
    const data = JointData.generic(place, middle, { x: 1, y: 0, z: 0 }, JointAxesMask.LinZ);
    world.createImpulseJoint(data, post, body, true);
  }
}

function addBody(
  rapier: Rapier,
  world: World,
  place: {
    readonly robot: RobotDescription;
    readonly body: BodyDescription;
    readonly groups: number;
    readonly x: number;
    readonly z: number;
  },
): RigidBody {
  const { robot, body, groups, x, z } = place;
  const free = !robot.planar;
  // A contact solves its two directions of friction as one, and gives none at all where a body cannot move along z.
  // So a body that touches keeps z, and its joint holds it in the plane.
  const slides = free || touches(body);
  const desc = (body.fixed ? rapier.RigidBodyDesc.fixed() : rapier.RigidBodyDesc.dynamic())
    .setTranslation(body.position[0] + x, body.position[1], body.position[2] + z)
    .enabledTranslations(true, true, slides)
    .enabledRotations(free, free, true)
    .setCanSleep(false);
  if (body.load) carry(desc, body.load);
  const made = world.createRigidBody(desc);
  const collider = colliderOf(rapier, body)
    .setMass(body.mass)
    .setFriction(body.friction ?? 1)
    .setFrictionCombineRule(rapier.CoefficientCombineRule.Multiply)
    .setRestitutionCombineRule(rapier.CoefficientCombineRule.Max)
    .setCollisionGroups(groups);
  world.createCollider(collider, made);
  return made;
}

/** A solid ball has 2/5 m r² about each axis. */
function carry(desc: RigidBodyDesc, { mass, position }: LoadDescription): void {
  const inertia = 0.4 * mass * loadRadius ** 2;
  const [x, y, z] = position;
  desc.setAdditionalMassProperties(
    mass,
    { x, y, z },
    { x: inertia, y: inertia, z: inertia },
    { x: 0, y: 0, z: 0, w: 1 },
  );
}

function addJoint(
  rapier: Rapier,
  world: World,
  robot: RobotDescription,
  joint: JointDescription,
  bodies: readonly RigidBody[],
): Joint {
  const parent = robot.bodies.findIndex(body => body.name === joint.parent);
  const child = robot.bodies.findIndex(body => body.name === joint.child);
  const data = jointData(rapier, robot, joint, robot.bodies[parent], robot.bodies[child]);
  const { handle } = world.createImpulseJoint(data, bodies[parent], bodies[child], true);
  const made = motorOf(rapier, world, joint, handle);
  made.setContactsEnabled(false);
  if (joint.limits) made.setLimits(joint.limits[0], joint.limits[1]);
  if (joint.motor) {
    made.configureMotorModel(rapier.MotorModel.ForceBased);
    made.setMotorMaxForce(joint.motor.maxTorque);
    aimMotor(made, joint.motor, 0);
  }
  return made;
}

function jointData(
  { JointData, JointAxesMask }: Rapier,
  robot: RobotDescription,
  joint: JointDescription,
  parent: BodyDescription,
  child: BodyDescription,
): JointData {
  const from = ({ position }: BodyDescription) => ({
    x: joint.anchor[0] - position[0],
    y: joint.anchor[1] - position[1],
    z: joint.anchor[2] - position[2],
  });
  const axis = { x: joint.axis[0], y: joint.axis[1], z: joint.axis[2] };
  const hinge = joint.kind === 'hinge';
  if (!robot.planar) {
    return (hinge ? JointData.revolute : JointData.prismatic)(from(parent), from(child), axis);
  }
  // Only what the plane leaves free: a row that holds what both bodies have locked already divides by zero inertia,
  // and throws the robot across the room. The joint's X is its axis; Y and Z follow by the shortest turn.
  const { LinX, LinY, LinZ, AngZ } = JointAxesMask;
  const inPlane = hinge ? LinY | LinZ : LinY | AngZ;
  const held = hinge && (touches(parent) || touches(child)) ? inPlane | LinX : inPlane;
  return JointData.generic(from(parent), from(child), axis, held);
}

/** Rapier gives generic joints no motor; the same handle seen as a hinge or a slider has one. */
export function motorOf(
  rapier: Rapier,
  world: World,
  joint: Pick<JointDescription, 'kind'>,
  handle: number,
): Joint {
  const Kind = joint.kind === 'hinge' ? rapier.RevoluteImpulseJoint : rapier.PrismaticImpulseJoint;
  return new Kind(world.impulseJoints.raw, world.bodies, handle);
}

/** Sets what a motor drives to: a servo's angle (displacement), a drive's torque (force). */
export function aimMotor(joint: Joint, motor: MotorDescription, target: number): void {
  if (motor.kind === 'servo') joint.configureMotorPosition(target, motor.stiffness, motor.damping);
  // torque = damping · (target velocity − velocity)
  else joint.configureMotorVelocity(target / motor.damping, motor.damping);
}
