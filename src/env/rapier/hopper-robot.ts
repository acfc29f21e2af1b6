import type { Vec3 } from '../../core/scene.ts';
import type { JointDescription, RobotDescription } from './robot.ts';
import { alongX, tilted } from './shapes.ts';

/** The bend of the leg at rest: the thigh leans forward by this from upright, the shank back by it. */
const bend = 0.5;
const segment = 0.45;
const footRadius = 0.05;
const ankle: Vec3 = [0, footRadius, 0];
const knee: Vec3 = [segment * Math.sin(bend), ankle[1] + segment * Math.cos(bend), 0];
const hip: Vec3 = [0, knee[1] + segment * Math.cos(bend), 0];

const middle = (a: Vec3, b: Vec3): Vec3 => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, 0];

/**
 * A torso on one leg, ten kilograms, 1.4 m tall on a bent knee. Positive angles turn a body's lower end forward: the
 * hip swings the leg forward, the knee straightens the leg, the ankle lifts the toes.
 */
export const hopperRobot: RobotDescription = {
  name: 'hopper',
  planar: true,
  bodies: [
    {
      name: 'torso',
      shape: { kind: 'capsule', radius: 0.08, halfHeight: 0.2 },
      position: [0, hip[1] + 0.25, 0],
      mass: 7,
      touches: false,
      color: '#3b6ea5',
    },
    {
      name: 'thigh',
      shape: { kind: 'capsule', radius: 0.05, halfHeight: segment / 2 },
      turn: tilted(bend),
      position: middle(hip, knee),
      mass: 1.4,
      touches: false,
      color: '#e08e45',
    },
    {
      name: 'shank',
      shape: { kind: 'capsule', radius: 0.04, halfHeight: segment / 2 },
      turn: tilted(-bend),
      position: middle(knee, ankle),
      mass: 0.9,
      touches: false,
      color: '#c8553d',
    },
    {
      name: 'foot',
      shape: { kind: 'capsule', radius: footRadius, halfHeight: 0.11 },
      turn: alongX,
      position: [0.05, footRadius, 0],
      mass: 0.7,
      color: '#7a3b2e',
    },
  ],
  joints: [
    hinge('hip', 'torso', 'thigh', hip, [-1, 1], {
      kind: 'servo',
      stiffness: 120,
      damping: 5,
      maxTorque: 100,
    }),
    hinge('knee', 'thigh', 'shank', knee, [-1.1, 0.9], {
      kind: 'servo',
      stiffness: 140,
      damping: 5,
      maxTorque: 140,
    }),
    hinge('ankle', 'shank', 'foot', ankle, [-0.9, 0.7], {
      kind: 'servo',
      stiffness: 60,
      damping: 2,
      maxTorque: 60,
    }),
  ],
};

/** The torso's upper end, where a load sits, from its centre, m: it raises the centre of mass. */
const loadHeight = 0.28;

/** The hopper with a load on its torso, kg, and soles of another friction. */
export const hopperRobotOf = ({
  torsoLoad,
  footFriction,
}: {
  readonly torsoLoad: number;
  readonly footFriction: number;
}): RobotDescription => ({
  ...hopperRobot,
  bodies: hopperRobot.bodies.map(body => ({
    ...body,
    ...(body.name === 'torso' &&
      torsoLoad > 0 && { load: { mass: torsoLoad, position: [0, loadHeight, 0] } }),
    ...(body.name === 'foot' && footFriction !== 1 && { friction: footFriction }),
  })),
});

function hinge(
  name: string,
  parent: string,
  child: string,
  anchor: Vec3,
  limits: readonly [number, number],
  motor: JointDescription['motor'] & object,
): JointDescription {
  return { name, kind: 'hinge', parent, child, anchor, axis: [0, 0, 1], limits, motor };
}
