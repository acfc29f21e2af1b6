import type { RigidBody, World } from '@dimforge/rapier3d-simd-compat';
import { usageError } from '../../core/errors.ts';
import {
  addRobot,
  aimMotor,
  createWorld,
  holdInPlane,
  type Joint,
  motorOf,
  touches,
  type WorldOptions,
} from './build.ts';
import type { Engine } from './engine.ts';
import { bodyStride, Kinematics, type Start } from './kinematics.ts';
import type { RobotDescription } from './robot.ts';
import { lowerTip, lowestPoint } from './shapes.ts';
import { expectSound } from './sound-robot.ts';

/**
 * Metres that a robot must start clear of the ground. Rapier looks 0.02 m ahead for contacts and remembers what each
 * one pushed; a start within that reach would carry the last episode's contacts into the next.
 */
export const startClearance = 0.03;

/**
 * Many copies of one robot in one Rapier world. They share the step's cost and never meet: groups keep them apart, and
 * their places keep the broad phase from comparing them. The same start gives a copy the same motion bit for bit,
 * whatever it or the others did before (place depends on the index, so rounding differs from one index to another).
 *
 * Three rules make that hold: no body sleeps; a body has one shape, which meets the ground alone, so that no contact's
 * turn in the solver depends on history; and a robot starts clear of the ground, so that the first step drops what its
 * contacts remember.
 */
export class PackedWorld {
  readonly robot: RobotDescription;
  readonly count: number;
  readonly hasGround: boolean;
  /**
   * What `gather` last read, [count × bodies × 13]: position in the robot's coordinates (m), rotation (x y z w),
   * velocity (m/s), angular velocity (rad/s) of each body's centre.
   */
  readonly states: Float32Array;
  /** Numbers a robot takes in `states`. */
  readonly stride: number;
  readonly #engine: Engine;
  readonly #kinematics: Kinematics;
  readonly #placed: Float64Array;
  #world: World;
  #bodies: RigidBody[] = [];
  #joints: Joint[] = [];
  readonly #placeX: Float64Array;
  readonly #placeZ: Float64Array;

  /** @throws RangeError, with the part and what was expected of it, for a robot that cannot be built */
  constructor(engine: Engine, robot: RobotDescription, count: number, options: WorldOptions) {
    expectSound(robot);
    this.robot = robot;
    this.count = count;
    this.hasGround = options.ground !== undefined;
    this.#engine = engine;
    // Planar robots stand side by side, others on a square; a place depends on the index alone.
    const { spacing } = options;
    this.#placeX = Float64Array.from({ length: count }, (_, i) => (robot.planar ? 0 : evenBits(i) * spacing));
    this.#placeZ = Float64Array.from(
      { length: count },
      (_, i) => (robot.planar ? i : evenBits(i >>> 1)) * spacing,
    );
    this.#kinematics = new Kinematics(robot);
    this.stride = robot.bodies.length * bodyStride;
    this.states = new Float32Array(count * this.stride);
    this.#placed = new Float64Array(this.stride);
    this.#world = createWorld(engine.rapier, options);
    for (let copy = 0; copy < count; copy++) {
      const made = addRobot(engine.rapier, this.#world, robot, this.#placeX[copy], this.#placeZ[copy]);
      this.#bodies.push(...made.bodies);
      this.#joints.push(...made.joints);
    }
    if (robot.planar && touches(robot.bodies[0])) {
      const { length } = robot.bodies;
      const firsts = this.#bodies.filter((_, b) => b % length === 0);
      holdInPlane(engine.rapier, this.#world, firsts);
    }
    for (let copy = 0; copy < count; copy++) this.gather(copy);
  }

  /** One physics step of every robot. */
  step(): void {
    this.#world.step();
  }

  /**
   * Puts one robot into a pose with every trace of its past gone: velocities, contacts, motor targets.
   * @throws RangeError when a body that touches starts within `startClearance` of the ground
   */
  start(copy: number, start: Start): void {
    const placed = this.#placed;
    this.#kinematics.place(start, placed);
    this.#put(copy, placed);
    for (let j = 0; j < this.robot.joints.length; j++) {
      if (this.robot.joints[j].motor) this.aim(copy, j, 0);
    }
    this.gather(copy);
    if (this.hasGround) this.#expectClear(copy);
  }

  #put(copy: number, placed: Float64Array): void {
    const { bodies } = this.robot;
    for (let b = 0; b < bodies.length; b++) {
      if (bodies[b].fixed) continue;
      const body = this.#bodies[copy * bodies.length + b];
      const at = b * bodyStride;
      point.x = placed[at] + this.#placeX[copy];
      point.y = placed[at + 1];
      point.z = placed[at + 2] + this.#placeZ[copy];
      body.setTranslation(point, true);
      turn.x = placed[at + 3];
      turn.y = placed[at + 4];
      turn.z = placed[at + 5];
      turn.w = placed[at + 6];
      body.setRotation(turn, true);
      body.setLinvel(vector(placed, at + 7), true);
      body.setAngvel(vector(placed, at + 10), true);
    }
  }

  #expectClear(copy: number): void {
    const { bodies, name } = this.robot;
    for (let b = 0; b < bodies.length; b++) {
      if (!touches(bodies[b]) || this.clearance(copy, b) >= startClearance) continue;
      throw new RangeError(
        `robot ${name}: ${bodies[b].name} starts ${this.clearance(copy, b).toFixed(3)} m over the ground, ` +
          `expected at least ${startClearance}`,
      );
    }
  }

  /**
   * Sets a motor: the angle (displacement) a servo turns to, or the torque (force) a drive gives.
   * @param friction a drive's bearing from now on, in place of its described `damping`, N·m·s/rad (N·s/m), at least 0.01
   * @throws RangeError for a joint without a motor, or with friction that is not a drive's
   */
  aim(copy: number, joint: number, target: number, friction?: number): void {
    const { joints, name } = this.robot;
    const motor = joints[joint]?.motor;
    if (!motor)
      throw new RangeError(`robot ${name}: joint ${joints[joint]?.name ?? joint} has no motor to aim`);
    const made = this.#joints[copy * joints.length + joint];
    if (friction === undefined) {
      aimMotor(made, motor, target);
      return;
    }
    if (motor.kind !== 'drive')
      throw new RangeError(
        `robot ${name}: joint ${joints[joint].name} has a servo, expected a drive for friction`,
      );
    made.configureMotorVelocity(target / friction, friction);
  }

  /** Gives a body of one robot another mass, kg, spread in its shape as before. */
  weigh(copy: number, b: number, mass: number): void {
    this.#bodies[copy * this.robot.bodies.length + b].collider(0).setMass(mass);
  }

  /** Reads a robot's bodies into `states`. */
  gather(copy: number): void {
    for (let b = 0; b < this.robot.bodies.length; b++) this.gatherBody(copy, b);
  }

  /** Reads one body into `states`. */
  gatherBody(copy: number, b: number): void {
    const { states } = this;
    const body = this.#bodies[copy * this.robot.bodies.length + b];
    const at = copy * this.stride + b * bodyStride;
    body.translation(point);
    states[at] = point.x - this.#placeX[copy];
    states[at + 1] = point.y;
    states[at + 2] = point.z - this.#placeZ[copy];
    body.rotation(turn);
    states[at + 3] = turn.x;
    states[at + 4] = turn.y;
    states[at + 5] = turn.z;
    states[at + 6] = turn.w;
    body.linvel(point);
    states[at + 7] = point.x;
    states[at + 8] = point.y;
    states[at + 9] = point.z;
    body.angvel(point);
    states[at + 10] = point.x;
    states[at + 11] = point.y;
    states[at + 12] = point.z;
  }

  /** Copies what `gather` reads of one robot, in doubles. @param out takes `stride` numbers */
  read(copy: number, out: Float64Array): void {
    this.gather(copy);
    const at = copy * this.stride;
    for (let k = 0; k < this.stride; k++) out[k] = this.states[at + k];
  }

  /**
   * Puts one robot's bodies where another's were, mid-motion. Motors are aimed anew by whoever steps; what contacts
   * remember of their last push is not part of it.
   * @param from `stride` numbers of `read`
   */
  write(copy: number, from: Float64Array): void {
    this.#put(copy, from);
    this.gather(copy);
  }

  /** A joint's angle in (−π, π], or a slider's displacement, from `states`. */
  angle(copy: number, joint: number): number {
    return this.#kinematics.angle(joint, this.states, copy * this.stride);
  }

  /** A joint's speed from `states`, rad/s (m/s). */
  speed(copy: number, joint: number): number {
    return this.#kinematics.speed(joint, this.states, copy * this.stride);
  }

  /** Height of a body's lowest point over the ground from `states`, m; a little below zero where it presses. */
  clearance(copy: number, b: number): number {
    const at = copy * this.stride + b * bodyStride;
    return this.states[at + 1] + lowestPoint(this.robot.bodies[b], this.states, at + 3);
  }

  /** Height of the underside of a capsule's lower end (the one at −y of its shape) over the ground, m. */
  tipHeight(copy: number, b: number): number {
    const at = copy * this.stride + b * bodyStride;
    return this.states[at + 1] + lowerTip(this.robot.bodies[b], this.states, at + 3);
  }

  /** Everything that decides what follows. */
  snapshot(): Uint8Array {
    return this.#world.takeSnapshot();
  }

  /** @param bytes from `snapshot` of a world of the same engine, robot and count */
  restore(bytes: Uint8Array): void {
    const pipeline = new this.#engine.rapier.SerializationPipeline();
    const world = pipeline.deserializeAll(bytes) as World | null;
    pipeline.free();
    if (!world)
      throw usageError(
        `robot ${this.robot.name}: snapshot of ${bytes.length} bytes, expected a Rapier world`,
      );
    const { joints } = this.robot;
    const newBodies = this.#bodies.map(body => world.getRigidBody(body.handle));
    const newJoints = this.#joints.map((joint, j) =>
      motorOf(this.#engine.rapier, world, joints[j % joints.length], joint.handle),
    );
    this.#world.free();
    this.#world = world;
    this.#bodies = newBodies;
    this.#joints = newJoints;
    for (let copy = 0; copy < this.count; copy++) this.gather(copy);
  }

  /** Frees the engine's memory, once; the world must not be used after. */
  free(): void {
    if (this.#bodies.length > 0) this.#world.free();
    this.#bodies = [];
    this.#joints = [];
  }
}

/** The number that every second bit of `value` spells, from the lowest on: half of a Z-order curve. */
function evenBits(value: number): number {
  let result = 0;
  for (let bit = 0; bit < 16; bit++) result |= ((value >>> (2 * bit)) & 1) << bit;
  return result;
}

const point = { x: 0, y: 0, z: 0 };
const turn = { x: 0, y: 0, z: 0, w: 1 };
function vector(from: Float64Array, at: number): typeof point {
  point.x = from[at];
  point.y = from[at + 1];
  point.z = from[at + 2];
  return point;
}
