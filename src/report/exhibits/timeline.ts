import { type Drawing, drawing, inBothSizes } from '../drawing.ts';
import { escapeHtml } from '../html.ts';
import type { TimelineExhibit } from './contract.ts';
import { exhibitSection, folded, type Seeds } from './seeds.ts';
import { lanesOf } from './timeline-data.ts';
import { timelinePicture, toneOf } from './timeline-picture.ts';

/** Panels of lanes below each other, all on one axis. */
export async function timelineSection(
  seeds: Seeds<TimelineExhibit>,
  missing: readonly string[],
): Promise<string> {
  const [{ exhibit, seed }] = seeds;
  const draw = await drawing();
  const which = seeds.length > 1 ? `<p class="axes">seed ${seed}</p>` : '';
  const others = folded(seeds, each => panels(draw, each));
  return exhibitSection(exhibit, `${which}${panels(draw, exhibit)}${legend(exhibit)}${others}`, missing);
}

function panels(draw: Drawing, { unit, phases, panels }: TimelineExhibit): string {
  const all = panels.map(lanesOf);
  const end = Math.max(...all.map(({ to }) => to)) || 1;
  return all
    .map((panel, i) => {
      const ticks = i === all.length - 1;
      const picture = inBothSizes((width, narrow) =>
        timelinePicture(draw, panel, { unit, phases, end }, { width, narrow, ticks }),
      );
      const title = panel.title === '' ? '' : `<h3>${escapeHtml(panel.title)}</h3>`;
      return `<figure class="bargroup">${title}${picture}</figure>`;
    })
    .join('\n');
}

function legend({ phases }: TimelineExhibit): string {
  const key = (style: string, name: string) =>
    `<span class="key tone" style="${style}"></span>${escapeHtml(name)}`;
  const named = phases.map((phase, i) => {
    const { fill, opacity } = toneOf(i);
    return key(`background:${fill};opacity:${opacity}`, phase);
  });
  return `<p class="legend">${[...named, key('background:var(--ground)', 'idle')].join(' ')}</p>`;
}
