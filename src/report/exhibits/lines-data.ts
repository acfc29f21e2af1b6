import type { LineMark, LineShade, LinesExhibit, Role } from './contract.ts';
import { type Mean, meanOf } from './means.ts';
import { type Seeds, seedsText } from './seeds.ts';

/** A point of a picture; `y` is NaN where there is a gap. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A series as all seeds have it. */
export interface SeriesOfSeeds {
  readonly name: string;
  readonly role: Role | undefined;
  /** In the order of the seeds that have it. */
  readonly lines: readonly { readonly seed: number; readonly points: readonly Point[] }[];
  /** Where all of these seeds have a number; of a single seed, its own points. */
  readonly means: readonly (Mean & { readonly x: number })[];
}

export interface PanelOfSeeds {
  readonly title: string;
  readonly series: readonly SeriesOfSeeds[];
  /** A mark's places by its label, a seed each. */
  readonly marks: readonly { readonly label: string; readonly at: readonly number[] }[];
  readonly shaded: readonly LineShade[];
}

/** The panels of all seeds by their titles, the series of each by their names, and in words what some seeds lack. */
export function linesOverSeeds(seeds: Seeds<LinesExhibit>): {
  readonly panels: readonly PanelOfSeeds[];
  readonly missing: readonly string[];
} {
  const { x, y } = seeds[0].exhibit;
  const missing: string[] = [];
  const titles = [...new Set(seeds.flatMap(({ exhibit }) => exhibit.panels.map(({ title }) => title)))];
  let cut = false;
  const panels = titles.map(title => {
    const own = seeds.map(({ seed, exhibit }) => ({
      seed,
      panel: exhibit.panels.find(panel => panel.title === title),
    }));
    const names = [...new Set(own.flatMap(({ panel }) => panel?.series.map(({ name }) => name) ?? []))];
    const series = names.map(name => {
      const found = own.map(({ seed, panel }) => ({
        seed,
        series: panel?.series.find(each => each.name === name),
      }));
      const lacking = found.filter(each => each.series === undefined).map(({ seed }) => seed);
      if (lacking.length > 0) missing.push(`${where(title)}${name}: not in ${seedsText(lacking)}.`);
      const lines = found.flatMap(({ seed, series }) => {
        if (series === undefined) return [];
        const points = series.points
          .map(([at, value]) => ({ x: at, y: value ?? Number.NaN }))
          .filter(point => !(x.log && point.x <= 0))
          .map(point => (y.log && point.y <= 0 ? { x: point.x, y: Number.NaN } : point))
          .sort((a, b) => a.x - b.x);
        if (points.length < series.points.length) cut = true;
        return [{ seed, points }];
      });
      const role = found.find(each => each.series?.role)?.series?.role;
      const means = meansOf(lines.map(({ points }) => points));
      if (lines.length > 1 && means.length === 0)
        missing.push(`${where(title)}${name}: no moment that all seeds have, so no mean.`);
      return { name, role, lines, means };
    });
    const shaded = own.find(({ panel }) => panel?.shaded)?.panel?.shaded ?? [];
    return { title, series, marks: marksOf(own.flatMap(({ panel }) => panel?.marks ?? [])), shaded };
  });
  if (cut) missing.push(`Points at ${x.label} 0 have no place on a logarithmic axis.`);
  return { panels, missing };
}

const where = (title: string): string => (title === '' ? '' : `${title}, `);

function meansOf(lines: readonly (readonly Point[])[]): (Mean & { x: number })[] {
  const at = new Map<number, number[]>();
  for (const points of lines) {
    const seen = new Set<number>();
    for (const { x, y } of points) {
      if (!Number.isFinite(y) || seen.has(x)) continue;
      seen.add(x);
      at.set(x, [...(at.get(x) ?? []), y]);
    }
  }
  return [...at]
    .filter(([, values]) => values.length === lines.length)
    .map(([x, values]) => ({ x, ...meanOf(values) }))
    .sort((a, b) => a.x - b.x);
}

function marksOf(marks: readonly LineMark[]): { label: string; at: number[] }[] {
  const labels = [...new Set(marks.map(({ label }) => label))];
  return labels.map(label => ({
    label,
    at: marks.filter(mark => mark.label === label).map(({ x }) => x),
  }));
}

/** Fewer points for a small picture, the ends among them. */
export function thinned<T>(points: readonly T[], most: number): T[] {
  const stride = Math.ceil(points.length / most);
  return points.filter((_, i) => i % stride === 0 || i === points.length - 1);
}
