import type { Analysis } from '../../evaluation/contract.ts';
import { type Drawing, drawing } from '../drawing.ts';
import { escapeHtml } from '../html.ts';
import { section } from '../page.ts';
import { verdictHeading } from './heading.ts';
import {
  countText,
  differenceScale,
  intervalText,
  levelScale,
  levelText,
  pText,
  reasonOf,
  scaledText,
  shown,
  valueText,
} from './numbers.ts';
import { effectPictures, overTimePictures, strataPictures } from './pictures.ts';
import type { Grouping, Layers, Rate, Study } from './study.ts';
import {
  driftPicture,
  groupingPicture,
  leftOut,
  manyText,
  ratesPicture,
  regroupingPicture,
  success,
} from './study-pictures.ts';
import { experimentStyle } from './style.ts';
import { armsTable, comparisonsTable, guardsTable } from './tables.ts';

/**
 * The sections of a study of evaluation itself, in a run's report: the same trials read wrongly and rightly.
 */
export async function studySections(study: Study): Promise<string> {
  const draw = await drawing();
  return [
    `<style>${experimentStyle}</style>`,
    groupings(draw, study),
    regroupings(draw, study),
    waysToAssign(draw, 'Ways to assign', study.designs, study),
    waysToAssign(draw, 'Ways to assign, in simulated worlds', study.simulated ?? [], study),
    peeking(draw, study),
    experiment(draw, study.experiment),
    layers(study.layers),
    planted(study),
  ].join('\n');
}

/** The two figures, side by side. */
function groupings(draw: Drawing, { about, sequential, random, drift = [] }: Study): string {
  const moved = driftPicture(draw, drift);
  const both = [sequential, random];
  const figure = (grouping: Grouping, title: string, label: string): string => {
    const compared = grouping.groups.filter(({ change }) => change !== undefined).length;
    const out = leftOut(grouping);
    return `<figure class="card titled"><h3>${title}</h3>${groupingPicture(draw, grouping, both, label)}
<figcaption>${out} of ${compared} intervals leave 0 out. Nothing was changed between the groups. Intervals: ${escapeHtml(grouping.method)}.</figcaption></figure>`;
  };
  const body = `<p>${escapeHtml(about)}.</p>
<div class="beside">${figure(sequential, 'in order of time, against the last group', 'Groups in order of time')}
${figure(random, 'the same trials, assigned at random', 'Groups drawn at random')}</div>
${moved && `<figure class="card titled"><h3>what moved meanwhile: share of successes</h3>${moved}</figure>`}`;
  return section('The same trials, compared in two ways', body);
}

function regroupings(draw: Drawing, { regroupings, sequential, experiment }: Study): string {
  const { counts, intervals } = regroupings;
  const all = counts.reduce((sum, count) => sum + count, 0);
  if (all === 0) return '';
  const mean = counts.reduce((sum, count, k) => sum + k * count, 0) / all;
  const inOrder = intervals - leftOut(sequential);
  const words = `Over ${countText(all)} random regroupings of the same trials, ${mean.toFixed(2)} of ${intervals} intervals contain 0 on average, and ${(experiment.design.level * intervals).toFixed(1)} are promised. In order of time: ${inOrder}.`;
  const picture = regroupingPicture(draw, regroupings, inOrder);
  return section('Drawn again and again', `<div class="card">${picture}<p class="legend">${words}</p></div>`);
}

function waysToAssign(draw: Drawing, title: string, rates: readonly Rate[], { experiment }: Study): string {
  const nominal = 1 - experiment.design.level;
  const picture = ratesPicture(draw, rates, nominal, ({ name, analysis }) => `${name}, ${analysis}`);
  if (picture === '') return '';
  const words = `How often ${manyText(rates)} experiments without any effect find one. Dashed: the ${levelText(nominal)} that was promised; thin lines: what so many simulations leave open. Red: above by more than that.`;
  return section(title, `<div class="card">${picture}<p class="legend">${words}</p></div>`);
}

function peeking(draw: Drawing, { peeking, experiment }: Study): string {
  const nominal = 1 - experiment.design.level;
  const looksOf = new Map(peeking.map(rate => [rate, rate.looks]));
  const picture = ratesPicture(draw, peeking, nominal, rate => {
    const looks = looksOf.get(rate as Study['peeking'][number]);
    const often = looks === 'every' ? 'a look at every trial' : looks === 1 ? 'one look' : `${looks} looks`;
    return `${rate.name}, ${often}`;
  });
  if (picture === '') return '';
  const words =
    'False positives of whoever stops at the first interval that leaves 0 out. A fixed-horizon interval is made for one look; the always-valid ones hold at all of them.';
  return section('Peeking', `<div class="card">${picture}<p class="legend">${words}</p></div>`);
}

/** Real arms, run side by side: in short, for the run's report has more to say. */
const experiment = (draw: Drawing, analysis: Analysis): string =>
  [
    verdictHeading(analysis, 'h2'),
    effectPictures(draw, analysis),
    overTimePictures(draw, analysis),
    strataPictures(draw, analysis),
    armsTable(analysis),
    comparisonsTable(analysis),
    guardsTable(analysis),
  ].join('\n');

function layers({ rows, columns, cells, independence, interaction }: Layers): string {
  const rates = levelScale(success);
  const head = columns.arms.map(arm => `<th>${escapeHtml(columns.layer)}: ${escapeHtml(arm)}</th>`).join('');
  const body = rows.arms
    .map((arm, i) => {
      const inner = cells[i]
        .map(({ successes, n }) =>
          n > 0
            ? `<td>${scaledText(successes / n, rates, 1)}<br><span class="legend">${countText(successes)} of ${countText(n)}</span></td>`
            : '<td><span class="legend">no trial</span></td>',
        )
        .join('');
      return `<tr><th>${escapeHtml(rows.layer)}: ${escapeHtml(arm)}</th>${inner}</tr>`;
    })
    .join('\n');
  const scale = differenceScale(success);
  const found = shown(interaction);
  const acts = found
    ? `Interaction: ${valueText(found, scale)} (${intervalText(found, scale)}), the difference of differences.`
    : `Interaction: not estimable: ${reasonOf(interaction)}.`;
  const drawn = independence.estimable
    ? `Independence of the draws: p ${pText(independence.p)}.`
    : `Independence of the draws: not estimable: ${independence.reason}.`;
  return section(
    'Two experiments at once, in two layers',
    `<div class="card scroll"><table class="crossing"><thead><tr><th></th>${head}</tr></thead><tbody>${body}</tbody></table>
<p class="legend">Share of successes. ${escapeHtml(drawn)} ${escapeHtml(acts)}</p></div>`,
  );
}

/** Faults that were planted on purpose: here a guard that fires is what is wanted. */
function planted({ planted }: Study): string {
  if (planted.length === 0) return '';
  const rows = planted.map(
    ({
      name,
      passed,
      says,
    }) => `<tr><td class="${passed ? 'pass' : 'fail'}">${passed ? '✓ caught' : '✗ missed'}</td>
<td>${escapeHtml(name)}</td><td class="words">${escapeHtml(says)}</td></tr>`,
  );
  return section(
    'Faults that were planted',
    `<div class="card scroll"><table class="guards"><tbody>${rows.join('\n')}</tbody></table></div>`,
  );
}
