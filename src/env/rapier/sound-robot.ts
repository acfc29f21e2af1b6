import type { BodyDescription, BodyShape, JointDescription, RobotDescription } from './robot.ts';

/** Rapier loses the torque of drives with less damping in its float32. */
const leastDamping = 0.01;

/**
 * Holds a description against what the physics can do, before the physics would quietly make something else of it.
 * @throws RangeError with the part, its value and what was expected
 */
export function expectSound(robot: RobotDescription): void {
  const expect = (holds: boolean, what: string, value: unknown, expected: string): void => {
    if (!holds) throw new RangeError(`robot ${robot.name}: ${what} = ${String(value)}, expected ${expected}`);
  };
  expect(robot.bodies.length > 0, 'bodies', '[]', 'at least one');
  for (const [kind, parts] of [
    ['body', robot.bodies],
    ['joint', robot.joints],
  ] as const) {
    const names = parts.map(part => part.name);
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    expect(twice === undefined, `${kind} name`, twice, 'a name of its own');
  }
  for (const body of robot.bodies) soundBody(body, expect);
  for (const joint of robot.joints) soundJoint(joint, robot.planar === true, expect);
}

type Expect = (holds: boolean, what: string, value: unknown, expected: string) => void;

function soundBody(body: BodyDescription, expect: Expect): void {
  const { name, shape, turn, mass, fixed, friction = 1, load } = body;
  expect(fixed === true || (mass > 0 && mass < Infinity), `${name} mass`, mass, 'more than 0 kg');
  expect(friction >= 0, `${name} friction`, friction, 'at least 0');
  if (load) expect(load.mass > 0 && load.mass < Infinity, `${name} load`, load.mass, 'more than 0 kg');
  const size = sizesOf(shape);
  expect(size.every(isPositive), `${name} ${shape.kind}`, size, 'sizes above 0 m');
  if (turn) expect(isUnit(turn), `${name} turn`, turn, 'a unit quaternion (x, y, z, w)');
}

function soundJoint({ name, kind, axis, limits, motor }: JointDescription, planar: boolean, expect: Expect) {
  expect(isUnit(axis), `${name} axis`, axis, 'a unit vector');
  if (planar && kind === 'hinge')
    expect(axis[0] === 0 && axis[1] === 0, `${name} axis`, axis, '0,0,1 or 0,0,-1: the robot is planar');
  if (planar && kind === 'slider')
    expect(axis[2] === 0, `${name} axis`, axis, 'one in the x-y plane: the robot is planar');
  if (limits) expect(limits[0] < limits[1], `${name} limits`, limits, 'the low one below the high one');
  if (!motor) return;
  const least = motor.kind === 'drive' ? leastDamping : 0;
  expect(motor.damping >= least, `${name} damping`, motor.damping, `at least ${least}`);
  expect(isPositive(motor.maxTorque), `${name} maxTorque`, motor.maxTorque, 'more than 0');
  if (motor.kind === 'servo')
    expect(isPositive(motor.stiffness), `${name} stiffness`, motor.stiffness, 'more than 0');
}

const isPositive = (value: number): boolean => value > 0;
const isUnit = (vector: readonly number[]): boolean => Math.abs(Math.hypot(...vector) - 1) < 1e-4;

function sizesOf(shape: BodyShape): readonly number[] {
  switch (shape.kind) {
    case 'box':
      return shape.half;
    case 'sphere':
      return [shape.radius];
    default:
      return [shape.radius, shape.halfHeight];
  }
}
