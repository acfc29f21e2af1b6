import type {
  JointData,
  PrismaticImpulseJoint,
  RevoluteImpulseJoint,
  RigidBody,
  World,
} from '@dimforge/rapier3d-simd-compat';
import type { Engine } from './engine.ts';
import { bodyStride, Kinematics, type Start } from './kinematics.ts';
import type { BodyDescription, JointDescription, MotorDescription, RobotDescription } from './robot.ts';
import { colliderOf, lowerTip, lowestPoint } from './shapes.ts';

export interface WorldOptions {
  /** Seconds of one physics step. */
  readonly dt: number;
  /** Rapier's solver iterations: each one integrates dt / iterations. */
  readonly iterations: number;
  /** Sweeps over all constraints in each iteration. With too few of them the feet of standing robots creep. */
  readonly sweeps: number;
  /** Friction of the floor at y = 0; without it there is no floor. Multiplied with a body's own. */
  readonly ground?: { readonly friction: number };
  /** Metres from one robot's place to the next. */
  readonly spacing: number;
  /** m/s² along y. Default −9.81. */
  readonly gravity?: number;
}

type Joint = RevoluteImpulseJoint | PrismaticImpulseJoint;

// Rapier's groups: what a shape is (high half), what it meets (low half). Robots meet the ground and nothing else.
const groundGroups = 0x0001_0002;
const robotGroups = 0x0002_0001;
const nothing = 0x0004_0000;

/**
 * Many copies of one robot in one Rapier world. They share the step's cost and never meet: groups keep them apart, and
 * their places keep the broad phase from comparing them. The same start gives a copy the same motion bit for bit,
 * whatever it or the others did before (place depends on the index, so rounding differs from one index to another).
 *
 * Three rules make that hold: no body sleeps; a body has one shape, which meets the ground alone, so that no contact's
 * turn in the solver depends on history; and `start` must put a robot clear of the ground by `safeClearance` or more, so
 * that the first step drops what its contacts remember.
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

  constructor(engine: Engine, robot: RobotDescription, count: number, options: WorldOptions) {
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
    this.#world = new engine.rapier.World({ x: 0, y: options.gravity ?? -9.81, z: 0 });
    this.#world.timestep = options.dt;
    this.#world.numSolverIterations = options.iterations;
    this.#world.numInternalPgsIterations = options.sweeps;
    this.#world.maxCcdSubsteps = 0;
    if (options.ground) this.#addGround(options.ground.friction);
    for (let copy = 0; copy < count; copy++) this.#addRobot(copy);
    for (let copy = 0; copy < count; copy++) this.gather(copy);
  }

  /** One physics step of every robot. */
  step(): void {
    this.#world.step();
  }

  /** Puts one robot into a pose with every trace of its past gone: velocities, forces, motor targets. */
  start(copy: number, start: Start): void {
    const placed = this.#placed;
    this.#kinematics.place(start, placed);
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
      body.resetForces(true);
      body.resetTorques(true);
    }
    for (let j = 0; j < this.robot.joints.length; j++) {
      if (this.robot.joints[j].motor) this.aim(copy, j, 0);
    }
    this.gather(copy);
  }

  /** Sets a motor: the angle (displacement) a servo turns to, or the torque (force) a drive gives. */
  aim(copy: number, joint: number, target: number): void {
    this.#aim(this.#joints[copy * this.robot.joints.length + joint], this.robot.joints[joint].motor!, target);
  }

  #aim(joint: Joint, motor: MotorDescription, target: number): void {
    if (motor.kind === 'servo') joint.configureMotorPosition(target, motor.stiffness, motor.damping);
    // torque = damping · (target velocity − velocity)
    else joint.configureMotorVelocity(target / motor.damping, motor.damping);
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
    if (!world) throw new RangeError('expected the bytes of a Rapier world');
    this.#world.free();
    this.#world = world;
    const { joints } = this.robot;
    this.#bodies = this.#bodies.map(body => world.getRigidBody(body.handle));
    this.#joints = this.#joints.map((joint, j) => this.#asMotor(joints[j % joints.length], joint.handle));
    for (let copy = 0; copy < this.count; copy++) this.gather(copy);
  }

  /** Frees the engine's memory; the world must not be used after. */
  free(): void {
    this.#world.free();
    this.#bodies = [];
    this.#joints = [];
  }

  #addGround(friction: number): void {
    const { ColliderDesc, HalfSpace } = this.#engine.rapier;
    const floor = new ColliderDesc(new HalfSpace({ x: 0, y: 1, z: 0 }));
    this.#world.createCollider(floor.setFriction(friction).setCollisionGroups(groundGroups));
  }

  #addRobot(copy: number): void {
    const first = this.#bodies.length;
    for (const body of this.robot.bodies) this.#bodies.push(this.#addBody(copy, body));
    for (const joint of this.robot.joints) {
      const index = (name: string) => this.robot.bodies.findIndex(body => body.name === name);
      const parent = index(joint.parent);
      const child = index(joint.child);
      this.#joints.push(this.#addJoint(joint, parent, child, first));
    }
  }

  #addBody(copy: number, body: BodyDescription): RigidBody {
    const { rapier } = this.#engine;
    const [x, y, z] = body.position;
    const free = !this.robot.planar;
    // A contact solves its two directions of friction as one, and gives none at all where a body cannot move along z.
    // So a body that touches keeps z, and its joint holds it in the plane.
    const slides = free || touches(body);
    const desc = (body.fixed ? rapier.RigidBodyDesc.fixed() : rapier.RigidBodyDesc.dynamic())
      .setTranslation(x + this.#placeX[copy], y, z + this.#placeZ[copy])
      .enabledTranslations(true, true, slides)
      .enabledRotations(free, free, true)
      .setCanSleep(false);
    const made = this.#world.createRigidBody(desc);
    const collider = colliderOf(rapier, body)
      .setMass(body.mass)
      .setFriction(body.friction ?? 1)
      .setFrictionCombineRule(rapier.CoefficientCombineRule.Multiply)
      .setCollisionGroups(touches(body) ? robotGroups : nothing);
    this.#world.createCollider(collider, made);
    return made;
  }

  #addJoint(joint: JointDescription, parent: number, child: number, first: number): Joint {
    const { MotorModel } = this.#engine.rapier;
    const data = this.#jointData(joint, parent, child);
    const [one, other] = [this.#bodies[first + parent], this.#bodies[first + child]];
    const made = this.#asMotor(joint, this.#world.createImpulseJoint(data, one, other, true).handle);
    made.setContactsEnabled(false);
    if (joint.limits) made.setLimits(joint.limits[0], joint.limits[1]);
    if (joint.motor) {
      made.configureMotorModel(MotorModel.ForceBased);
      made.setMotorMaxForce(joint.motor.maxTorque);
      this.#aim(made, joint.motor, 0);
    }
    return made;
  }

  #jointData(joint: JointDescription, parent: number, child: number): JointData {
    const { JointData, JointAxesMask } = this.#engine.rapier;
    const local = (body: number) => {
      const from = this.robot.bodies[body].position;
      return { x: joint.anchor[0] - from[0], y: joint.anchor[1] - from[1], z: joint.anchor[2] - from[2] };
    };
    const [one, other] = [local(parent), local(child)];
    const axis = { x: joint.axis[0], y: joint.axis[1], z: joint.axis[2] };
    if (!this.robot.planar) {
      return joint.kind === 'hinge'
        ? JointData.revolute(one, other, axis)
        : JointData.prismatic(one, other, axis);
    }
    // Only what the plane leaves free: a row that holds what both bodies have locked already divides by zero inertia,
    // and throws the robot across the room. The joint's X is its axis; Y and Z follow by the shortest turn.
    const { bodies } = this.robot;
    const hinge = JointAxesMask.LinY | JointAxesMask.LinZ;
    const locked =
      joint.kind === 'slider'
        ? JointAxesMask.LinY | JointAxesMask.AngZ
        : touches(bodies[parent]) || touches(bodies[child])
          ? hinge | JointAxesMask.LinX
          : hinge;
    return JointData.generic(one, other, axis, locked);
  }

  /** Rapier gives generic joints no motor; the same handle seen as a hinge or a slider has one. */
  #asMotor(joint: JointDescription, handle: number): Joint {
    const { RevoluteImpulseJoint, PrismaticImpulseJoint } = this.#engine.rapier;
    const { bodies, impulseJoints } = this.#world;
    const Kind = joint.kind === 'hinge' ? RevoluteImpulseJoint : PrismaticImpulseJoint;
    return new Kind(impulseJoints.raw, bodies, handle);
  }
}

const touches = (body: BodyDescription): boolean => !body.fixed && body.touches !== false;

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
