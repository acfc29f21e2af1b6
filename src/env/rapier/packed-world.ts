import type { Collider, RigidBody, World } from '@dimforge/rapier3d-simd-compat';
import { usageError } from '../../core/errors.ts';
import type { SceneObject } from '../../core/scene.ts';
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
import { bodyIndex, type RobotDescription } from './robot.ts';
import { lowerTip, lowestPoint } from './shapes.ts';
import { expectSound } from './sound-robot.ts';
import { SpringFloor } from './spring-floor.ts';

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
  #colliders: Collider[] = [];
  #joints: Joint[] = [];
  readonly #placeX: Float64Array;
  readonly #placeZ: Float64Array;
  readonly #floor: SpringFloor | undefined;
  /** The bodies on springs. */
  readonly #sprung: readonly number[];

  /**
   * @param states what `states` is to be, where it is part of something larger
   * @throws RangeError, with the part and what was expected of it, for a robot that cannot be built, or springs under several
   *   robots in one world
   */
  constructor(
    engine: Engine,
    robot: RobotDescription,
    count: number,
    options: WorldOptions,
    states?: Float32Array,
  ) {
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
    this.states = states ?? new Float32Array(count * this.stride);
    this.#placed = new Float64Array(this.stride);
    this.#world = createWorld(engine.rapier, options);
    for (let copy = 0; copy < count; copy++) {
      const places = [this.#placeX[copy], this.#placeZ[copy]] as const;
      const made = addRobot(engine.rapier, this.#world, robot, ...places, options.springs);
      this.#bodies.push(...made.bodies);
      this.#joints.push(...made.joints);
    }
    this.#colliders = this.#bodies.map(body => body.collider(0));
    this.#sprung = options.springs?.under.map(name => bodyIndex(robot, name)) ?? [];
    // A plate without end would meet every robot, and tiles would give their contacts turns.
    if (options.springs && count > 1)
      throw new RangeError(`robot ${robot.name}: springs under ${count} robots, expected worlds apart`);
    this.#floor =
      options.springs &&
      new SpringFloor(engine.rapier, this.#world, options.springs, options.ground?.friction ?? 1);
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

  /** Lets springs come along with who stands on them, from `states`; to be called before each control step. */
  follow(): void {
    for (let under = 0; under < this.#sprung.length; under++)
      this.#floor?.follow(under, this.states[this.#sprung[under] * bodyStride]);
  }

  /**
   * Sets what a robot's body stands on, until its next start.
   * @param under which of the bodies on springs @param stiffness N/m @param damping N·s/m
   */
  spring(_copy: number, under: number, stiffness: number, damping: number): void {
    this.#floor?.set(under, stiffness, damping);
  }

  /** How far the springs under a body are pushed down where they are deepest, m. */
  sink(_copy: number, under: number): number {
    return this.#floor?.sink(under) ?? 0;
  }

  /** Sets how a body touches, until the robot's next start. @param restitution 0 to 1: what of the speed it bounces back with */
  grip(copy: number, b: number, friction: number, restitution: number): void {
    const collider = this.#colliders[copy * this.robot.bodies.length + b];
    collider.setFriction(friction);
    collider.setRestitution(restitution);
  }

  /** What a picture shows of the floor beside the ground. */
  drawFloor(_copy: number): readonly SceneObject[] {
    const { states } = this;
    const places = this.#sprung
      .map(b => b * bodyStride)
      .map(at => [states[at], states[at + 1], states[at + 2]] as const);
    return this.#floor?.draw(places) ?? [];
  }

  /**
   * Puts one robot into a pose with every trace of its past gone: velocities, contacts, motor targets.
   * @throws RangeError when a body that touches starts within `startClearance` of the ground
   */
  start(copy: number, start: Start): void {
    const placed = this.#placed;
    this.#kinematics.place(start, placed);
    this.#put(copy, placed);
    const { joints, bodies } = this.robot;
    for (let j = 0; j < joints.length; j++) {
      const { motor } = joints[j];
      if (!motor) continue;
      this.aim(copy, j, 0);
      this.#joints[copy * joints.length + j].setMotorMaxForce(motor.maxTorque);
    }
    for (let b = 0; b < bodies.length; b++) this.grip(copy, b, bodies[b].friction ?? 1, 0);
    this.#floor?.start();
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

  /**
   * Aims a servo that has not all of its strength until the robot's next start, or is aimed so anew.
   * @param strength times stiffness, damping and most torque; what is under 0.001 counts as that
   * @throws RangeError for a joint without a servo
   */
  aimServo(copy: number, joint: number, target: number, strength: number): void {
    const { joints, name } = this.robot;
    const motor = joints[joint]?.motor;
    if (motor?.kind !== 'servo')
      throw new RangeError(`robot ${name}: joint ${joints[joint]?.name ?? joint} has no servo to aim`);
    const share = Math.max(0.001, strength);
    const made = this.#joints[copy * joints.length + joint];
    made.configureMotorPosition(target, share * motor.stiffness, share * motor.damping);
    made.setMotorMaxForce(share * motor.maxTorque);
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

  /** Numbers that `read` gives. */
  get copySize(): number {
    return this.stride + (this.#floor?.size ?? 0);
  }

  /** Copies what `gather` reads of one robot, in doubles, and its springs. @param out takes `copySize` numbers */
  read(copy: number, out: Float64Array): void {
    this.gather(copy);
    const at = copy * this.stride;
    for (let k = 0; k < this.stride; k++) out[k] = this.states[at + k];
    this.#floor?.read(out, this.stride);
  }

  /**
   * Puts one robot's bodies where another's were, mid-motion. Motors are aimed anew by whoever steps; what contacts
   * remember of their last push is not part of it.
   * @param from `copySize` numbers of `read`
   */
  write(copy: number, from: Float64Array): void {
    this.#put(copy, from);
    this.#floor?.write(from, this.stride);
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
    this.#colliders = newBodies.map(body => body.collider(0));
    this.#joints = newJoints;
    this.#floor?.enter(world);
    for (let copy = 0; copy < this.count; copy++) this.gather(copy);
  }

  /** Frees the engine's memory, once; the world must not be used after. */
  free(): void {
    if (this.#bodies.length > 0) this.#world.free();
    this.#bodies = [];
    this.#joints = [];
  }
}

/** What tasks play in: robots packed in one world, or worlds of one robot each. */
export type RobotWorld = Pick<PackedWorld, keyof PackedWorld>;

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
