import { cameraOf, drawFrame, drawGround, drawObjects, type Figure, type View } from './film-drawing.ts';
import { escapeHtml } from './html.ts';
import type { PackedFilm } from './packed-film.ts';

const PANEL = { width: 230, height: 200 };
const colors = { ground: 'var(--ground)', mark: 'var(--mark)', shadow: 'var(--shadow)' };

/** Poses along the way: it needs no script, and prints. */
export function filmStrip(film: PackedFilm): string {
  if (!goesFar(film)) return `<div class="strip">${panels(film, 6)}</div>`;
  // On a phone the whole way is too wide to see anyone on it.
  return `<div class="wide">${wayPicture(film)}</div><div class="narrow"><div class="strip">${panels(film, 4)}</div></div>`;
}

/** Moments of a film in panels, side by side. */
function panels(film: PackedFilm, count: number): string {
  const last = film.frames.length - 1;
  const picked = Array.from({ length: count }, (_, i) => Math.round((i * last) / Math.max(1, count - 1)));
  return [...new Set(picked)]
    .map(index => {
      const label = labelOf(film, index);
      const figures = drawFrame(film, index, { ...PANEL, ...colors });
      return `<figure>${svg(PANEL, figures, label)}<figcaption>${label}</figcaption></figure>`;
    })
    .join('\n');
}

/** Whether a film seen from the side leads over more ground than its own picture shows. */
function goesFar(film: PackedFilm): boolean {
  const { side, distance } = film.camera;
  const [from, to] = wayOf(film);
  return side === 'side' && film.frames.length > 0 && to - from > distance;
}

function wayOf(film: PackedFilm): [from: number, to: number] {
  const xs = film.frames.map(frame => frame.target[0]);
  return [Math.min(...xs), Math.max(...xs)];
}

/** One picture of the whole way, with a pose wherever another eighth of it was done. */
function wayPicture(film: PackedFilm): string {
  const [from, to] = wayOf(film);
  const count = 8;
  const picked = Array.from({ length: count }, (_, i) => {
    const x = from + ((to - from) * i) / (count - 1);
    // Whoever runs forward may first sway back.
    const forward = film.frames[film.frames.length - 1].target[0] >= film.frames[0].target[0];
    const found = film.frames.findIndex(({ target }) =>
      forward ? target[0] >= x : target[0] <= to + from - x,
    );
    return found < 0 ? film.frames.length - 1 : found;
  });
  const indices = [...new Set(picked)];
  const middle = film.frames[0].target;
  const width = 900;
  const size = { width, height: Math.round((0.62 * film.camera.distance * width) / (to - from + 2)) };
  const view = { ...size, ...colors };
  // Room for the times over the heads and the metres under the ground.
  const [above, below] = [16, 18];
  const camera = cameraOf(film, [(from + to) / 2, middle[1], middle[2]], view);
  const figures = [
    ...drawGround(film, film.frames[0], camera, { ...view, height: size.height + below }),
    ...indices.flatMap(index => drawObjects(film, film.frames[index], camera, view)),
    ...indices.map((index): Figure => {
      const x = width / 2 + camera.scale * (film.frames[index].target[0] - camera.target[0]);
      return { kind: 'text', at: [x, 12 - above], text: timeOf(film, index) };
    }),
  ];
  const label = `${labelOf(film, indices[0])} to ${labelOf(film, indices[indices.length - 1])}`;
  return `<figure class="way">${svg({ width, height: size.height + above + below }, figures, label, -above)}<figcaption>Poses along the way, from ${label}.</figcaption></figure>`;
}

const timeOf = (film: PackedFilm, index: number): string => `${(index * film.dt).toFixed(1)} s`;

function labelOf(film: PackedFilm, index: number): string {
  const { caption } = film.frames[index];
  const time = timeOf(film, index);
  return escapeHtml(caption ? `${time}, ${caption}` : time);
}

const svg = (
  { width, height }: Pick<View, 'width' | 'height'>,
  figures: readonly Figure[],
  label: string,
  top = 0,
): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 ${top} ${width} ${height}" role="img" aria-label="${label}">${figures.map(svgFigure).join('')}</svg>`;

const round = (value: number): number => Math.round(value * 10) / 10;
const path = (points: readonly (readonly [number, number])[]): string =>
  points.map(([x, y]) => `${round(x)},${round(y)}`).join(' ');

function svgFigure(figure: Figure): string {
  if (figure.kind === 'text') {
    const [x, y] = figure.at;
    return `<text x="${round(x)}" y="${round(y)}" class="mark">${escapeHtml(figure.text)}</text>`;
  }
  const faint = figure.opacity === undefined ? '' : ` opacity="${Math.round(figure.opacity * 100) / 100}"`;
  const color = escapeHtml(figure.color);
  if (figure.kind === 'fill') return `<polygon points="${path(figure.points)}" fill="${color}"${faint}/>`;
  return `<polyline points="${path(figure.points)}" fill="none" stroke="${color}" stroke-width="${round(figure.width)}" stroke-linecap="round" stroke-linejoin="round"${faint}/>`;
}
