import { cross, rotate, turnAbout, unit, wrapped } from './quaternions.ts';
import type { RobotDescription } from './robot.ts';

/** Numbers that describe one body: position 0-2, rotation 3-6 (x y z w), velocity 7-9, angular velocity 10-12. */
export const bodyStride = 13;

/** Where a robot starts: its first body, and its joints. Plain numbers to overwrite, in the robot's coordinates. */
export interface Start {
  /** Shift of the first body from rest, m. */
  readonly position: Float64Array;
  /** Turn of the first body from rest about x, then y, then z, rad (small for all but planar robots). */
  readonly turn: Float64Array;
  /** m/s */
  readonly velocity: Float64Array;
  /** rad/s */
  readonly spin: Float64Array;
  /** Joint angles (displacements), rad (m). */
  readonly angles: Float64Array;
  /** rad/s (m/s) */
  readonly speeds: Float64Array;
}

/** A start at rest in the pose in which the robot is described: every number zero. */
export const restStart = (robot: RobotDescription): Start => ({
  position: new Float64Array(3),
  turn: new Float64Array(3),
  velocity: new Float64Array(3),
  spin: new Float64Array(3),
  angles: new Float64Array(robot.joints.length),
  speeds: new Float64Array(robot.joints.length),
});

interface Link {
  readonly parent: number;
  readonly child: number;
  readonly slides: boolean;
  readonly axis: readonly number[];
  /** From each body's centre to the joint, at rest. */
  readonly fromParent: readonly number[];
  readonly fromChild: readonly number[];
}

/**
 * Forward kinematics: the state of every body from that of the first one and of the joints, so that a robot can be put
 * into any pose without a joint being torn. Also reads joints back from body states.
 */
export class Kinematics {
  readonly #robot: RobotDescription;
  readonly #links: readonly Link[];
  readonly #arm = new Float64Array(3);
  readonly #axis = new Float64Array(3);

  /** @throws RangeError when a joint names an unknown body, or a child comes before its parent */
  constructor(robot: RobotDescription) {
    this.#robot = robot;
    const placed = new Set(robot.bodies.slice(0, 1).map(body => body.name));
    this.#links = robot.joints.map(joint => {
      const parent = robot.bodies.findIndex(body => body.name === joint.parent);
      const child = robot.bodies.findIndex(body => body.name === joint.child);
      if (parent < 0 || child < 0 || !placed.has(joint.parent) || placed.has(joint.child)) {
        throw new RangeError(
          `robot ${robot.name}: joint ${joint.name}: expected ${joint.parent} to be placed before ${joint.child}`,
        );
      }
      placed.add(joint.child);
      const from = (index: number) => joint.anchor.map((a, k) => a - robot.bodies[index].position[k]);
      return {
        parent,
        child,
        slides: joint.kind === 'slider',
        axis: joint.axis,
        fromParent: from(parent),
        fromChild: from(child),
      };
    });
    if (placed.size !== robot.bodies.length) {
      throw new RangeError(`robot ${robot.name}: expected every body after the first to hang on a joint`);
    }
  }

  /** Writes the states of all bodies, [bodies × 13]. */
  place(start: Start, out: Float64Array): void {
    const rest = this.#robot.bodies[0].position;
    for (let k = 0; k < 3; k++) {
      out[k] = rest[k] + start.position[k];
      out[7 + k] = start.velocity[k];
      out[10 + k] = start.spin[k];
    }
    out.set([0, 0, 0, 1], 3);
    for (let k = 0; k < 3; k++) turnAbout(out, 3, unit[k], start.turn[k]);
    for (let j = 0; j < this.#links.length; j++) this.#hang(j, start.angles[j], start.speeds[j], out);
  }

  #hang(joint: number, angle: number, speed: number, out: Float64Array): void {
    const { parent, child, slides, axis, fromParent, fromChild } = this.#links[joint];
    const p = parent * bodyStride;
    const c = child * bodyStride;
    const arm = this.#arm;
    const along = rotate(out, p + 3, axis, this.#axis);
    for (let k = 0; k < 4; k++) out[c + 3 + k] = out[p + 3 + k];
    if (!slides) turnAbout(out, c + 3, axis, angle);
    for (let k = 0; k < 3; k++) out[c + 10 + k] = out[p + 10 + k] + (slides ? 0 : along[k] * speed);
    // Parent's centre → joint.
    rotate(out, p + 3, fromParent, arm);
    if (slides) for (let k = 0; k < 3; k++) arm[k] += along[k] * angle;
    for (let k = 0; k < 3; k++) {
      out[c + k] = out[p + k] + arm[k];
      out[c + 7 + k] = out[p + 7 + k] + cross(out, p + 10, arm, k) + (slides ? along[k] * speed : 0);
    }
    // Joint → child's centre.
    rotate(out, c + 3, fromChild, arm);
    for (let k = 0; k < 3; k++) {
      arm[k] = -arm[k];
      out[c + k] += arm[k];
    }
    for (let k = 0; k < 3; k++) out[c + 7 + k] += cross(out, c + 10, arm, k);
  }

  /**
   * A joint's angle in (−π, π], or a slider's displacement in metres, read from body states.
   * @param at where the robot's first body begins in `states`
   */
  angle(joint: number, states: Float32Array, at: number): number {
    const { parent, child, slides, axis } = this.#links[joint];
    const p = at + parent * bodyStride + 3;
    const c = at + child * bodyStride + 3;
    if (slides) return this.#slide(joint, states, p - 3, c - 3);
    const px = states[p];
    const py = states[p + 1];
    const pz = states[p + 2];
    const pw = states[p + 3];
    const cx = states[c];
    const cy = states[c + 1];
    const cz = states[c + 2];
    const cw = states[c + 3];
    // conjugate(parent) · child: its real part, and its imaginary part along the axis.
    const real = pw * cw + px * cx + py * cy + pz * cz;
    const imaginary =
      axis[0] * (pw * cx - cw * px - py * cz + pz * cy) +
      axis[1] * (pw * cy - cw * py - pz * cx + px * cz) +
      axis[2] * (pw * cz - cw * pz - px * cy + py * cx);
    return wrapped(2 * Math.atan2(imaginary, real));
  }

  /** How far the joint's point on the child stands from the one on the parent, along the axis. */
  #slide(joint: number, states: Float32Array, p: number, c: number): number {
    const { axis, fromParent, fromChild } = this.#links[joint];
    const along = rotate(states, p + 3, axis, this.#axis);
    const arm = this.#arm;
    let sum = 0;
    rotate(states, c + 3, fromChild, arm);
    for (let k = 0; k < 3; k++) sum += (states[c + k] + arm[k]) * along[k];
    rotate(states, p + 3, fromParent, arm);
    for (let k = 0; k < 3; k++) sum -= (states[p + k] + arm[k]) * along[k];
    return sum;
  }

  /** A joint's speed, rad/s, or a slider's on a parent that does not turn, m/s. */
  speed(joint: number, states: Float32Array, at: number): number {
    const { parent, child, slides, axis } = this.#links[joint];
    const p = at + parent * bodyStride;
    const c = at + child * bodyStride;
    const along = rotate(states, p + 3, axis, this.#axis);
    const from = slides ? 7 : 10;
    let sum = 0;
    for (let k = 0; k < 3; k++) sum += (states[c + from + k] - states[p + from + k]) * along[k];
    return sum;
  }
}
