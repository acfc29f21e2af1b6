import type { Shape } from '../core/scene.ts';
import type { PackedFilm } from './packed-film.ts';

// The film strip is drawn here, the animation in the reader's browser, by the same functions: `drawingScript` puts
// their text into the page. So they use nothing but each other, and no constant of this module.

/** Flat figures in pixels, in the order in which to paint them. */
export type Figure =
  | {
      readonly kind: 'fill';
      readonly points: readonly Point[];
      readonly color: string;
      readonly opacity?: number;
    }
  | {
      readonly kind: 'stroke';
      readonly points: readonly Point[];
      readonly width: number;
      readonly color: string;
      readonly opacity?: number;
    }
  | { readonly kind: 'text'; readonly at: Point; readonly text: string };
type Point = readonly [x: number, y: number];
type V = readonly number[];

export interface View {
  readonly width: number;
  readonly height: number;
  /** Colours of what is not an object. */
  readonly ground: string;
  readonly mark: string;
  readonly shadow: string;
}

/** Where the viewer stands: a parallel projection that keeps `target` in the middle. */
export interface Camera {
  readonly target: V;
  /** From the target to the viewer, and the directions of the picture. */
  readonly towards: V;
  readonly right: V;
  readonly up: V;
  /** Pixels a metre. */
  readonly scale: number;
}

type Frame = PackedFilm['frames'][number];

/**
 * A moment of a film as flat figures, painted from the back to the front.
 * @param moment a frame's number; between two frames the poses are blended
 */
export function drawFrame(film: PackedFilm, moment: number, view: View): Figure[] {
  const frame = frameAt(film, moment);
  const camera = cameraOf(film, frame.target, view);
  return [...drawGround(film, frame, camera, view), ...drawObjects(film, frame, camera, view)];
}

export function cameraOf(film: PackedFilm, target: V, view: View): Camera {
  const { side, distance } = film.camera;
  const towards = unit(
    { side: [0, 0, 1], front: [1, 0, 0], above: [0, 1, 0], corner: [-0.45, 0.5, 1] }[side],
  );
  const right = side === 'above' ? [1, 0, 0] : unit(cross([0, 1, 0], towards));
  return { target, towards, right, up: cross(towards, right), scale: view.height / (0.62 * distance) };
}

function frameAt(film: PackedFilm, moment: number): Frame {
  const index = Math.min(film.frames.length - 1, Math.floor(moment));
  const [frame, next] = [film.frames[index], film.frames[index + 1]];
  const part = moment - index;
  if (!next || part <= 0) return frame;
  const blend = (a: V, b: V) => a.map((x, i) => x + part * (b[i] - x));
  const poses = frame.poses.map((pose, i) => {
    const other = next.poses[i];
    if (pose.length === 0 || other.length === 0) return pose;
    // q and -q are the same rotation: blend towards the nearer one.
    const near = dot(pose.slice(3, 6), other.slice(3, 6)) + pose[6] * other[6] < 0 ? -1 : 1;
    const rotation = blend(
      pose.slice(3),
      other.slice(3).map(x => near * x),
    );
    const length = Math.hypot(...rotation);
    return [...blend(pose.slice(0, 3), other.slice(0, 3)), ...rotation.map(x => x / length)];
  });
  const [x, y, z] = blend(frame.target, next.target);
  return { ...frame, poses, target: [x, y, z] };
}

// ── The ground, with marks in metres ────────────────────────────────────────────────────────────────────────────────

/** How high the ground stands; `undefined` where there is none. */
export function groundHeight(film: PackedFilm, frame: Frame): number | undefined {
  const index = film.objects.findIndex(
    ({ shape }, i) => shape.kind === 'ground' && frame.poses[i].length > 0,
  );
  return index < 0 ? undefined : frame.poses[index][1];
}

export function drawGround(film: PackedFilm, frame: Frame, camera: Camera, view: View): Figure[] {
  const height = groundHeight(film, frame);
  if (height === undefined) return [];
  const level = film.camera.side === 'side' || film.camera.side === 'front';
  return level ? drawGroundLine(height, camera, view) : drawGroundTiles(height, camera, view);
}

/** The ground from the side: a line, with a mark a metre where the viewer sees the x axis from the side. */
function drawGroundLine(height: number, camera: Camera, view: View): Figure[] {
  const { width, height: bottom } = view;
  const y = flat([0, height, 0], camera, view)[1];
  const below: Point[] = [
    [0, y],
    [width, y],
    [width, bottom],
    [0, bottom],
  ];
  const figures: Figure[] = [{ kind: 'fill', points: below, color: view.ground }];
  if (camera.towards[2] === 1) {
    const [from, to] = [-1, 1].map(sign => camera.target[0] + (sign * width) / 2 / camera.scale);
    // One label in five where they would touch.
    const labelled = camera.scale > 60 ? 1 : 5;
    for (let x = Math.ceil(from); x <= to; x++) {
      const px = flat([x, height, 0], camera, view)[0];
      const far = x % 5 === 0 ? 12 : 6;
      const tick: Point[] = [
        [px, y],
        [px, y + far],
      ];
      figures.push({ kind: 'stroke', points: tick, width: 1.5, color: view.mark });
      if (x % labelled === 0 && px > 14 && px < width - 14) {
        figures.push({ kind: 'text', at: [px, y + 26], text: `${x} m` });
      }
    }
  }
  figures.push({ kind: 'stroke', points: below.slice(0, 2), width: 1.5, color: view.mark });
  return figures;
}

/** The ground from above or from a corner: tiles of a metre that fade with the distance, the x axis labelled. */
function drawGroundTiles(height: number, camera: Camera, view: View): Figure[] {
  const figures: Figure[] = [];
  const [middle, depth] = [Math.round(camera.target[0]), Math.round(camera.target[2])];
  const reach = Math.ceil((0.75 * Math.max(view.width, view.height / camera.towards[1])) / camera.scale);
  for (let x = middle - reach; x < middle + reach; x++) {
    for (let z = depth - reach; z < depth + reach; z++) {
      if ((x + z) % 2 === 0) continue;
      const away = Math.hypot(x + 0.5 - camera.target[0], z + 0.5 - camera.target[2]) / reach;
      if (away >= 1) continue;
      const corners = [
        [x, height, z],
        [x + 1, height, z],
        [x + 1, height, z + 1],
        [x, height, z + 1],
      ];
      const points = corners.map(corner => flat(corner, camera, view));
      figures.push({ kind: 'fill', points, color: view.ground, opacity: (1 - away) ** 0.7 });
    }
  }
  for (let x = middle - reach; x <= middle + reach; x++) {
    const at = flat([x, height, depth + 1], camera, view);
    const inside = at[0] > 14 && at[0] < view.width - 14 && at[1] > 12 && at[1] < view.height - 4;
    if (inside) figures.push({ kind: 'text', at, text: `${x} m` });
  }
  return figures;
}

// ── Objects and their shadows ───────────────────────────────────────────────────────────────────────────────────────

export function drawObjects(film: PackedFilm, frame: Frame, camera: Camera, view: View): Figure[] {
  const ground = groundHeight(film, frame);
  const shadows: Figure[] = [];
  const painted: { depth: number; figures: Figure[] }[] = [];
  for (const [i, { shape, color }] of film.objects.entries()) {
    const pose = frame.poses[i];
    if (pose.length === 0 || shape.kind === 'ground') continue;
    const at = (local: V): V => placed(local, pose);
    if (shape.kind === 'line') {
      painted.push({ depth: Number.NEGATIVE_INFINITY, figures: drawLine(shape, color, at, camera, view) });
      continue;
    }
    if (ground !== undefined) shadows.push(drawShadow(shape, at, ground, camera, view));
    const figures =
      shape.kind === 'box'
        ? drawBox(shape.half, color, pose, camera, view)
        : shape.kind === 'cylinder'
          ? drawCylinder(shape, color, pose, camera, view)
          : drawRod(shape.radius, shape.kind === 'capsule' ? shape.halfHeight : 0, color, at, camera, view);
    painted.push({ depth: dot(pose.slice(0, 3), camera.towards), figures });
  }
  painted.sort((a, b) => (a.depth === b.depth ? 0 : a.depth - b.depth));
  return [...shadows, ...painted.flatMap(({ figures }) => figures)];
}

function drawLine(
  shape: Shape & { kind: 'line' },
  color: string,
  at: (local: V) => V,
  camera: Camera,
  view: View,
): Figure[] {
  const points = shape.points.map(p => flat(at(p), camera, view));
  return [shape.closed ? { kind: 'fill', points, color } : { kind: 'stroke', points, width: 2, color }];
}

/** What an object hides of a light straight above; fainter the higher the object is. */
function drawShadow(
  shape: Exclude<Shape, { kind: 'line' | 'ground' }>,
  at: (local: V) => V,
  ground: number,
  camera: Camera,
  view: View,
): Figure {
  const half = shape.kind === 'box' ? shape.half : undefined;
  const radius = shape.kind === 'box' ? 0 : shape.radius;
  const reach = shape.kind === 'capsule' || shape.kind === 'cylinder' ? shape.halfHeight : 0;
  const ends = half
    ? [-1, 1].flatMap(i =>
        [-1, 1].flatMap(j => [-1, 1].map(k => at([i * half[0], j * half[1], k * half[2]]))),
      )
    : [at([0, -reach, 0]), at([0, reach, 0])];
  const rim = radius === 0 ? [0] : Array.from({ length: 16 }, (_, k) => (k * Math.PI) / 8);
  const points = ends.flatMap(([x, , z]) =>
    rim.map(angle =>
      flat([x + radius * Math.cos(angle), ground, z + radius * Math.sin(angle)], camera, view),
    ),
  );
  const above = Math.max(0, Math.min(...ends.map(end => end[1])) - radius - ground);
  const opacity = 0.3 / (1 + 3 * above);
  if (camera.towards[1] > 0) return { kind: 'fill', points: hull(points), color: view.shadow, opacity };
  const xs = points.map(point => point[0]);
  const y = points[0][1] + 3;
  const line: Point[] = [
    [Math.min(...xs), y],
    [Math.max(...xs), y],
  ];
  return { kind: 'stroke', points: line, width: 4, color: view.shadow, opacity };
}

/** A rod with round ends, or a ball: outline, body, and a light from the upper left that makes it look round. */
function drawRod(
  radius: number,
  halfHeight: number,
  color: string,
  at: (local: V) => V,
  camera: Camera,
  view: View,
): Figure[] {
  const [start, end] = [-halfHeight, halfHeight].map(y => flat(at([0, y, 0]), camera, view));
  // A line of no length would show no round ends: give it a hair's breadth.
  const still = start[0] === end[0] && start[1] === end[1];
  const points: Point[] = [start, still ? [end[0] + 0.1, end[1]] : end];
  const width = 2 * radius * camera.scale;
  const lit = (by: number) => points.map(([x, y]): Point => [x - 0.8 * by * width, y - by * width]);
  return [
    { kind: 'stroke', points, width: width + 1.5, color: shade(color, -0.45) },
    { kind: 'stroke', points, width, color: shade(color, -0.12) },
    { kind: 'stroke', points: lit(0.07), width: 0.8 * width, color },
    { kind: 'stroke', points: lit(0.17), width: 0.36 * width, color: shade(color, 0.28) },
  ];
}

function drawCylinder(
  { radius, halfHeight }: { radius: number; halfHeight: number },
  color: string,
  pose: V,
  camera: Camera,
  view: View,
): Figure[] {
  const ring = (y: number) =>
    Array.from({ length: 24 }, (_, k) => {
      const angle = (k * Math.PI) / 12;
      return flat(placed([radius * Math.cos(angle), y, radius * Math.sin(angle)], pose), camera, view);
    });
  const [low, high] = [ring(-halfHeight), ring(halfHeight)];
  const facing = dot(turned([0, 1, 0], pose.slice(3)), camera.towards);
  const lid = facing >= 0 ? high : low;
  const figures: Figure[] = [
    { kind: 'fill', points: hull([...low, ...high]), color: shade(color, -0.1) },
    { kind: 'fill', points: hull(lid), color: shade(color, 0.15) },
  ];
  // A spoke, without which one would not see a wheel turn.
  if (Math.abs(facing) > 0.5) {
    figures.push({ kind: 'stroke', points: [lid[0], lid[12]], width: 2, color: shade(color, -0.3) });
  }
  return figures;
}

/** The faces of a box that the viewer sees, each as bright as it faces the light. */
function drawBox(half: V, color: string, pose: V, camera: Camera, view: View): Figure[] {
  const light = unit([-0.3, 0.9, 0.6]);
  const figures: Figure[] = [];
  for (let axis = 0; axis < 3; axis++) {
    for (const sign of [-1, 1]) {
      const normal = turned(
        [0, 1, 2].map(k => (k === axis ? sign : 0)),
        pose.slice(3),
      );
      if (dot(normal, camera.towards) <= 1e-6) continue;
      const around = [
        [-1, -1],
        [1, -1],
        [1, 1],
        [-1, 1],
      ];
      const points = around.map(([p, q]) => {
        const local = [0, 0, 0];
        local[axis] = sign * half[axis];
        local[(axis + 1) % 3] = p * half[(axis + 1) % 3];
        local[(axis + 2) % 3] = q * half[(axis + 2) % 3];
        return flat(placed(local, pose), camera, view);
      });
      figures.push({ kind: 'fill', points, color: shade(color, 0.25 * dot(normal, light) - 0.05) });
    }
  }
  return figures;
}

// ── Geometry and colour ─────────────────────────────────────────────────────────────────────────────────────────────

function flat(p: V, camera: Camera, view: View): Point {
  const d = [0, 1, 2].map(k => p[k] - camera.target[k]);
  return [
    view.width / 2 + camera.scale * dot(d, camera.right),
    view.height / 2 - camera.scale * dot(d, camera.up),
  ];
}

/** A point of an object in the world. @param pose position, then rotation */
function placed(local: V, pose: V): V {
  const moved = turned(local, pose.slice(3));
  return [pose[0] + moved[0], pose[1] + moved[1], pose[2] + moved[2]];
}

function turned(v: V, [x, y, z, w]: V): V {
  const t = cross([x, y, z], v).map(c => 2 * c);
  const u = cross([x, y, z], t);
  return [v[0] + w * t[0] + u[0], v[1] + w * t[1] + u[1], v[2] + w * t[2] + u[2]];
}

function cross(a: V, b: V): V {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function dot(a: V, b: V): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function unit(v: V): V {
  const length = Math.hypot(...v);
  return v.map(x => x / length);
}

/** The outline of points in the plane (Andrew's monotone chain). */
function hull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (from: Point[]) => {
    const chain: Point[] = [];
    for (const p of from) {
      while (chain.length > 1) {
        const [a, b] = [chain[chain.length - 2], chain[chain.length - 1]];
        if ((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]) > 0) break;
        chain.pop();
      }
      chain.push(p);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

/** A colour made lighter (above 0) or darker; colours that are not #rrggbb stay. */
function shade(color: string, by: number): string {
  if (!/^#[0-9a-f]{6}$/i.test(color)) return color;
  const channel = (from: number) => {
    const value = Number.parseInt(color.slice(from, from + 2), 16);
    const moved = by > 0 ? value + (255 - value) * by : value * (1 + by);
    return Math.round(moved).toString(16).padStart(2, '0');
  };
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}

/** The text of these functions, for a page. */
export function drawingScript(): string {
  const all = [
    ...[drawFrame, cameraOf, frameAt, groundHeight, drawGround, drawGroundLine, drawGroundTiles],
    ...[drawObjects, drawLine, drawShadow, drawRod, drawCylinder, drawBox],
    ...[flat, placed, turned, cross, dot, unit, hull, shade],
  ];
  // `__name` is what TypeScript loaders wrap functions in; a page has none.
  return ['const __name = f => f;', ...all.map(String)].join('\n');
}
