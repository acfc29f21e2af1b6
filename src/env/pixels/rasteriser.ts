import type { Scene, SceneObject, Vec3 } from '../../core/scene.ts';
import { Canvas, shareAt } from './canvas.ts';
import { parseColor } from './colors.ts';
import { Projection } from './projection.ts';
import type { View } from './views.ts';

/** What a picture is like. */
export interface PictureOptions {
  /** Pixels a side. */
  readonly size: number;
  readonly colors: 'grey' | 'rgb';
  /** How much is in the picture. Default: as much as films show, the scene's own target in the middle. */
  readonly view?: View;
}

const background = parseColor('#f4f6f8');
/** What every second tile of the ground has of its brightness. */
const tileShade = 0.88;
/** Lines are scenery: half as strong as what moves before them. */
const lineStrength = 0.5;

/**
 * Draws scenes as small pictures, in a parallel projection, whatever is nearer over what is farther. Colours are flat;
 * the ground has tiles of a metre, so that a picture that follows a robot shows how far it goes. Captions are left out.
 * Once it has seen a scene's objects, it allocates nothing.
 */
export class Rasteriser {
  readonly size: number;
  /** Bytes a pixel. */
  readonly channels: 1 | 3;
  readonly #canvas: Canvas;
  readonly #projection: Projection;
  readonly #colors = new Map<string, number>();
  /** The objects to draw, from the back to the front. */
  #order = new Int32Array(16);
  #depths = new Float64Array(16);
  #points = new Float64Array(128);

  constructor({ size, colors, view }: PictureOptions) {
    this.size = size;
    this.channels = colors === 'grey' ? 1 : 3;
    this.#canvas = new Canvas(size, this.channels, background);
    this.#projection = new Projection(size, view);
  }

  /**
   * @returns the picture, [size × size × channels], row by row from the top; the next one is drawn over it
   * @throws a usage error for a colour that it cannot read
   */
  draw(scene: Scene): Uint8Array {
    const canvas = this.#canvas;
    this.#projection.aim(scene.camera);
    canvas.blank();
    const count = this.#sort(scene.objects);
    for (let k = 0; k < count; k++) this.#drawObject(scene.objects[this.#order[k]]);
    return canvas.bytes;
  }

  /** Orders objects by how near they are; equals stay as they come. Ground and lines lie behind all else. */
  #sort(objects: readonly SceneObject[]): number {
    if (objects.length > this.#order.length) {
      this.#order = new Int32Array(2 * objects.length);
      this.#depths = new Float64Array(2 * objects.length);
    }
    const order = this.#order;
    const depths = this.#depths;
    for (let i = 0; i < objects.length; i++) {
      const { shape, position } = objects[i];
      const depth =
        shape.kind === 'ground'
          ? -Infinity
          : shape.kind === 'line'
            ? -1e300
            : this.#projection.depth(position);
      let k = i;
      for (; k > 0 && depths[k - 1] > depth; k--) {
        depths[k] = depths[k - 1];
        order[k] = order[k - 1];
      }
      depths[k] = depth;
      order[k] = i;
    }
    return objects.length;
  }

  #drawObject(object: SceneObject): void {
    const { shape, position } = object;
    const canvas = this.#canvas;
    const to = this.#projection;
    const color = this.#colorOf(object.color);
    canvas.use(color);
    const [x, y] = [to.x(position), to.y(position)];
    switch (shape.kind) {
      case 'ground':
        this.#drawGround(position[1], color);
        break;
      case 'sphere':
        canvas.rod(x, y, x, y, shape.radius * to.scale);
        break;
      case 'capsule': {
        to.turn(object.rotation);
        const [dx, dy] = [shape.halfHeight * to.axisX(1), shape.halfHeight * to.axisY(1)];
        canvas.rod(x - dx, y - dy, x + dx, y + dy, shape.radius * to.scale);
        break;
      }
      case 'cylinder': {
        to.turn(object.rotation);
        const h = shape.halfHeight;
        const lid = shape.radius * to.scale * Math.abs(to.facing(1));
        canvas.cylinder(x, y, h * to.axisX(1), h * to.axisY(1), shape.radius * to.scale, lid);
        break;
      }
      case 'box': {
        to.turn(object.rotation);
        const [a, b, c] = shape.half;
        const [ax, ay] = [a * to.axisX(0), a * to.axisY(0)];
        const [bx, by] = [b * to.axisX(1), b * to.axisY(1)];
        canvas.hexagon(x, y, ax, ay, bx, by, c * to.axisX(2), c * to.axisY(2));
        break;
      }
      case 'line':
        this.#drawLine(shape.points, shape.closed === true);
        break;
    }
  }

  #drawLine(points: readonly Vec3[], closed: boolean): void {
    if (2 * points.length > this.#points.length) this.#points = new Float64Array(4 * points.length);
    const flat = this.#points;
    for (let p = 0; p < points.length; p++) {
      flat[2 * p] = this.#projection.x(points[p]);
      flat[2 * p + 1] = this.#projection.y(points[p]);
    }
    this.#canvas.path(flat, points.length, closed, lineStrength);
  }

  /** Everything below the horizon where the viewer looks along the ground, the whole picture where down on it. */
  #drawGround(height: number, color: number): void {
    const to = this.#projection;
    const canvas = this.#canvas;
    to.groundAt(height);
    if (to.isLevel) {
      this.#drawLevelGround(color);
      return;
    }
    canvas.clear();
    canvas.use(darker(color));
    for (let y = 0; y < this.size; y++)
      for (let x = 0; x < this.size; x++) {
        const share = to.tile(x + 0.5, y + 0.5);
        if (share > 0) canvas.paint(x, y, share);
      }
  }

  #drawLevelGround(color: number): void {
    const to = this.#projection;
    const { size } = this;
    const canvas = this.#canvas;
    const top = Math.max(0, Math.min(size, Math.floor(to.horizon - 1)));
    for (let y = top; y < size; y++) {
      // Rows that are all ground are the same.
      if (y > top + 3) {
        canvas.copyRow(y - 1, y);
        continue;
      }
      const below = shareAt(to.horizon - (y + 0.5));
      canvas.use(color);
      for (let x = 0; x < size; x++) canvas.paint(x, y, below);
      canvas.use(darker(color));
      for (let x = 0; x < size; x++) canvas.paint(x, y, below * to.tile(x + 0.5, y + 0.5));
    }
  }

  #colorOf(text: string): number {
    let color = this.#colors.get(text);
    if (color === undefined) {
      color = parseColor(text);
      this.#colors.set(text, color);
    }
    return color;
  }
}

const darker = (color: number): number =>
  (Math.round(tileShade * (color >> 16)) << 16) |
  (Math.round(tileShade * ((color >> 8) & 255)) << 8) |
  Math.round(tileShade * (color & 255));
