import type { PrismaticImpulseJoint, RigidBody, World } from '@dimforge/rapier3d-simd-compat';
import type { SceneObject, Vec3 } from '../../core/scene.ts';
import type { Rapier } from './engine.ts';
import { upright } from './shapes.ts';

/**
 * A floor that gives way: each of some bodies stands on a plate of its own without end, or on a row of tiles, which slide
 * up and down on springs. `k · sink + d · ṡink` pushes a body up that lies on one. A robot on springs has a world of its own.
 */
export interface SpringFloorOptions {
  /** The bodies that stand on springs, by name, at most 5. They do not meet the rigid ground, nor others their springs. */
  readonly under: readonly string[];
  /** kg of a plate or tile. Its own weight does not push it down. */
  readonly mass: number;
  /** N/m of each spring */
  readonly stiffness: number;
  /** N·s/m of the damper beside it */
  readonly damping: number;
  /** Tiles along x, of a width in metres, in place of a plate. Those that fall behind are laid down again ahead. */
  readonly row?: { readonly tiles: number; readonly width: number };
}

/** Numbers of a tile in `read`: x and y of its middle (m) and its speed upward (m/s). */
const tileNumbers = 3;
/** Metres from a tile's top to its middle: no foot passes through. */
const halfHeight = 0.15;
/** Metres along z from a tile's middle to its edge. */
const halfDepth = 0.5;

// Rapier's groups of bodies on springs and of their springs. The ground and other bodies have the first three bits.
export const springGroups = (under: number): number => ((0x0100 << under) << 16) | (0x0008 << under);
const tileGroups = (under: number): number => ((0x0008 << under) << 16) | (0x0100 << under);

/** The springs under one robot. They are solved with the contacts, so that stiff ones stay stable. */
export class SpringFloor {
  readonly #rapier: Rapier;
  readonly #options: SpringFloorOptions;
  /** Under a body. */
  readonly #tiles: number;
  /** Metres from one end of a row to the other. */
  readonly #span: number;
  /** Height of a tile's middle when it is level; a plate's is its top. */
  readonly #level: number;
  /** Where tiles are now along x, [under × tiles]. */
  readonly #x: Float64Array;
  #bodies: RigidBody[] = [];
  #springs: PrismaticImpulseJoint[] = [];

  /** @throws RangeError for options out of their ranges */
  constructor(rapier: Rapier, world: World, options: SpringFloorOptions, friction: number) {
    expectSound(options);
    this.#rapier = rapier;
    this.#options = options;
    this.#tiles = options.row?.tiles ?? 1;
    this.#span = this.#tiles * (options.row?.width ?? 0);
    this.#level = options.row ? -halfHeight : 0;
    this.#x = new Float64Array(options.under.length * this.#tiles);
    const post = world.createRigidBody(rapier.RigidBodyDesc.fixed());
    for (let k = 0; k < this.#x.length; k++) this.#lay(world, post, Math.floor(k / this.#tiles), friction);
    this.start();
  }

  #lay(world: World, post: RigidBody, under: number, friction: number): void {
    const rapier = this.#rapier;
    const { mass, row } = this.#options;
    const tile = world.createRigidBody(
      rapier.RigidBodyDesc.dynamic()
        .enabledTranslations(false, true, false)
        .enabledRotations(false, false, false)
        .setGravityScale(0)
        .setCanSleep(false),
    );
    const shape = row
      ? rapier.ColliderDesc.cuboid(row.width / 2, halfHeight, halfDepth)
      : new rapier.ColliderDesc(new rapier.HalfSpace({ x: 0, y: 1, z: 0 }));
    world.createCollider(
      shape
        .setMass(mass)
        .setFriction(friction)
        .setFrictionCombineRule(rapier.CoefficientCombineRule.Multiply)
        .setCollisionGroups(tileGroups(under)),
      tile,
    );
    // The body itself keeps to its line; the joint holds nothing, and lends its motor as the spring.
    const anchor = { x: 0, y: this.#level, z: 0 };
    const held = rapier.JointData.generic(anchor, { x: 0, y: 0, z: 0 }, { x: 0, y: 1, z: 0 }, nothingHeld);
    const { handle } = world.createImpulseJoint(held, post, tile, true);
    const spring = new rapier.PrismaticImpulseJoint(world.impulseJoints.raw, world.bodies, handle);
    spring.configureMotorModel(rapier.MotorModel.ForceBased);
    this.#bodies.push(tile);
    this.#springs.push(spring);
  }

  /** Numbers that `read` gives. */
  get size(): number {
    return tileNumbers * this.#bodies.length;
  }

  /** Level and at rest around the robot's start, springs as described. */
  start(): void {
    const { stiffness, damping, under, row } = this.#options;
    for (let k = 0; k < this.#bodies.length; k++) {
      this.#x[k] = ((k % this.#tiles) - (this.#tiles - 1) / 2) * (row?.width ?? 0);
      this.#put(k, this.#level, 0);
    }
    for (let u = 0; u < under.length; u++) this.set(u, stiffness, damping);
  }

  /** Sets the springs under a body. @param stiffness N/m @param damping N·s/m */
  set(under: number, stiffness: number, damping: number): void {
    for (let k = under * this.#tiles; k < (under + 1) * this.#tiles; k++)
      this.#springs[k].configureMotorPosition(0, stiffness, damping);
  }

  /** Lays tiles that are more than half a row away from their body down at the row's other end. @param x the body's */
  follow(under: number, x: number): void {
    if (this.#span === 0) return;
    for (let k = under * this.#tiles; k < (under + 1) * this.#tiles; k++) {
      const ahead = x - this.#x[k];
      if (Math.abs(ahead) <= this.#span / 2) continue;
      this.#x[k] += Math.sign(ahead) * this.#span;
      this.#put(k, this.#level, 0);
    }
  }

  #put(k: number, y: number, speed: number): void {
    // As Rapier keeps it, so that a restored floor goes on from the same numbers.
    this.#x[k] = Math.fround(this.#x[k]);
    point.x = this.#x[k];
    point.y = y;
    point.z = 0;
    this.#bodies[k].setTranslation(point, true);
    point.x = 0;
    point.y = speed;
    this.#bodies[k].setLinvel(point, true);
  }

  /** How far the deepest tile under a body is pushed down, m. */
  sink(under: number): number {
    let deepest = 0;
    for (let k = under * this.#tiles; k < (under + 1) * this.#tiles; k++) {
      this.#bodies[k].translation(point);
      deepest = Math.max(deepest, this.#level - point.y);
    }
    return deepest;
  }

  /** Writes where all are and how fast, `size` numbers from `at` on. */
  read(out: Float64Array, at: number): void {
    for (let k = 0; k < this.#bodies.length; k++) {
      const tile = this.#bodies[k];
      out[at++] = this.#x[k];
      tile.translation(point);
      out[at++] = point.y;
      tile.linvel(point);
      out[at++] = point.y;
    }
  }

  /** Puts all as `read` gave them. */
  write(from: Float64Array, at: number): void {
    for (let k = 0; k < this.#bodies.length; k++, at += tileNumbers) {
      this.#x[k] = from[at];
      this.#put(k, from[at + 1], from[at + 2]);
    }
  }

  /** Goes on in another world that holds the same bodies. */
  enter(world: World): void {
    this.#bodies = this.#bodies.map(tile => world.getRigidBody(tile.handle));
    this.#springs = this.#springs.map(
      spring => new this.#rapier.PrismaticImpulseJoint(world.impulseJoints.raw, world.bodies, spring.handle),
    );
    for (let k = 0; k < this.#bodies.length; k++) this.#x[k] = this.#bodies[k].translation().x;
  }

  /** What a picture shows: tiles, or of a plate the piece under its body. @param places of the bodies */
  draw(places: readonly Vec3[]): SceneObject[] {
    const { row } = this.#options;
    const half: Vec3 = row ? [row.width / 2 - 0.003, halfHeight, 0.2] : [0.25, plateHeight / 2, 0.25];
    return this.#bodies.map((tile, k) => {
      const { y } = tile.translation();
      const [x, , z] = places[Math.floor(k / this.#tiles)];
      return {
        id: `tile ${k}`,
        shape: { kind: 'box', half },
        position: row ? [this.#x[k], y, 0] : [x, y - plateHeight / 2, z],
        rotation: upright,
        color: '#8fb39a',
      };
    });
  }
}

/** Metres that pictures give a plate. */
const plateHeight = 0.04;
/** Metres under the level at which pictures draw the ground below springs. */
export const underSprings = 2 * halfHeight;

function expectSound({ under, row, ...amounts }: SpringFloorOptions): void {
  if (under.length < 1 || under.length > 5)
    throw new RangeError(`springs: under = ${under.length} bodies, expected 1 to 5`);
  if (row && !(Number.isInteger(row.tiles) && row.tiles > 0))
    throw new RangeError(`springs: tiles = ${row.tiles}, expected a whole number of at least 1`);
  for (const [name, value] of Object.entries({ ...amounts, ...(row && { width: row.width }) })) {
    if (!(value > 0 && value < Infinity))
      throw new RangeError(`springs: ${name} = ${value}, expected a number above 0`);
  }
}

const nothingHeld: number = 0;
const point = { x: 0, y: 0, z: 0 };
