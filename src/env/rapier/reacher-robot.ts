import type { RobotDescription } from './robot.ts';
import { alongX } from './shapes.ts';

/** Metres from the shoulder to the elbow, and from there to the fingertip. */
export const armLengths = [0.1, 0.11] as const;
const radius = 0.01;
const [upper, lower] = armLengths;

/**
 * An arm of two steel rods, a quarter of a kilogram each, on a post in the middle. At rest it points along x. The plane is a
 * table seen from above: nothing weighs.
 */
export const reacherRobot: RobotDescription = {
  name: 'reacher',
  planar: true,
  bodies: [
    {
      name: 'post',
      shape: { kind: 'sphere', radius: 0.016 },
      position: [0, 0, 0],
      mass: 1,
      fixed: true,
      color: '#9aa5b1',
    },
    {
      name: 'upper arm',
      shape: { kind: 'capsule', radius, halfHeight: upper / 2 },
      turn: alongX,
      position: [upper / 2, 0, 0],
      mass: 0.25,
      touches: false,
      color: '#3b6ea5',
    },
    {
      name: 'forearm',
      shape: { kind: 'capsule', radius, halfHeight: lower / 2 },
      turn: alongX,
      position: [upper + lower / 2, 0, 0],
      mass: 0.25,
      touches: false,
      color: '#e08e45',
    },
  ],
  joints: [
    {
      name: 'shoulder',
      kind: 'hinge',
      parent: 'post',
      child: 'upper arm',
      anchor: [0, 0, 0],
      axis: [0, 0, 1],
      motor: { kind: 'drive', damping: 0.02, maxTorque: 0.3 },
    },
    {
      name: 'elbow',
      kind: 'hinge',
      parent: 'upper arm',
      child: 'forearm',
      anchor: [upper, 0, 0],
      axis: [0, 0, 1],
      limits: [-2.9, 2.9],
      motor: { kind: 'drive', damping: 0.01, maxTorque: 0.1 },
    },
  ],
};
