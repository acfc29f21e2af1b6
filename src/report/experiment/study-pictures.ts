import type { Metric } from '../../evaluation/contract.ts';
import { rateEstimate } from '../../evaluation/statistics/two-arm.ts';
import { type Drawing, inBothSizes } from '../drawing.ts';
import { escapeHtml } from '../html.ts';
import { key } from '../page.ts';
import { type ForestRow, forestOf, halo, tickText } from './forest.ts';
import { countText, levelScale, relativeScale, shareText, shown } from './numbers.ts';
import { leavesOut } from './over-time.ts';
import type { Grouping, Rate, Study } from './study.ts';

/** What a study's trials are measured by. */
export const success: Metric = { name: 'success', kind: 'binary', better: 'higher' };

/** A grouping as rows of a forest: an interval that leaves 0 out has a colour. */
const groupRows = ({ groups }: Grouping): ForestRow[] =>
  groups.flatMap(({ name, change }) => {
    if (change === undefined) return [];
    const found = shown(change);
    const color = found === undefined || !leavesOut(found) ? '--quiet' : found.value > 0 ? '--good' : '--bad';
    return [{ name, estimate: change, color }];
  });

/** How many intervals of a grouping leave 0 out. */
export const leftOut = ({ groups }: Grouping): number =>
  groups.filter(({ change }) => {
    const found = change && shown(change);
    return found !== undefined && leavesOut(found);
  }).length;

/** One of the two figures; both have the same width, so that they stand side by side. */
export function groupingPicture(
  drawing: Drawing,
  grouping: Grouping,
  like: readonly Grouping[],
  label: string,
): string {
  const range = like.flatMap(({ groups }) =>
    groups.flatMap(({ change }) => {
      const found = change && shown(change);
      return found ? [found.low, found.high] : [];
    }),
  );
  const rows = groupRows(grouping);
  if (rows.length === 0) return '';
  const look = { scale: relativeScale, zero: true, label, range };
  return forestOf(drawing, rows, look, 440, true);
}

const lineColors = ['--accent', '--warn', '--good', '--quiet', '--bad'];
const lineColor = (i: number): string => lineColors[i % lineColors.length];

/** How success moved while nothing was changed. */
export function driftPicture({ Plot, svg }: Drawing, drift: NonNullable<Study['drift']>): string {
  const lines = drift.filter(({ at, rate }) => Number.isFinite(at) && Number.isFinite(rate));
  if (lines.length < 2) return '';
  const names = [...new Set(lines.map(({ of }) => of))];
  const scale = levelScale(success);
  const keys = names.map((name, i) => `<span>${key(lineColor(i))}${escapeHtml(name)}</span>`).join(' ');
  const picture = inBothSizes((width, narrow) =>
    svg(
      {
        width,
        height: narrow ? 220 : 240,
        marginLeft: 54,
        marginRight: 18,
        marginBottom: 40,
        grid: true,
        x: { label: 'weeks', labelOffset: 36, ticks: width / 90 },
        y: { label: null, ticks: 5, transform: (rate: number) => rate * 100, tickFormat: tickText(scale) },
        marks: [
          Plot.lineY(lines, {
            x: 'at',
            y: 'rate',
            z: 'of',
            stroke: ({ of }) => `var(${lineColor(names.indexOf(of))})`,
            strokeWidth: 1.8,
          }),
        ],
      },
      'Share of successes over time',
    ),
  );
  return names.length > 1 ? `${picture}<p class="legend keys">${keys}</p>` : picture;
}

/** In how many regroupings so many of the intervals contain 0, and where the order of time lies. */
export function regroupingPicture(
  { Plot, svg }: Drawing,
  { counts, intervals }: Study['regroupings'],
  inOrder: number,
): string {
  const all = counts.reduce((sum, count) => sum + count, 0);
  if (all === 0) return '';
  const bars = counts.map((count, k) => ({ k, share: (count / all) * 100 }));
  return inBothSizes((width, narrow) =>
    svg(
      {
        width,
        height: narrow ? 230 : 260,
        marginLeft: 52,
        marginRight: 14,
        marginTop: 34,
        marginBottom: 54,
        x: {
          type: 'band',
          domain: Array.from({ length: intervals + 1 }, (_, k) => k),
          label: `of ${intervals} intervals, so many contain 0`,
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: 40,
          padding: 0.18,
        },
        y: { label: null, grid: true, ticks: 5, tickFormat: at => `${at}\u00a0%` },
        marks: [
          Plot.barY(bars, { x: 'k', y: 'share', fill: 'var(--accent)' }),
          Plot.ruleY([0], { stroke: 'currentColor', strokeOpacity: 0.7 }),
          Plot.ruleX([inOrder], { x: k => k, stroke: 'var(--bad)', strokeWidth: 2 }),
          Plot.text([inOrder], {
            x: k => k,
            frameAnchor: 'top',
            dy: -18,
            fill: 'var(--bad)',
            text: () => 'in order of time',
          }),
        ],
      },
      `How many of ${intervals} intervals contain 0 over ${all} random regroupings`,
    ),
  );
}

/** Letters that a line of a name holds; two of them are as wide as a font is high. */
const phoneLine = 48;
const deskLine = 46;

/**
 * False positives by design: the line is what was promised, the whiskers (Wilson, 95 %) what so many
 * simulations leave open.
 */
export function ratesPicture(
  { Plot, svg }: Drawing,
  rates: readonly Rate[],
  nominal: number,
  nameOf: (rate: Rate) => string,
): string {
  const rows = rates
    .map(rate => ({ rate, found: shown(rateEstimate({ successes: rate.rejected, n: rate.of })) }))
    .flatMap(({ rate, found }, i) => {
      if (found === undefined) return [];
      const { value: share, low, high } = found;
      const color = low > nominal ? 'var(--bad)' : rate.honest ? 'var(--good)' : 'var(--quiet)';
      return [
        {
          at: String(i),
          share: share * 100,
          low: low * 100,
          high: high * 100,
          color,
          name: nameOf(rate),
          says: shareText(share),
        },
      ];
    });
  if (rows.length === 0) return '';
  const most = Math.max(nominal * 200, ...rows.map(({ high }) => high));
  const longest = Math.max(...rows.map(({ name }) => name.length));
  // On a phone the name stands above its bar, on two lines where it has to.
  const wrapped = longest > phoneLine;
  return inBothSizes((width, narrow) =>
    svg(
      {
        width,
        height: rows.length * (narrow ? (wrapped ? 64 : 46) : 34) + 36,
        marginLeft: narrow ? 22 : Math.min(longest, deskLine) * 7.2 + 20,
        marginRight: 64,
        marginTop: 4,
        marginBottom: 32,
        x: {
          domain: [0, most],
          label: null,
          ticks: narrow ? 5 : 8,
          grid: true,
          tickFormat: at => `${at}\u00a0%`,
        },
        y: { axis: null, domain: rows.map(({ at }) => at), padding: narrow ? (wrapped ? 0.73 : 0.62) : 0.4 },
        marks: [
          Plot.barX(rows, { x: 'share', y: 'at', fill: 'color', fillOpacity: 0.75, dy: narrow ? 8 : 0 }),
          Plot.ruleY(rows, {
            x1: 'low',
            x2: 'high',
            y: 'at',
            stroke: 'currentColor',
            strokeWidth: 1.4,
            dy: narrow ? 8 : 0,
          }),
          Plot.ruleX([nominal * 100], { stroke: 'currentColor', strokeDasharray: '4 3', strokeWidth: 1.4 }),
          Plot.text(rows, {
            y: 'at',
            text: 'name',
            frameAnchor: 'left',
            textAnchor: narrow ? 'start' : 'end',
            lineAnchor: narrow ? 'bottom' : 'middle',
            lineWidth: (narrow ? phoneLine : deskLine) / 2,
            dx: narrow ? -14 : -10,
            dy: narrow ? -4 : 0,
            ...halo,
          }),
          Plot.text(rows, {
            x: 'high',
            y: 'at',
            text: 'says',
            textAnchor: 'start',
            dx: 8,
            dy: narrow ? 8 : 0,
          }),
        ],
        color: { type: 'identity' },
      },
      `False positives: ${rows.map(({ name, says }) => `${name} ${says}`).join('; ')}`,
    ),
  );
}

export const manyText = (rates: readonly Rate[]): string => {
  const counts = [...new Set(rates.map(({ of }) => of))].sort((a, b) => a - b);
  return counts.length === 1
    ? countText(counts[0])
    : `${countText(counts[0])} to ${countText(counts[counts.length - 1])}`;
};
