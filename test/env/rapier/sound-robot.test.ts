import { expect, test } from 'vitest';
import { cartPoleTask } from '../../../src/env/rapier/cart-pole-swing-up.ts';
import { loadEngine } from '../../../src/env/rapier/engine.ts';
import { hopperRobot } from '../../../src/env/rapier/hopper-robot.ts';
import { PackedWorld } from '../../../src/env/rapier/packed-world.ts';
import type { BodyDescription, JointDescription, RobotDescription } from '../../../src/env/rapier/robot.ts';
import type { Play, RapierTask, Stage } from '../../../src/env/rapier/task.ts';
import { RapierVector } from '../../../src/env/rapier/vector.ts';

const engine = await loadEngine('simd');
const world = { dt: 0.01, iterations: 2, sweeps: 2, spacing: 1 };
const build = (robot: RobotDescription) => new PackedWorld(engine, robot, 1, world);

const torso = (part: Partial<BodyDescription>): RobotDescription => ({
  ...hopperRobot,
  bodies: hopperRobot.bodies.map((body, i) => (i === 0 ? { ...body, ...part } : body)),
});
const hip = (part: Partial<JointDescription>): RobotDescription => ({
  ...hopperRobot,
  joints: hopperRobot.joints.map((joint, i) => (i === 0 ? { ...joint, ...part } : joint)),
});
const servo = { kind: 'servo', stiffness: 100, damping: 5, maxTorque: 100 } as const;
const drive = { kind: 'drive', damping: 1, maxTorque: 100 } as const;

test.each<[what: string, robot: RobotDescription]>([
  ['bodies = [], expected at least one', { ...hopperRobot, bodies: [], joints: [] }],
  ['body name = thigh, expected a name of its own', torso({ name: 'thigh' })],
  ['joint name = knee, expected a name of its own', hip({ name: 'knee' })],
  ['torso mass = 0, expected more than 0 kg', torso({ mass: 0 })],
  ['torso mass = NaN, expected more than 0 kg', torso({ mass: Number.NaN })],
  ['torso friction = -1, expected at least 0', torso({ friction: -1 })],
  ['torso sphere = 0, expected sizes above 0 m', torso({ shape: { kind: 'sphere', radius: 0 } })],
  ['torso box = 1,-1,1, expected sizes above 0 m', torso({ shape: { kind: 'box', half: [1, -1, 1] } })],
  ['torso turn = 0,0,1,1, expected a unit quaternion (x, y, z, w)', torso({ turn: [0, 0, 1, 1] })],
  ['hip axis = 0,0,2, expected a unit vector', hip({ axis: [0, 0, 2] })],
  ['hip axis = 0,1,0, expected 0,0,1 or 0,0,-1: the robot is planar', hip({ axis: [0, 1, 0] })],
  [
    'hip axis = 0,0,1, expected one in the x-y plane: the robot is planar',
    hip({ kind: 'slider', axis: [0, 0, 1] }),
  ],
  ['hip limits = 1,-1, expected the low one below the high one', hip({ limits: [1, -1] })],
  ['hip damping = 0, expected at least 0.01', hip({ motor: { ...drive, damping: 0 } })],
  ['hip damping = -1, expected at least 0', hip({ motor: { ...servo, damping: -1 } })],
  ['hip maxTorque = 0, expected more than 0', hip({ motor: { ...drive, maxTorque: 0 } })],
  ['hip stiffness = 0, expected more than 0', hip({ motor: { ...servo, stiffness: 0 } })],
])('a robot that cannot be built is refused: %s', (what, robot) => {
  expect(() => build(robot)).toThrow(new RangeError(`robot hopper: ${what}`));
});

test('a joint without a motor cannot be aimed, nor one that is not there', () => {
  const { motor, ...bare } = hopperRobot.joints[0];
  const packed = build({ ...hopperRobot, joints: [bare, ...hopperRobot.joints.slice(1)] });
  expect(() => packed.aim(0, 0, 1)).toThrow(new RangeError('robot hopper: joint hip has no motor to aim'));
  expect(() => packed.aim(0, 7, 1)).toThrow(new RangeError('robot hopper: joint 7 has no motor to aim'));
  packed.free();
});

const vector = (part: Partial<RapierTask>) => () =>
  new RapierVector(engine, { ...(cartPoleTask as RapierTask), ...part }, 2);

test.each(['physicsSteps', 'episodeSteps'] as const)('a task is refused without %s', name => {
  const message = `task cart-pole-swing-up: ${name} = 0, expected a whole number of at least 1`;
  expect(vector({ [name]: 0 })).toThrow(new RangeError(message));
});

test.each([4, 6])('a task is refused that writes 5 observations and says %i', size => {
  const observationSpace = { ...cartPoleTask.observationSpace, shape: [size] };
  expect(vector({ observationSpace })).toThrow(
    `task cart-pole-swing-up: observe writes 5 numbers, expected the ${size} of its observationSpace`,
  );
});

test('observing is tried out where nothing is lost by it', () => {
  let asked = 0;
  const play = (stage: Stage): Play => {
    const original = cartPoleTask.play(stage as never);
    const observe: Play['observe'] = (copy, out, at) => {
      asked++;
      original.observe(copy, out, at);
    };
    return { ...original, observe };
  };
  const tried = vector({ play })();
  const plain = vector({})();
  expect(asked).toBe(3); // one a copy, and the trial
  expect(tried.observations).toEqual(plain.observations);
  tried.close();
  plain.close();
});
