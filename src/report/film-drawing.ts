import type { PackedFilm } from './packed-film.ts';

/** Flat figures in pixels, in the order in which to paint them. */
export type Figure =
  | { readonly kind: 'fill'; readonly points: readonly Point[]; readonly color: string }
  | {
      readonly kind: 'stroke';
      readonly points: readonly Point[];
      readonly width: number;
      readonly color: string;
    }
  | { readonly kind: 'text'; readonly at: Point; readonly text: string };
type Point = readonly [x: number, y: number];

export interface View {
  readonly width: number;
  readonly height: number;
  /** Colours of the world around the objects. */
  readonly ground: string;
  readonly mark: string;
}

/**
 * One frame of a film as flat figures: parallel projection, painted from the back to the front. The same function
 * draws the film strip here and the animation in the reader's browser, where its text is put into the page: it must
 * not refer to anything outside itself.
 */
export function drawFrame(film: PackedFilm, index: number, view: View): Figure[] {
  type V = readonly number[];
  const frame = film.frames[index];
  const { side, distance } = film.camera;
  const unit = (v: V): V => {
    const length = Math.hypot(...v);
    return v.map(x => x / length);
  };
  const cross = (a: V, b: V): V => [
    a[1] * b[2] - a[2] * b[1],
    a[2] * b[0] - a[0] * b[2],
    a[0] * b[1] - a[1] * b[0],
  ];
  const dot = (a: V, b: V): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

  // Where the viewer stands, as seen from the target.
  const towards = unit(
    { side: [0, 0, 1], front: [1, 0, 0], above: [0, 1, 0], corner: [-0.45, 0.5, 1] }[side],
  );
  const right = side === 'above' ? [1, 0, 0] : unit(cross([0, 1, 0], towards));
  const up = cross(towards, right);
  const scale = view.height / (0.62 * distance);
  const flat = (p: V): Point => {
    const d = [p[0] - frame.target[0], p[1] - frame.target[1], p[2] - frame.target[2]];
    return [view.width / 2 + scale * dot(d, right), view.height / 2 - scale * dot(d, up)];
  };

  const turned = (v: V, [x, y, z, w]: V): V => {
    const t = cross([x, y, z], v).map(c => 2 * c);
    const u = cross([x, y, z], t);
    return [v[0] + w * t[0] + u[0], v[1] + w * t[1] + u[1], v[2] + w * t[2] + u[2]];
  };
  /** A colour made lighter (above 0) or darker; colours that are not #rrggbb stay. */
  const shade = (color: string, by: number): string => {
    if (!/^#[0-9a-f]{6}$/i.test(color)) return color;
    const channel = (from: number) => {
      const value = Number.parseInt(color.slice(from, from + 2), 16);
      const moved = by > 0 ? value + (255 - value) * by : value * (1 + by);
      return Math.round(moved).toString(16).padStart(2, '0');
    };
    return `#${channel(1)}${channel(3)}${channel(5)}`;
  };
  const light = unit([-0.3, 0.9, 0.6]);

  const painted: { depth: number; figures: Figure[] }[] = [];
  const behind: Figure[] = [];

  const ground = (height: number) => {
    const reach = Math.ceil(view.width / scale) + 1;
    const [middle, , depth] = frame.target.map(Math.round);
    if (side === 'side' || side === 'front') {
      const [, y] = flat([0, height, 0]);
      const bottom = view.height;
      behind.push({
        kind: 'fill',
        points: [
          [0, y],
          [view.width, y],
          [view.width, bottom],
          [0, bottom],
        ],
        color: view.ground,
      });
      if (side === 'side') {
        for (let x = middle - reach; x <= middle + reach; x++) {
          const [px] = flat([x, height, 0]);
          behind.push({
            kind: 'stroke',
            points: [
              [px, y],
              [px, y + (x % 5 === 0 ? 12 : 6)],
            ],
            width: 1.5,
            color: view.mark,
          });
          if (x % 5 === 0 || scale > 60) behind.push({ kind: 'text', at: [px, y + 26], text: `${x} m` });
        }
      }
      behind.push({
        kind: 'stroke',
        points: [
          [0, y],
          [view.width, y],
        ],
        width: 1.5,
        color: view.mark,
      });
      return;
    }
    behind.push({
      kind: 'fill',
      points: [
        [0, 0],
        [view.width, 0],
        [view.width, view.height],
        [0, view.height],
      ],
      color: view.ground,
    });
    for (let k = -2 * reach; k <= 2 * reach; k++) {
      const across = [
        flat([middle + k, height, depth - 2 * reach]),
        flat([middle + k, height, depth + 2 * reach]),
      ];
      const along = [
        flat([middle - 2 * reach, height, depth + k]),
        flat([middle + 2 * reach, height, depth + k]),
      ];
      behind.push({
        kind: 'stroke',
        points: across,
        width: (middle + k) % 5 === 0 ? 1.6 : 0.6,
        color: view.mark,
      });
      behind.push({
        kind: 'stroke',
        points: along,
        width: (depth + k) % 5 === 0 ? 1.6 : 0.6,
        color: view.mark,
      });
    }
  };

  /** The outline of points in the plane (Andrew's monotone chain). */
  const hull = (points: Point[]): Point[] => {
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
  };

  for (const [i, { shape, color }] of film.objects.entries()) {
    const pose = frame.poses[i];
    if (pose.length === 0) continue;
    const position = pose.slice(0, 3);
    const rotation = pose.slice(3);
    const at = (local: V): V => {
      const moved = turned(local, rotation);
      return [position[0] + moved[0], position[1] + moved[1], position[2] + moved[2]];
    };
    const figures: Figure[] = [];
    /** A rod with round ends; a lighter core makes it look round. */
    const rod = (from: V, to: V, radius: number) => {
      const [start, end] = [flat(from), flat(to)];
      // A line of no length would show no round ends: give it a hair's breadth.
      const points = [
        start,
        start[0] === end[0] && start[1] === end[1] ? ([end[0] + 0.1, end[1]] as const) : end,
      ];
      const width = 2 * radius * scale;
      const lit = points.map(([x, y]): Point => [x - 0.16 * width, y - 0.2 * width]);
      figures.push({ kind: 'stroke', points, width: width + 1.5, color: shade(color, -0.45) });
      figures.push({ kind: 'stroke', points, width, color });
      figures.push({ kind: 'stroke', points: lit, width: 0.34 * width, color: shade(color, 0.3) });
    };
    if (shape.kind === 'ground') {
      ground(position[1]);
      continue;
    }
    if (shape.kind === 'line') {
      const points = shape.points.map(p => flat(at(p)));
      if (shape.closed) figures.push({ kind: 'fill', points, color });
      else figures.push({ kind: 'stroke', points, width: 2, color });
    } else if (shape.kind === 'sphere') {
      rod(position, position, shape.radius);
    } else if (shape.kind === 'capsule') {
      rod(at([0, -shape.halfHeight, 0]), at([0, shape.halfHeight, 0]), shape.radius);
    } else if (shape.kind === 'cylinder') {
      const ring = (y: number) =>
        Array.from({ length: 24 }, (_, k) => {
          const angle = (k * Math.PI) / 12;
          return flat(at([shape.radius * Math.cos(angle), y, shape.radius * Math.sin(angle)]));
        });
      const [low, high] = [ring(-shape.halfHeight), ring(shape.halfHeight)];
      figures.push({ kind: 'fill', points: hull([...low, ...high]), color });
      const top = dot(turned([0, 1, 0], rotation), towards) >= 0 ? high : low;
      figures.push({ kind: 'fill', points: hull(top), color: shade(color, 0.2) });
    } else {
      const corner = (signs: V) => flat(at(signs.map((s, axis) => s * shape.half[axis])));
      for (let axis = 0; axis < 3; axis++) {
        for (const sign of [-1, 1]) {
          const normal = turned(
            [0, 1, 2].map(k => (k === axis ? sign : 0)),
            rotation,
          );
          if (dot(normal, towards) <= 1e-6) continue;
          const [b, c] = [(axis + 1) % 3, (axis + 2) % 3];
          const points = [
            [-1, -1],
            [1, -1],
            [1, 1],
            [-1, 1],
          ].map(([p, q]) => {
            const signs = [0, 0, 0];
            signs[axis] = sign;
            signs[b] = p;
            signs[c] = q;
            return corner(signs);
          });
          figures.push({ kind: 'fill', points, color: shade(color, 0.25 * dot(normal, light) - 0.05) });
        }
      }
    }
    const flatWorld = shape.kind === 'line';
    painted.push({ depth: flatWorld ? -1e9 : dot(position, towards), figures });
  }

  painted.sort((a, b) => a.depth - b.depth);
  return [...behind, ...painted.flatMap(({ figures }) => figures)];
}
