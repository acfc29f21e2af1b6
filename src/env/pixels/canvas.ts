import { greyOf } from './colors.ts';

/** Half of the pixels over which an edge goes from covered to not. */
const soft = 0.75;
/** Half of the least thickness that anything is painted with, in pixels. */
const thinnest = 1;
/** Lengths under this have no direction. */
const tiny = 1e-6;

/**
 * A small square picture of bytes to paint filled shapes on. A pixel's share of a shape follows from the signed distance
 * `d` of its centre to the shape's outline, in pixels: `½ − d / 1.5` within 0 … 1. So a straight edge is as soft on either
 * side, and the shares of a shape add up to its area. Nothing is thinner than two pixels. Lengths are in pixels, x to the
 * right, y down; only additions, products, quotients and square roots: the same bits on every machine.
 */
export class Canvas {
  readonly size: number;
  readonly channels: 1 | 3;
  /** Row by row from the top, the channels of a pixel side by side; [size × size × channels]. */
  readonly bytes: Uint8Array;
  readonly #blank: Uint8Array;
  readonly #shares: Float64Array;
  #red = 0;
  #green = 0;
  #blue = 0;
  // The part of the picture that a shape may reach.
  #left = 0;
  #right = 0;
  #top = 0;
  #bottom = 0;

  /** @param background the colour that it begins with */
  constructor(size: number, channels: 1 | 3, background: number) {
    this.size = size;
    this.channels = channels;
    this.bytes = new Uint8Array(size * size * channels);
    this.#shares = new Float64Array(size * size);
    this.use(background);
    this.clear();
    this.#blank = this.bytes.slice();
  }

  /** What is painted from now on has this colour: bytes, red in the highest of three. */
  use(color: number): void {
    this.#red = this.channels === 1 ? greyOf(color) : color >> 16;
    this.#green = (color >> 8) & 255;
    this.#blue = color & 255;
  }

  /** Paints the whole picture. */
  clear(): void {
    const { bytes, channels } = this;
    const [red, green, blue] = [this.#red, this.#green, this.#blue];
    if (channels === 1) {
      bytes.fill(red);
      return;
    }
    for (let k = 0; k < bytes.length; k += 3) {
      bytes[k] = red;
      bytes[k + 1] = green;
      bytes[k + 2] = blue;
    }
  }

  /** Paints the whole picture as it was when it was made. */
  blank(): void {
    this.bytes.set(this.#blank);
  }

  copyRow(from: number, to: number): void {
    const width = this.size * this.channels;
    this.bytes.copyWithin(to * width, from * width, (from + 1) * width);
  }

  /** Paints a share, 0 to 1, of one pixel. */
  paint(x: number, y: number, share: number): void {
    this.#put(y * this.size + x, share);
  }

  #put(pixel: number, share: number): void {
    const { bytes } = this;
    // Stored without its fraction: the half makes that the nearest byte.
    if (this.channels === 1) {
      bytes[pixel] = bytes[pixel] + share * (this.#red - bytes[pixel]) + 0.5;
      return;
    }
    const k = 3 * pixel;
    bytes[k] = bytes[k] + share * (this.#red - bytes[k]) + 0.5;
    bytes[k + 1] = bytes[k + 1] + share * (this.#green - bytes[k + 1]) + 0.5;
    bytes[k + 2] = bytes[k + 2] + share * (this.#blue - bytes[k + 2]) + 0.5;
  }

  /** A line with round ends from one point to another; a disc where they are one. */
  rod(x0: number, y0: number, x1: number, y1: number, radius: number): void {
    const r = Math.max(thinnest, radius);
    this.#reach(x0, y0, x1, y1, r);
    const outer = (r + soft) * (r + soft);
    for (let y = this.#top; y < this.#bottom; y++)
      for (let x = this.#left; x < this.#right; x++) {
        const squared = toSegment(x + 0.5, y + 0.5, x0, y0, x1, y1);
        if (squared < outer) this.paint(x, y, shareAt(Math.sqrt(squared) - r));
      }
  }

  /**
   * The shadow of a box: every point `centre ± a ± b ± c` and what lies between. Each pair of opposite sides is two
   * parallel lines, and a point is as far outside as it is of the pair that it is farthest outside of.
   */
  hexagon(
    x: number,
    y: number,
    ax: number,
    ay: number,
    bx: number,
    by: number,
    cx: number,
    cy: number,
  ): void {
    const wide = Math.abs(ax) + Math.abs(bx) + Math.abs(cx);
    const high = Math.abs(ay) + Math.abs(by) + Math.abs(cy);
    this.#reach(x - wide, y - high, x + wide, y + high, thinnest);
    // Sides along an axis of no length do not count: they are always near enough.
    const a = 1 / Math.max(tiny, length(ax, ay));
    const b = 1 / Math.max(tiny, length(bx, by));
    const c = 1 / Math.max(tiny, length(cx, cy));
    const ab = Math.abs(ax * by - ay * bx);
    const bc = Math.abs(bx * cy - by * cx);
    const ca = Math.abs(cx * ay - cy * ax);
    const fromA = a * tiny < 1 ? Math.max(thinnest, (ab + ca) * a) : far;
    const fromB = b * tiny < 1 ? Math.max(thinnest, (bc + ab) * b) : far;
    const fromC = c * tiny < 1 ? Math.max(thinnest, (ca + bc) * c) : far;
    for (let row = this.#top; row < this.#bottom; row++) {
      const dy = row + 0.5 - y;
      for (let column = this.#left; column < this.#right; column++) {
        const dx = column + 0.5 - x;
        const d = Math.max(
          Math.abs(ax * dy - ay * dx) * a - fromA,
          Math.abs(bx * dy - by * dx) * b - fromB,
          Math.abs(cx * dy - cy * dx) * c - fromC,
        );
        if (d < soft) this.paint(column, row, shareAt(d));
      }
    }
  }

  /**
   * The shadow of a cylinder: two ellipses and what lies between.
   * @param ax, ay from the middle to one end
   * @param lid half the ellipses' width along the axis, at most `radius`
   */
  cylinder(x: number, y: number, ax: number, ay: number, radius: number, lid: number): void {
    const half = length(ax, ay);
    // Seen end on it has no direction, and is a disc.
    const ux = half > tiny ? ax / half : 1;
    const uy = half > tiny ? ay / half : 0;
    const r = Math.max(thinnest, radius);
    const bulge = Math.max(lid, thinnest - half);
    this.#reach(x - ax, y - ay, x + ax, y + ay, Math.max(r, bulge));
    for (let row = this.#top; row < this.#bottom; row++)
      for (let column = this.#left; column < this.#right; column++) {
        const dx = column + 0.5 - x;
        const dy = row + 0.5 - y;
        const along = Math.abs(dx * ux + dy * uy) - half;
        const d = pastEnd(along, Math.abs(dx * uy - dy * ux), bulge, r);
        if (d < soft) this.paint(column, row, shareAt(d));
      }
  }

  /**
   * A path of lines of two pixels, or the area inside it. Its lines share their pixels: where two meet, none is painted
   * twice.
   * @param points x and y in turns
   * @param count how many points count
   * @param strength how much of its colour it gets, 0 to 1
   */
  path(points: Float64Array, count: number, closed: boolean, strength = 1): void {
    const { size } = this;
    const shares = this.#shares.fill(0);
    if (closed) this.#fill(points, count);
    for (let p = 0; p + 1 < count; p++) {
      const x0 = points[2 * p];
      const y0 = points[2 * p + 1];
      const x1 = points[2 * p + 2];
      const y1 = points[2 * p + 3];
      this.#reach(x0, y0, x1, y1, thinnest);
      for (let y = this.#top; y < this.#bottom; y++)
        for (let x = this.#left; x < this.#right; x++) {
          const distance = Math.sqrt(toSegment(x + 0.5, y + 0.5, x0, y0, x1, y1)) - thinnest;
          if (distance < soft) shares[y * size + x] = Math.max(shares[y * size + x], shareAt(distance));
        }
    }
    for (let k = 0; k < shares.length; k++) if (shares[k] > 0) this.#put(k, strength * shares[k]);
  }

  /** Gives the pixels whose centre lies inside a share of 1, by how often a line to the right crosses the outline. */
  #fill(points: Float64Array, count: number): void {
    const { size } = this;
    for (let y = 0; y < size; y++)
      for (let x = 0; x < size; x++) {
        let inside = false;
        for (let p = 0, q = count - 1; p < count; q = p++) {
          const py = points[2 * p + 1];
          const qy = points[2 * q + 1];
          if (py > y + 0.5 === qy > y + 0.5) continue;
          const crossing = points[2 * p] + ((y + 0.5 - py) / (qy - py)) * (points[2 * q] - points[2 * p]);
          if (crossing > x + 0.5) inside = !inside;
        }
        if (inside) this.#shares[y * size + x] = 1;
      }
  }

  /** Sets the part of the picture that what lies between two corners reaches, with so much around it. */
  #reach(x0: number, y0: number, x1: number, y1: number, around: number): void {
    const most = around + soft;
    this.#left = this.#within(Math.floor(Math.min(x0, x1) - most));
    this.#right = this.#within(Math.ceil(Math.max(x0, x1) + most));
    this.#top = this.#within(Math.floor(Math.min(y0, y1) - most));
    this.#bottom = this.#within(Math.ceil(Math.max(y0, y1) + most));
  }

  #within(at: number): number {
    return Math.max(0, Math.min(this.size, at));
  }
}

/** Farther than anything in a picture. */
const far = 1e9;

/** A pixel's share of a shape whose outline is `distance` pixels away, below zero inside. */
export function shareAt(distance: number): number {
  if (distance <= -soft) return 1;
  return distance >= soft ? 0 : 0.5 - distance / (2 * soft);
}

const length = (x: number, y: number): number => Math.sqrt(x * x + y * y);

/** The square of a point's distance to a segment. */
function toSegment(x: number, y: number, x0: number, y0: number, x1: number, y1: number): number {
  const dx = x1 - x0;
  const dy = y1 - y0;
  const squared = dx * dx + dy * dy;
  const along = squared > 0 ? ((x - x0) * dx + (y - y0) * dy) / squared : 0;
  const t = Math.max(0, Math.min(1, along));
  const ex = x - x0 - t * dx;
  const ey = y - y0 - t * dy;
  return ex * ex + ey * ey;
}

/**
 * How far outside a cylinder's shadow a point is, to first order past its ends.
 * @param along past the middle of the end's ellipse; below zero: before it
 */
function pastEnd(along: number, aside: number, lid: number, radius: number): number {
  if (lid < soft) return Math.max(aside - radius, along - lid);
  if (along <= 0) return aside - radius;
  // F = √((u/lid)² + (v/radius)²); the distance is about (F − 1) / |grad F|.
  const u = along / lid;
  const v = aside / radius;
  const f = length(u, v);
  return ((f - 1) * f) / length(u / lid, v / radius);
}
