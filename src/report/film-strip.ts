import { drawFrame, type Figure } from './film-drawing.ts';
import { escapeHtml } from './html.ts';
import type { PackedFilm } from './packed-film.ts';

const PANEL = { width: 230, height: 200 };

/** Poses along the way, side by side: it needs no script, and prints. */
export function filmStrip(film: PackedFilm, panels = 6): string {
  const last = film.frames.length - 1;
  const picked = Array.from({ length: panels }, (_, i) => Math.round((i * last) / Math.max(1, panels - 1)));
  const indices = [...new Set(picked)];
  return indices
    .map(index => {
      const { width, height } = PANEL;
      const view = { width, height, ground: 'var(--ground)', mark: 'var(--mark)' };
      const body = drawFrame(film, index, view).map(svgFigure).join('');
      const caption = film.frames[index].caption;
      const time = `${(index * film.dt).toFixed(1)} s`;
      const label = escapeHtml(caption ? `${time}, ${caption}` : time);
      return `<figure><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">${body}</svg><figcaption>${label}</figcaption></figure>`;
    })
    .join('\n');
}

const round = (value: number): number => Math.round(value * 10) / 10;
const path = (points: readonly (readonly [number, number])[]): string =>
  points.map(([x, y]) => `${round(x)},${round(y)}`).join(' ');

function svgFigure(figure: Figure): string {
  if (figure.kind === 'fill')
    return `<polygon points="${path(figure.points)}" fill="${escapeHtml(figure.color)}"/>`;
  if (figure.kind === 'text') {
    const [x, y] = figure.at;
    return `<text x="${round(x)}" y="${round(y)}" class="mark">${escapeHtml(figure.text)}</text>`;
  }
  return `<polyline points="${path(figure.points)}" fill="none" stroke="${escapeHtml(figure.color)}" stroke-width="${round(figure.width)}" stroke-linecap="round" stroke-linejoin="round"/>`;
}
