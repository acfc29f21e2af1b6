import type { Vec3 } from '../../core/scene.ts';
import type { BodyDescription, JointDescription, RobotDescription } from './robot.ts';
import { alongX, tilted } from './shapes.ts';

const half = 0.5;
const torsoHeight = 0.62;

interface Segment {
  readonly name: string;
  readonly length: number;
  readonly radius: number;
  readonly mass: number;
  /** How far its lower end leans forward from straight down, rad. */
  readonly lean: number;
  readonly color: string;
  /** Of the joint at its upper end, rad. */
  readonly limits: readonly [number, number];
  /** N·m for an action of 1. */
  readonly gear: number;
  readonly stiffness: number;
  readonly damping: number;
}

const [back, front] = [
  { name: 'back', x: -half },
  { name: 'front', x: half },
];

// biome-ignore format: a table
const backLeg: readonly Segment[] = [
  { name: 'thigh', length: 0.3, radius: 0.05, mass: 1.5, lean: 0.55, color: '#e08e45', limits: [-1.05, 0.5], gear: 120, stiffness: 240, damping: 6 },
  { name: 'shin', length: 0.3, radius: 0.04, mass: 1.5, lean: -1.05, color: '#c8553d', limits: [-0.8, 0.8], gear: 90, stiffness: 180, damping: 4.5 },
  { name: 'foot', length: 0.18, radius: 0.04, mass: 1, lean: 0.3, color: '#7a3b2e', limits: [-0.8, 0.4], gear: 60, stiffness: 120, damping: 3 },
];

// biome-ignore format: a table
const frontLeg: readonly Segment[] = [
  { name: 'thigh', length: 0.27, radius: 0.045, mass: 1.4, lean: -0.5, color: '#e08e45', limits: [-0.7, 1], gear: 120, stiffness: 180, damping: 4.5 },
  { name: 'shin', length: 0.22, radius: 0.04, mass: 1.2, lean: 0.6, color: '#c8553d', limits: [-0.9, 1.2], gear: 60, stiffness: 120, damping: 3 },
  { name: 'foot', length: 0.14, radius: 0.04, mass: 0.9, lean: 0.3, color: '#7a3b2e', limits: [-0.5, 0.5], gear: 30, stiffness: 60, damping: 1.5 },
];

/** Newton metres that an action of 1 stands for, joint by joint. */
export const gears: readonly number[] = [...backLeg, ...frontLeg].map(({ gear }) => gear);

/**
 * A torso of a metre on a back leg and a front leg of three links each, 14 kilograms, in the vertical plane. All parts
 * touch the ground. Positive angles turn a link's lower end forward. Joints come from the back leg to the front one,
 * from the hip down. Proportions, masses and springs are near those of Gymnasium's (Wawrzyński 2009).
 */
export const halfCheetahRobot: RobotDescription = {
  name: 'half-cheetah',
  planar: true,
  bodies: [
    {
      name: 'torso',
      shape: { kind: 'capsule', radius: 0.06, halfHeight: half },
      turn: alongX,
      position: [0, torsoHeight, 0],
      mass: 6.5,
      color: '#3b6ea5',
    },
    ...legBodies(back, backLeg),
    ...legBodies(front, frontLeg),
  ],
  joints: [...legJoints(back, backLeg), ...legJoints(front, frontLeg)],
};

type Place = typeof back;

/** Where a leg's joints stand at rest, from the hip down to the toes. */
function jointsOf({ x }: Place, leg: readonly Segment[]): Vec3[] {
  const points: Vec3[] = [[x, torsoHeight, 0]];
  for (const [i, { length, lean }] of leg.entries()) {
    const [px, py] = points[i];
    points.push([px + length * Math.sin(lean), py - length * Math.cos(lean), 0]);
  }
  return points;
}

function legBodies(place: Place, leg: readonly Segment[]): BodyDescription[] {
  const points = jointsOf(place, leg);
  return leg.map(({ name, length, radius, mass, lean, color }, i) => ({
    name: `${place.name} ${name}`,
    shape: { kind: 'capsule', radius, halfHeight: length / 2 },
    turn: tilted(lean),
    position: [(points[i][0] + points[i + 1][0]) / 2, (points[i][1] + points[i + 1][1]) / 2, 0],
    mass,
    color,
  }));
}

function legJoints(place: Place, leg: readonly Segment[]): JointDescription[] {
  const points = jointsOf(place, leg);
  return leg.map(({ name, limits, gear, stiffness, damping }, i) => ({
    name: `${place.name} ${name}`,
    kind: 'hinge',
    parent: i === 0 ? 'torso' : `${place.name} ${leg[i - 1].name}`,
    child: `${place.name} ${name}`,
    anchor: points[i],
    axis: [0, 0, 1],
    limits,
    motor: { kind: 'servo', stiffness, damping, maxTorque: 2 * gear },
  }));
}
