import { drawing, inBothSizes } from '../drawing.ts';
import { escapeHtml } from '../html.ts';
import type { MatrixExhibit } from './contract.ts';
import { type Grouping, type MatrixOfSeeds, matrixOverSeeds } from './matrix-data.ts';
import { groupColor, matrixPicture } from './matrix-picture.ts';
import { exhibitSection, type Seeds, seedsText } from './seeds.ts';

/** Coloured cells with frames around the groups, and below them who chose what. */
export async function matrixSection(
  seeds: Seeds<MatrixExhibit>,
  missing: readonly string[],
): Promise<string> {
  const [{ exhibit }] = seeds;
  const over = matrixOverSeeds(seeds);
  const draw = await drawing();
  const picture = inBothSizes((width, narrow) => matrixPicture(draw, over, exhibit, { width, narrow }));
  const said = [
    ...(exhibit.axes
      ? [`<b>${escapeHtml(exhibit.axes.row)}</b> down, <b>${escapeHtml(exhibit.axes.column)}</b> across`]
      : []),
    ...(exhibit.unit ? [`in ${escapeHtml(exhibit.unit)}`] : []),
  ];
  const axes = said.length === 0 ? '' : `<p class="axes">${said.join(', ')}</p>`;
  const mean = seeds.length > 1 ? `. The mean of ${seeds.length} seeds.` : '';
  const legend = `<p class="legend"><span class="key strong" style="background:var(--method)"></span>above 0 <span class="key strong" style="background:var(--baseline)"></span>below 0${mean}</p>`;
  return exhibitSection(exhibit, `${axes}${picture}${legend}${plans(over, seeds.length)}`, [
    ...missing,
    ...over.missing,
  ]);
}

/** The groups, most chosen first. */
function plans({ groupings }: MatrixOfSeeds, seeds: number): string {
  if (groupings.length === 0) return '';
  const rows = groupings.map(
    (grouping, i) =>
      `<tr><td>${seeds > 1 ? agreement(grouping, seeds) : 'chosen'}</td><td>${members(grouping, i === 0)}</td></tr>`,
  );
  const framed = groupings.length > 1 ? ' Framed: the groups in the first line.' : '';
  const alike = groupings.length === 1 && groupings[0].seeds.length === seeds && seeds > 1;
  const words = alike ? 'All seeds chose the same groups.' : framed;
  return `<table class="plans"><tbody>${rows.join('')}</tbody></table>${words && `<p class="legend">${words}</p>`}`;
}

const agreement = ({ seeds }: Grouping, all: number): string =>
  `${seeds.length} of ${all} seeds <span class="legend">(${seedsText(seeds).replace(/^seeds? /, '')})</span>`;

const members = ({ groups }: Grouping, framed: boolean): string =>
  groups
    .map(({ name, members }, i) => {
      const tag = framed
        ? `<span class="tag" style="background:${groupColor(i)}">${escapeHtml(name)}</span>`
        : `<b>${escapeHtml(name)}</b> `;
      return `<span class="plan">${tag}${escapeHtml(members.join(', '))}</span>`;
    })
    .join(' ');
