import type { Vec3 } from '../../core/scene.ts';
import type { BodyDescription, JointDescription, LoadDescription, RobotDescription } from './robot.ts';
import { alongX, tilted } from './shapes.ts';

/** Metres from a hip to its knee, and from there to the middle of the foot. */
const segment = 0.25;
/** How far the upper leg leans back at rest, and the lower one forward, rad. */
const bend = 0.6;
export const footRadius = 0.025;
const hipHeight = footRadius + 2 * segment * Math.cos(bend);
/** Newton metres that an action of 1 stands for at full strength: abduction, hip, knee. */
const fullTorques = { abduction: 20, hip: 40, knee: 40 } as const;

/** The strength, in units of the full one, up to which motors may be scaled. */
export const strongest = 1.5;

interface Leg {
  readonly name: string;
  /** Its hip, metres ahead of the trunk's middle and to the right of it. */
  readonly x: number;
  readonly z: number;
}

const legs: readonly Leg[] = [
  { name: 'front right', x: 0.23, z: 0.14 },
  { name: 'back right', x: -0.23, z: 0.14 },
  { name: 'back left', x: -0.23, z: -0.14 },
  { name: 'front left', x: 0.23, z: -0.14 },
];

const middle = (a: Vec3, b: Vec3): Vec3 => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2];

/**
 * A trunk on four legs of three joints each, 25 kilograms: 13 bodies and 12 motors, in size and weight like Unitree's
 * Laikago, on bent knees. Hips touch nothing. Joints come leg by leg: abduction (positive: the foot goes to the robot's
 * left), hip (positive: the foot goes forward), knee (positive: the knee bends more).
 */
export const quadrupedRobot: RobotDescription = {
  name: 'quadruped',
  bodies: [
    {
      name: 'trunk',
      shape: { kind: 'box', half: [0.28, 0.06, 0.09] },
      position: [0, hipHeight, 0],
      mass: 12.6,
      color: '#3b6ea5',
    },
    ...legs.flatMap(legBodies),
  ],
  joints: legs.flatMap(legJoints),
};

/** What the front right leg carries on its outer side when it is heavy: both centres of mass go 0.1 m outwards. */
const legLoads: Readonly<Record<string, LoadDescription>> = {
  'front right upper': { mass: 1, position: [0, 0, 0.25] },
  'front right lower': { mass: 2, position: [0, 0, 0.125] },
};

/** The quadruped with 3 kg on its front right leg. */
export const quadrupedHeavyLeg: RobotDescription = {
  ...quadrupedRobot,
  bodies: quadrupedRobot.bodies.map(body => {
    const load = legLoads[body.name];
    return load ? { ...body, load } : body;
  }),
};

/** A leg's joints at rest: hip, knee, foot. */
function pointsOf({ x, z }: Leg): [hip: Vec3, knee: Vec3, foot: Vec3] {
  const kneeX = x - segment * Math.sin(bend);
  return [
    [x, hipHeight, z],
    [kneeX, hipHeight - segment * Math.cos(bend), z],
    [x, footRadius, z],
  ];
}

function legBodies(leg: Leg): BodyDescription[] {
  const [hip, knee, foot] = pointsOf(leg);
  return [
    {
      name: `${leg.name} hip`,
      shape: { kind: 'capsule', radius: 0.06, halfHeight: 0.03 },
      turn: alongX,
      position: [leg.x, hipHeight, leg.z],
      mass: 1.1,
      touches: false,
      color: '#5b8fc7',
    },
    {
      name: `${leg.name} upper`,
      shape: { kind: 'capsule', radius: 0.035, halfHeight: segment / 2 },
      turn: tilted(-bend),
      position: middle(hip, knee),
      mass: 1.5,
      color: '#e08e45',
    },
    {
      name: `${leg.name} lower`,
      shape: { kind: 'capsule', radius: footRadius, halfHeight: segment / 2 },
      turn: tilted(bend),
      position: middle(knee, foot),
      mass: 0.5,
      color: '#c8553d',
    },
  ];
}

function legJoints(leg: Leg): JointDescription[] {
  const [hip, knee] = pointsOf(leg);
  const joint = (
    name: keyof typeof fullTorques,
    parent: string,
    child: string,
    anchor: Vec3,
    axis: Vec3,
    limits: readonly [number, number],
  ): JointDescription => ({
    name: `${leg.name} ${name}`,
    kind: 'hinge',
    parent,
    child: `${leg.name} ${child}`,
    anchor,
    axis,
    limits,
    motor: { kind: 'drive', damping: 2, maxTorque: strongest * fullTorques[name] },
  });
  return [
    joint('abduction', 'trunk', 'hip', [leg.x, hipHeight, leg.z], [1, 0, 0], [-0.6, 0.6]),
    joint('hip', `${leg.name} hip`, 'upper', hip, [0, 0, 1], [-1, 1.2]),
    joint('knee', `${leg.name} upper`, 'lower', knee, [0, 0, 1], [-1, 0.9]),
  ];
}
