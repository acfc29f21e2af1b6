import type { Quat, Vec3 } from '../../core/scene.ts';
import type { BodyDescription, JointDescription, RobotDescription } from './robot.ts';

const torsoRadius = 0.2;
/** Where the knees stand, metres from the robot's middle. */
const reach = 0.42;
const shinLength = 0.4;
/** How steeply the shins point down at rest, rad. */
const slope = 1.05;
export const footRadius = 0.04;
const kneeHeight = footRadius + shinLength * Math.sin(slope);

/** A leg's direction seen from above, rad from straight ahead towards the right. */
const legs = [
  { name: 'front right', heading: Math.PI / 4 },
  { name: 'back right', heading: (3 * Math.PI) / 4 },
  { name: 'back left', heading: (5 * Math.PI) / 4 },
  { name: 'front left', heading: (7 * Math.PI) / 4 },
].map(({ name, heading }) => ({ name, x: Math.cos(heading), z: Math.sin(heading) }));

/**
 * A round torso on four legs, 5.6 kilograms: nine bodies and eight motors. A hip turns its leg about the vertical,
 * counter-clockwise seen from above; a knee lifts its foot outward. Joints come leg by leg, hip then knee.
 */
export const antRobot: RobotDescription = {
  name: 'ant',
  bodies: [
    {
      name: 'torso',
      shape: { kind: 'sphere', radius: torsoRadius },
      position: [0, kneeHeight, 0],
      mass: 2.4,
      color: '#3b6ea5',
    },
    ...legs.flatMap(legBodies),
  ],
  joints: legs.flatMap(legJoints),
};

interface Leg {
  readonly name: string;
  readonly x: number;
  readonly z: number;
}

function legBodies({ name, x, z }: Leg): BodyDescription[] {
  const middle = torsoRadius + (reach - torsoRadius) / 2;
  const foot = reach + (shinLength / 2) * Math.cos(slope);
  // A shape's upper end leans inward by `angle` about the horizontal across the leg.
  const lean = (angle: number): Quat => {
    const s = Math.sin(angle / 2);
    return [-z * s, 0, x * s, Math.cos(angle / 2)];
  };
  return [
    {
      name: `${name} thigh`,
      shape: { kind: 'capsule', radius: 0.05, halfHeight: (reach - torsoRadius) / 2 },
      turn: lean(Math.PI / 2),
      position: [x * middle, kneeHeight, z * middle],
      mass: 0.4,
      color: '#e08e45',
    },
    {
      name: `${name} shin`,
      shape: { kind: 'capsule', radius: footRadius, halfHeight: shinLength / 2 },
      turn: lean(Math.PI / 2 - slope),
      position: [x * foot, footRadius + (shinLength / 2) * Math.sin(slope), z * foot],
      mass: 0.4,
      color: '#c8553d',
    },
  ];
}

function legJoints({ name, x, z }: Leg): JointDescription[] {
  const at = (radius: number): Vec3 => [x * radius, kneeHeight, z * radius];
  return [
    {
      name: `${name} hip`,
      kind: 'hinge',
      parent: 'torso',
      child: `${name} thigh`,
      anchor: at(torsoRadius),
      axis: [0, 1, 0],
      limits: [-0.7, 0.7],
      motor: { kind: 'servo', stiffness: 30, damping: 1, maxTorque: 15 },
    },
    {
      name: `${name} knee`,
      kind: 'hinge',
      parent: `${name} thigh`,
      child: `${name} shin`,
      anchor: at(reach),
      axis: [-z, 0, x],
      limits: [-0.8, 0.8],
      motor: { kind: 'servo', stiffness: 40, damping: 1, maxTorque: 20 },
    },
  ];
}
