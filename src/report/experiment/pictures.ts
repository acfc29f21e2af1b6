import type { Analysis, Comparison, TestResult } from '../../evaluation/contract.ts';
import type { Drawing } from '../drawing.ts';
import { escapeHtml } from '../html.ts';
import { key, section } from '../page.ts';
import { type ForestRow, forest, forestOf } from './forest.ts';
import { differenceScale, levelScale, levelText, pText, relativeScale, shown } from './numbers.ts';
import { overTime, peekingLesson } from './over-time.ts';
import { type ArmValue, distribution, type PairedDifference, pairedPicture } from './values.ts';
import { colorOf, sequenceDecides } from './words.ts';

export const card = (inner: string): string => `<div class="card">${inner}</div>`;
export const titled = (title: string, picture: string): string =>
  picture === '' ? '' : `<figure class="titled"><h3>${escapeHtml(title)}</h3>${picture}</figure>`;

/** Every arm against the baseline: the effect to publish, and the difference with both intervals. */
export function effectPictures(drawing: Drawing, analysis: Analysis): string {
  const { comparisons, design } = analysis;
  if (comparisons.length === 0) return '';
  const colorFor = (arm: string) => colorOf(analysis.verdicts.find(verdict => verdict.arm === arm)?.standing);
  const relative = comparisons.map(
    ({ arm, relative }): ForestRow => ({ name: arm, estimate: relative, color: colorFor(arm) }),
  );
  const difference = comparisons.map(
    ({ arm, difference, sequential }): ForestRow => ({
      name: arm,
      estimate: difference,
      behind: sequential.estimate,
      color: colorFor(arm),
    }),
  );
  const baseline = comparisons[0].baseline;
  const unit = design.metric.kind === 'binary' ? 'percentage points' : design.metric.name;
  const pictures = [
    relative.some(({ estimate }) => shown(estimate)) &&
      titled(
        `relative to ${baseline}`,
        forest(drawing, relative, { scale: relativeScale, zero: true, label: 'Relative effect' }),
      ),
    titled(
      `difference from ${baseline}, in ${unit}`,
      forest(drawing, difference, {
        scale: differenceScale(design.metric),
        zero: true,
        label: 'Difference',
      }),
    ),
  ];
  const several =
    comparisons.length > 1
      ? ' Each interval is for its arm alone; the adjusted p below allows for there being several.'
      : '';
  const level = levelText(design.level);
  const sequence = comparisons.some(({ sequential }) => shown(sequential.estimate))
    ? ' Pale, behind the difference: the confidence sequence.'
    : '';
  const lines = sequenceDecides(design)
    ? `Relative: always valid. Difference: the line is the fixed-horizon interval at ${level}; the confidence sequence, pale behind it, decides here.`
    : `Lines: ${level} intervals, fixed horizon, which decide here.${sequence}`;
  return section(
    'Effect',
    card(`${pictures.filter(Boolean).join('\n')}\n<p class="legend">${lines}${several}</p>`),
  );
}

/** The effect at every look, a picture an arm. */
export function overTimePictures(drawing: Drawing, { comparisons, design }: Analysis): string {
  const scale = differenceScale(design.metric);
  const { unit } = design;
  const end = design.stopping.rule === 'fixed' ? design.stopping.units : undefined;
  const pictures = comparisons.flatMap(comparison => {
    const picture = overTime(drawing, comparison.looks, { scale, unit, end });
    if (picture === '') return [];
    const lesson = `<figcaption>${escapeHtml(peekingLesson(comparison, { unit, end }))}</figcaption>`;
    return `<figure class="titled"><h3>${escapeHtml(comparison.arm)}</h3>${picture}${lesson}</figure>`;
  });
  if (pictures.length === 0) return '';
  const sequenced = comparisons.some(({ looks }) => looks.some(({ sequence }) => shown(sequence)));
  const sequence = sequenced ? ` <span>${key('--second')}confidence sequence: may be looked at</span>` : '';
  const legend = `<span>${key('--accent')}effect so far, fixed-horizon interval: not to be peeked at</span>${sequence}`;
  return section('Effect over time', card(`${pictures.join('\n')}<p class="legend keys">${legend}</p>`));
}

export interface Observed {
  /** Of the metric, a trial each; drawn where it is a number. */
  readonly values?: readonly ArmValue[] | undefined;
  /** Of the metric, a pair each. */
  readonly paired?: readonly PairedDifference[] | undefined;
}

/** What each arm came to by itself. */
export function armPictures(drawing: Drawing, { arms, design }: Analysis, { values = [] }: Observed): string {
  if (arms.length === 0) return '';
  const rows = arms.map(({ arm, mean }, i) => ({
    name: arm,
    estimate: mean,
    color: i === 0 ? '--quiet' : '--accent',
  }));
  const look = { scale: levelScale(design.metric), zero: false, label: `${design.metric.name} of each arm` };
  const means = titled(
    `${design.metric.kind === 'binary' ? 'rate' : 'mean'} of ${design.metric.name}`,
    forest(drawing, rows, look),
  );
  const names = arms.map(({ arm }) => arm);
  const lie = titled('how the values lie; the line is the mean', distribution(drawing, names, values));
  return section('Arms', card(`${means}${lie}`));
}

/** Every pair's difference, an arm each. */
export function pairedPictures(
  drawing: Drawing,
  { comparisons, design }: Analysis,
  { paired = [] }: Observed,
): string {
  const scale = differenceScale(design.metric);
  const higher = design.metric.better === 'higher';
  const pictures = comparisons.map(({ arm, baseline, difference }) => {
    const own = paired.filter(each => each.arm === arm).map(each => each.difference);
    const won = own.filter(each => (higher ? each > 0 : each < 0)).length;
    const picture = pairedPicture(drawing, own, difference, scale, higher);
    return picture === ''
      ? ''
      : titled(`${arm} minus ${baseline}: better in ${won} of ${own.length} pairs`, picture);
  });
  const body = pictures.filter(Boolean).join('\n');
  return section(
    'Pair by pair',
    body &&
      card(
        `${body}<p class="legend">A bar a pair, in order of size; the band is the mean with its interval.</p>`,
      ),
  );
}

/** More values of a stratum than this are a table's matter. */
const MOST_ROWS = 30;

/** The effect in each value of each stratum, and whether they disagree. */
export function strataPictures(drawing: Drawing, { comparisons, design }: Analysis): string {
  const figures = comparisons.flatMap(comparison => {
    const names = [...new Set(comparison.strata.map(({ stratum }) => stratum))];
    return names.map(name => stratumFigure(drawing, comparison, name, comparisons.length > 1, design.metric));
  });
  return section(
    'Effect by stratum',
    figures.length === 0 ? '' : `<div class="small strata">${figures.join('\n')}</div>`,
  );
}

function stratumFigure(
  drawing: Drawing,
  { arm, strata, relative, difference, homogeneity }: Comparison,
  stratum: string,
  several: boolean,
  metric: Analysis['design']['metric'],
): string {
  const all = strata.filter(each => each.stratum === stratum);
  const rows = all
    .slice(0, MOST_ROWS)
    .map(({ value, estimate }): ForestRow => ({ name: value, estimate, color: '--accent' }));
  const scale = relative.estimable ? relativeScale : differenceScale(metric);
  const whole = shown(relative.estimable ? relative : difference);
  const look = { scale, zero: true, beside: whole?.value, label: `Effect by ${stratum}` };
  const picture = forestOf(drawing, rows, look, 420, true);
  const test = homogeneity.find(each => each.stratum === stratum)?.test;
  const left = all.length > MOST_ROWS ? `The first ${MOST_ROWS} of ${all.length}. ` : '';
  const title = several ? `${arm}, by ${stratum}` : `by ${stratum}`;
  return `<figure class="card"><h3>${escapeHtml(title)}</h3>${picture}<figcaption>${left}${escapeHtml(homogeneityWords(test, whole !== undefined))}</figcaption></figure>`;
}

function homogeneityWords(test: TestResult | undefined, together: boolean): string {
  const dashed = together ? 'Dashed: all together.' : '';
  if (test === undefined) return dashed;
  if (!test.estimable || !Number.isFinite(test.p)) return dashed;
  return test.p < 0.05
    ? `${dashed} They disagree more than chance lets them (p ${pText(test.p)}): read them one by one.`
    : `${dashed} No more different than chance makes them (p ${pText(test.p)}).`;
}
