import type { Quat, Scene, Vec3 } from '../../core/scene.ts';
import { spanOfDistance, type View } from './views.ts';

type Side = Scene['camera']['side'];

const unit = (x: number, y: number, z: number): Vec3 => {
  const length = Math.sqrt(x * x + y * y + z * z);
  return [x / length, y / length, z / length];
};
const cross = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** From the target to the viewer, and the directions of the picture: those of the report's films. */
const sides: Readonly<Record<Side, readonly [towards: Vec3, right: Vec3, up: Vec3]>> = {
  side: frame([0, 0, 1]),
  front: frame([1, 0, 0]),
  above: [
    [0, 1, 0],
    [1, 0, 0],
    [0, 0, -1],
  ],
  corner: frame(unit(-0.45, 0.5, 1)),
};

function frame(towards: Vec3): readonly [Vec3, Vec3, Vec3] {
  const right = unit(...cross([0, 1, 0], towards));
  return [towards, right, cross(towards, right)];
}

/** A parallel projection onto a square picture: pixels from its left upper corner, x to the right, y down. */
export class Projection {
  readonly #size: number;
  readonly #view: View | undefined;
  #target: Vec3 = [0, 0, 0];
  #towards: Vec3 = sides.side[0];
  #right: Vec3 = sides.side[1];
  #up: Vec3 = sides.side[2];
  /** The columns of a rotation, in the picture's directions: right, up and towards of each local axis. */
  readonly #axes = new Float64Array(9);
  /** Where on the ground a pixel lies: at 0, 0; a pixel to the right; a pixel down; x and z of each. */
  readonly #ground = new Float64Array(6);
  /** Pixels a metre. */
  scale = 1;
  /** Whether the viewer looks along the ground. */
  isLevel = true;
  /** The row at which the ground begins, where the viewer looks along it. */
  horizon = 0;
  #tileX = 0;
  #tileZ = 0;

  constructor(size: number, view?: View) {
    this.#size = size;
    this.#view = view;
  }

  /** Looks where a scene's camera does, or the view says. */
  aim({ target, distance, side }: Scene['camera']): void {
    const view = this.#view;
    this.#target = view?.center ?? target;
    this.scale = this.#size / (view?.span ?? spanOfDistance * distance);
    const of = sides[side];
    this.#towards = of[0];
    this.#right = of[1];
    this.#up = of[2];
    this.isLevel = side === 'side' || side === 'front';
  }

  x(p: Vec3): number {
    return this.#size / 2 + this.scale * this.#along(this.#right, p);
  }

  y(p: Vec3): number {
    return this.#size / 2 - this.scale * this.#along(this.#up, p);
  }

  /** How near a point is to the viewer, m. */
  depth(p: Vec3): number {
    return this.#along(this.#towards, p);
  }

  #along(direction: Vec3, p: Vec3): number {
    const t = this.#target;
    return direction[0] * (p[0] - t[0]) + direction[1] * (p[1] - t[1]) + direction[2] * (p[2] - t[2]);
  }

  /** What `axisX`, `axisY` and `facing` speak of. */
  turn(q: Quat): void {
    const [x, y, z, w] = [q[0], q[1], q[2], q[3]];
    this.#see(0, 1 - 2 * (y * y + z * z), 2 * (x * y + z * w), 2 * (x * z - y * w));
    this.#see(1, 2 * (x * y - z * w), 1 - 2 * (x * x + z * z), 2 * (y * z + x * w));
    this.#see(2, 2 * (x * z + y * w), 2 * (y * z - x * w), 1 - 2 * (x * x + y * y));
  }

  #see(axis: number, x: number, y: number, z: number): void {
    const [r, u, t] = [this.#right, this.#up, this.#towards];
    this.#axes[3 * axis] = r[0] * x + r[1] * y + r[2] * z;
    this.#axes[3 * axis + 1] = u[0] * x + u[1] * y + u[2] * z;
    this.#axes[3 * axis + 2] = t[0] * x + t[1] * y + t[2] * z;
  }

  /** Pixels to the right that a metre along a local axis takes. */
  axisX(axis: number): number {
    return this.scale * this.#axes[3 * axis];
  }

  /** Pixels down that a metre along a local axis takes. */
  axisY(axis: number): number {
    return -this.scale * this.#axes[3 * axis + 1];
  }

  /** The cosine of the angle between a local axis and the viewer. */
  facing(axis: number): number {
    return this.#axes[3 * axis + 2];
  }

  /** What `horizon` and `tile` speak of. */
  groundAt(height: number): void {
    const [t, r, u, n] = [this.#target, this.#right, this.#up, this.#towards];
    const half = this.#size / 2;
    const ground = this.#ground;
    if (this.isLevel) {
      this.horizon = half + this.scale * (t[1] - height);
      // Tiles lie side by side as the viewer sees them, and are as deep as the picture.
      ground[2] = 1 / this.scale;
      ground[0] = dot(t, r) - half * ground[2];
      this.#tileX = 1 / this.scale;
      return;
    }
    // A pixel a to the right and b up sees target + a·right + b·up + s·towards, with s such that y is the height.
    for (const [k, axis] of xz) {
      const lean = n[axis] / n[1];
      ground[2 + k] = r[axis] / this.scale;
      ground[4 + k] = -(u[axis] - lean * u[1]) / this.scale;
      ground[k] = t[axis] + lean * (height - t[1]) - half * (ground[2 + k] + ground[4 + k]);
    }
    this.#tileX = Math.sqrt(ground[2] * ground[2] + ground[4] * ground[4]);
    this.#tileZ = Math.sqrt(ground[3] * ground[3] + ground[5] * ground[5]);
  }

  /** The share of a pixel on the ground that lies in every second tile. */
  tile(px: number, py: number): number {
    const ground = this.#ground;
    if (this.isLevel) return 0.5 + 0.5 * wave(ground[0] + ground[2] * px, this.#tileX);
    const x = ground[0] + ground[2] * px + ground[4] * py;
    const z = ground[1] + ground[3] * px + ground[5] * py;
    return 0.5 + 0.5 * wave(x, this.#tileX) * wave(z, this.#tileZ);
  }
}

const xz = [
  [0, 0],
  [1, 2],
] as const;

/** 1 in even metres, −1 in odd ones, soft over a pixel and a half where they meet. @param pixel how many metres it is */
function wave(metres: number, pixel: number): number {
  const whole = Math.floor(metres);
  const within = metres - whole;
  const soft = Math.min(1, Math.min(within, 1 - within) / (0.75 * pixel));
  return (whole & 1) === 0 ? soft : -soft;
}
