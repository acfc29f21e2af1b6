import { drawing, inBothSizes } from '../drawing.ts';
import { escapeHtml } from '../html.ts';
import { barsOverSeeds } from './bars-data.ts';
import { groupPicture } from './bars-picture.ts';
import { scaleOf } from './bars-scale.ts';
import type { BarsExhibit } from './contract.ts';
import { exhibitSection, type Seeds } from './seeds.ts';

/** Groups of horizontal bars below each other, all on one scale. */
export async function barsSection(seeds: Seeds<BarsExhibit>, missing: readonly string[]): Promise<string> {
  const [{ exhibit }] = seeds;
  const over = barsOverSeeds(seeds);
  const scale = scaleOf(over.groups, exhibit);
  const draw = await drawing();
  const pictures = over.groups.map((group, i) => {
    // Of many groups, the last has the axis of all.
    const ticks = over.groups.length < 3 || i === over.groups.length - 1;
    const picture = inBothSizes((width, narrow) =>
      groupPicture(draw, group, scale, { width, narrow, ticks }),
    );
    const title = group.name === '' ? '' : `<h3>${escapeHtml(group.name)}</h3>`;
    return `<figure class="bargroup">${title}${picture}</figure>`;
  });
  const axis = exhibit.x.label === '' ? '' : `<p class="axes"><b>${escapeHtml(exhibit.x.label)}</b></p>`;
  const mean = scale.solid ? 'The bar and the number are' : 'The large mark and the number are';
  const several =
    seeds.length > 1
      ? `<p class="legend">A dot a seed (${seeds.length}). ${mean} their mean, the line its 95 % t interval.</p>`
      : '';
  return exhibitSection(exhibit, `${axis}${pictures.join('\n')}${several}`, [...missing, ...over.missing]);
}
