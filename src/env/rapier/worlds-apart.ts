import { usageError } from '../../core/errors.ts';
import type { SceneObject } from '../../core/scene.ts';
import type { WorldOptions } from './build.ts';
import type { Engine } from './engine.ts';
import { bodyStride, type Start } from './kinematics.ts';
import { PackedWorld, type RobotWorld } from './packed-world.ts';
import type { RobotDescription } from './robot.ts';

/**
 * Copies of one robot in a world each, for floors that move with who stands on them. What moves takes turns in the solver in
 * the order in which contacts arose, so every start restores the world as it was made, and episodes do not depend on what
 * came before: half a millisecond with 44 bodies.
 */
export class WorldsApart implements RobotWorld {
  readonly robot: RobotDescription;
  readonly count: number;
  readonly hasGround: boolean;
  readonly states: Float32Array;
  readonly stride: number;
  readonly #worlds: readonly PackedWorld[];
  readonly #fresh: Uint8Array;

  /** @throws RangeError as `PackedWorld` does */
  constructor(engine: Engine, robot: RobotDescription, count: number, options: WorldOptions) {
    this.robot = robot;
    this.count = count;
    this.stride = robot.bodies.length * bodyStride;
    this.states = new Float32Array(count * this.stride);
    this.#worlds = Array.from({ length: count }, (_, copy) => {
      const states = this.states.subarray(copy * this.stride, (copy + 1) * this.stride);
      return new PackedWorld(engine, robot, 1, { ...options, apart: true }, states);
    });
    this.hasGround = options.ground !== undefined;
    this.#fresh = this.#worlds[0].snapshot();
  }

  step(): void {
    for (let copy = 0; copy < this.count; copy++) this.#worlds[copy].step();
  }

  follow(): void {
    for (let copy = 0; copy < this.count; copy++) this.#worlds[copy].follow();
  }

  start(copy: number, start: Start): void {
    this.#worlds[copy].restore(this.#fresh);
    this.#worlds[copy].start(0, start);
  }

  aim(copy: number, joint: number, target: number, friction?: number): void {
    this.#worlds[copy].aim(0, joint, target, friction);
  }

  aimServo(copy: number, joint: number, target: number, strength: number): void {
    this.#worlds[copy].aimServo(0, joint, target, strength);
  }

  weigh(copy: number, b: number, mass: number): void {
    this.#worlds[copy].weigh(0, b, mass);
  }

  grip(copy: number, b: number, friction: number, restitution: number): void {
    this.#worlds[copy].grip(0, b, friction, restitution);
  }

  spring(copy: number, under: number, stiffness: number, damping: number): void {
    this.#worlds[copy].spring(0, under, stiffness, damping);
  }

  sink(copy: number, under: number): number {
    return this.#worlds[copy].sink(0, under);
  }

  gather(copy: number): void {
    this.#worlds[copy].gather(0);
  }

  gatherBody(copy: number, b: number): void {
    this.#worlds[copy].gatherBody(0, b);
  }

  get copySize(): number {
    return this.#worlds[0].copySize;
  }

  read(copy: number, out: Float64Array): void {
    this.#worlds[copy].read(0, out);
  }

  write(copy: number, from: Float64Array): void {
    this.#worlds[copy].write(0, from);
  }

  angle(copy: number, joint: number): number {
    return this.#worlds[copy].angle(0, joint);
  }

  speed(copy: number, joint: number): number {
    return this.#worlds[copy].speed(0, joint);
  }

  clearance(copy: number, b: number): number {
    return this.#worlds[copy].clearance(0, b);
  }

  tipHeight(copy: number, b: number): number {
    return this.#worlds[copy].tipHeight(0, b);
  }

  drawFloor(copy: number): readonly SceneObject[] {
    return this.#worlds[copy].drawFloor(0);
  }

  /** The worlds' snapshots one after the other, each behind its length in bytes (32 bits, little-endian). */
  snapshot(): Uint8Array {
    const parts = this.#worlds.map(world => world.snapshot());
    const out = new Uint8Array(parts.reduce((sum, part) => sum + 4 + part.length, 0));
    const view = new DataView(out.buffer);
    let at = 0;
    for (const part of parts) {
      view.setUint32(at, part.length, true);
      out.set(part, at + 4);
      at += 4 + part.length;
    }
    return out;
  }

  restore(bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const parts: Uint8Array[] = [];
    for (let at = 0; at + 4 <= bytes.length; ) {
      const length = view.getUint32(at, true);
      parts.push(bytes.subarray(at + 4, at + 4 + length));
      at += 4 + length;
    }
    const told = parts.reduce((sum, part) => sum + 4 + part.length, 0);
    if (parts.length !== this.count || told !== bytes.length)
      throw usageError(
        `robot ${this.robot.name}: snapshot of ${bytes.length} bytes, expected ${this.count} Rapier worlds`,
      );
    for (const [copy, part] of parts.entries()) this.#worlds[copy].restore(part);
  }

  free(): void {
    for (const world of this.#worlds) world.free();
  }
}
