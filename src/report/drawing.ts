import { createHash } from 'node:crypto';
import { escapeHtml } from './html.ts';

type Plot = typeof import('@observablehq/plot');
/** What Plot is asked for. */
export type PlotOptions = NonNullable<Parameters<Plot['plot']>[0]>;

/** Plot, and how its pictures become text. */
export interface Drawing {
  readonly Plot: Plot;
  /**
   * An SVG element as text, in letters of 13 pixels on the page's own ground unless the options have a
   * style of their own.
   * @param label what a reader who cannot see it is told
   */
  svg(options: PlotOptions, label?: string): string;
}

/** Loads what pictures are drawn with. */
export async function drawing(): Promise<Drawing> {
  const [Plot, { parseHTML }] = await Promise.all([import('@observablehq/plot'), import('linkedom')]);
  const { document } = parseHTML('<html><body></body></html>') as { document: unknown };
  return {
    Plot,
    svg(options, label) {
      const made = Plot.plot({
        style: { background: 'none', fontSize: '13px' },
        ...options,
        document,
      } as PlotOptions);
      made.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
      const drawn = withSteadyIds(made.outerHTML);
      // Not by setAttribute: linkedom writes `<` and `&` into attributes as they are.
      return label === undefined
        ? drawn
        : drawn.replace('<svg ', `<svg role="img" aria-label="${escapeHtml(label)}" `);
    },
  };
}

/**
 * Plot counts its clips over the life of the process; the same picture is to be the same text
 * whenever it is drawn.
 */
function withSteadyIds(svg: string): string {
  if (!svg.includes('plot-clip-')) return svg;
  const plain = svg.replace(/plot-clip-\d+/g, 'plot-clip-');
  const mark = createHash('sha256').update(plain).digest('hex').slice(0, 12);
  const ids: string[] = [];
  return svg.replace(/plot-clip-\d+/g, id => {
    if (!ids.includes(id)) ids.push(id);
    return `clip-${mark}-${ids.indexOf(id)}`;
  });
}

/** A picture in a size for desks and one for phones; the style shows one of them. */
export const inBothSizes = (draw: (width: number, narrow: boolean) => string): string =>
  `<div class="wide">${draw(860, false)}</div><div class="narrow">${draw(400, true)}</div>`;
