import { type Drawing, drawing, inBothSizes } from '../drawing.ts';
import { escapeHtml } from '../html.ts';
import type { LinesExhibit } from './contract.ts';
import { lineLegend } from './legend.ts';
import { linesOverSeeds, type PanelOfSeeds } from './lines-data.ts';
import { type Frame, frameOf } from './lines-frame.ts';
import { panelPicture } from './lines-picture.ts';
import { type Look, looksOf } from './roles.ts';
import { exhibitSection, type Seeds } from './seeds.ts';

/** Curves as small multiples with the same axes; a single one takes the whole width. */
export async function linesSection(seeds: Seeds<LinesExhibit>, missing: readonly string[]): Promise<string> {
  const [{ exhibit }] = seeds;
  const over = linesOverSeeds(seeds);
  const looks = looksOf(over.panels.flatMap(({ series }) => series));
  const frame = frameOf(over.panels, exhibit);
  const pictures = panels(await drawing(), untold(over.panels, exhibit), frame, looks);
  const axes = `<p class="axes"><b>${escapeHtml(exhibit.y.label)}</b> over ${escapeHtml(exhibit.x.label)}</p>`;
  const several =
    seeds.length > 1 && !frame.scatter
      ? `<p class="legend">Thin: a line a seed (${seeds.length}). Thick: their mean, with its 95 % t interval as a band.</p>`
      : '';
  const body = `${axes}${pictures}${lineLegend(looks, frame.dots || frame.scatter)}${several}`;
  return exhibitSection(exhibit, body, [...missing, ...over.missing]);
}

/** What stands above a single picture anyway is not said again. */
function untold(panels: readonly PanelOfSeeds[], { title, y }: LinesExhibit): readonly PanelOfSeeds[] {
  const [only] = panels;
  const told = panels.length === 1 && [title, y.label].includes(only.title);
  return told ? [{ ...only, title: '' }] : panels;
}

/** On a desk, names of no more letters stand at the lines' ends, where there are no more of them. */
const LONGEST_NAME = 34;
const MOST_NAMES = 14;

function panels(
  draw: Drawing,
  all: readonly PanelOfSeeds[],
  frame: Frame,
  looks: ReadonlyMap<string, Look>,
): string {
  const titled = ({ title }: PanelOfSeeds, picture: string, kind = '') =>
    `<figure${kind}>${title === '' ? '' : `<h3>${escapeHtml(title)}</h3>`}${picture}</figure>`;
  if (all.length === 1) {
    const names = all[0].series.map(({ name }) => name.length);
    const atEnds = !frame.scatter && names.length <= MOST_NAMES && Math.max(...names) <= LONGEST_NAME;
    const sizes = inBothSizes((width, narrow) =>
      panelPicture(draw, all[0], frame, looks, {
        width,
        height: narrow ? 280 : 360,
        names: atEnds && !narrow,
      }),
    );
    return titled(all[0], sizes, atEnds ? ' class="named"' : '');
  }
  const two = all.length === 2 || all.length === 4;
  const size = two ? { width: 430, height: 270, names: false } : { width: 310, height: 220, names: false };
  const pictures = all.map(panel => titled(panel, panelPicture(draw, panel, frame, looks, size)));
  return `<div class="panels ${two ? 'two' : 'three'}">${pictures.join('\n')}</div>`;
}
