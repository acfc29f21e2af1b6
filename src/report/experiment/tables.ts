import {
  type Analysis,
  type Comparison,
  type Estimate,
  type TestResult,
  USUAL_EFFECT,
} from '../../evaluation/contract.ts';
import { escapeHtml } from '../html.ts';
import { section } from '../page.ts';
import {
  countText,
  differenceScale,
  intervalText,
  levelScale,
  levelText,
  pText,
  reasonOf,
  relativeScale,
  type Scale,
  shareText,
  shown,
  valueText,
} from './numbers.ts';
import { metricWords } from './words.ts';

/** A cell that is HTML already. */
interface Cell {
  readonly html: string;
  readonly kind: 'number' | 'words' | 'plain' | 'pass' | 'fail';
}
const words = (text: string): Cell => ({ html: escapeHtml(text), kind: 'words' });
const plain = (text: string): Cell => ({ html: escapeHtml(text), kind: 'plain' });
const number = (text: string): Cell => ({ html: escapeHtml(text), kind: 'number' });
const nothing: Cell = { html: '', kind: 'plain' };

/** An estimate with its interval, or the reason that there is none. */
function estimateCell(estimate: Estimate, scale: Scale): Cell {
  const found = shown(estimate);
  if (found === undefined)
    return {
      html: `<span class="legend">not estimable: ${escapeHtml(reasonOf(estimate))}</span>`,
      kind: 'words',
    };
  return {
    html: `${valueText(found, scale)} <span class="legend">${intervalText(found, scale)}</span>`,
    kind: 'number',
  };
}

function testCell(test: TestResult): Cell {
  if (test.estimable && Number.isFinite(test.p)) return number(pText(test.p));
  const reason = test.estimable ? 'its p is not a number' : test.reason;
  return { html: `<span class="legend">${escapeHtml(reason)}</span>`, kind: 'words' };
}

/** @param heads a head a column; those of numbers stand right */
export function table(heads: readonly string[], rows: readonly (readonly Cell[])[], name = ''): string {
  const right = heads.map((_, i) => rows.some(row => row[i]?.kind === 'number'));
  const head = heads
    .map((text, i) => `<th${right[i] ? ' class="number"' : ''}>${escapeHtml(text)}</th>`)
    .join('');
  const body = rows
    .map(row => `<tr>${row.map(({ html, kind }) => `<td class="${kind}">${html}</td>`).join('')}</tr>`)
    .join('\n');
  const top = heads.some(Boolean) ? `<thead><tr>${head}</tr></thead>` : '';
  const named = name && ` class="${name}"`;
  return `<table${named}>${top}<tbody>${body}</tbody></table>`;
}

/** A table in its section. */
const tableSection = (title: string, inner: string, legend = ''): string =>
  section(title, `<div class="card scroll">${inner}</div>`, legend);

/** More than these, and each has a row instead of a column. */
const COLUMNS = 4;

/** Named figures of several arms, an arm a column where they are few: a phone can show that. */
function figuresTable(arms: readonly string[], figures: readonly (readonly [string, Cell])[][]): string {
  const kept = figures[0].map((_, i) => figures.some(own => own[i][1].html !== ''));
  const columns = figures.map(own => own.filter((_, i) => kept[i]));
  const names = columns[0].map(([name]) => name);
  if (arms.length > COLUMNS)
    return table(
      ['arm', ...names],
      columns.map((own, i) => [words(arms[i]), ...own.map(([, cell]) => cell)]),
    );
  const rows = names.map((name, i) => [plain(name), ...columns.map(own => own[i][1])]);
  return table(['', ...arms], rows, 'figures');
}

export function armsTable({ arms, design }: Analysis): string {
  if (arms.length === 0) return '';
  const scale = levelScale(design.metric);
  const what =
    design.metric.kind === 'binary' ? `rate of ${design.metric.name}` : `mean ${design.metric.name}`;
  const figures = arms.map(({ assigned, analysed, missing, mean }): [string, Cell][] => [
    ['assigned', number(countText(assigned))],
    ['analysed', number(countText(analysed))],
    ['missing', number(countText(missing))],
    [what, estimateCell(mean, scale)],
  ]);
  const inner = figuresTable(
    arms.map(({ arm }) => arm),
    figures,
  );
  return tableSection('Arms in numbers', inner, `trials; ${levelText(design.level)} intervals`);
}

/** What is known of a comparison: a name and its figure. */
const comparisonFigures = (comparison: Comparison, scale: Scale): [string, Cell][] => [
  ['relative', estimateCell(comparison.relative, relativeScale)],
  ['difference', estimateCell(comparison.difference, scale)],
  ['confidence sequence', estimateCell(comparison.sequential.estimate, scale)],
  ['p', testCell(comparison.test)],
  ['adjusted p', number(pText(comparison.adjustedP))],
  ['always-valid p', number(pText(comparison.sequential.p))],
  [
    'power',
    comparison.power === undefined || !Number.isFinite(comparison.power)
      ? nothing
      : number(shareText(comparison.power)),
  ],
  ['made by', words(comparison.method)],
];

/** Columns of which no row says anything are left out. */
function withoutEmpty(heads: readonly string[], rows: readonly (readonly Cell[])[], name?: string): string {
  const kept = heads.map((_, i) => rows.some(row => row[i].html !== ''));
  return table(
    heads.filter((_, i) => kept[i]),
    rows.map(row => row.filter((_, i) => kept[i])),
    name,
  );
}

export function comparisonsTable({ comparisons, design }: Analysis): string {
  if (comparisons.length === 0) return '';
  const scale = differenceScale(design.metric);
  const figures = comparisons.map(comparison => comparisonFigures(comparison, scale));
  const power = `; power: to find ${levelText(design.worthFinding ?? USUAL_EFFECT)}`;
  return tableSection(
    'Comparisons',
    figuresTable(
      comparisons.map(({ arm }) => arm),
      figures,
    ),
    `against ${escapeHtml(comparisons[0].baseline)}${power}`,
  );
}

/** The metrics that were explored beside the one that decides. */
export function secondaryTable({ secondary, design }: Analysis): string {
  if (secondary.length === 0) return '';
  const columns = comparisonFigures(secondary[0].comparison, relativeScale).map(([name]) => name);
  const rows = secondary.map(({ metric, comparison }) => {
    const known = design.secondary.find(({ name }) => name === metric);
    const scale = differenceScale(known ?? { name: metric, kind: 'number', better: 'higher' });
    const figures = comparisonFigures(comparison, scale);
    return [words(metric), words(comparison.arm), ...figures.map(([, cell]) => cell)];
  });
  return tableSection(
    'Secondary metrics',
    withoutEmpty(['metric', 'arm', ...columns], rows),
    'explored; adjusted p: Holm over all of them',
  );
}

export function guardsTable({ guards }: Pick<Analysis, 'guards'>, title = 'Guards'): string {
  if (guards.length === 0) return '';
  const rows = guards.map(({ name, passed, says, p }): Cell[] => [
    { html: passed ? '✓ passed' : '✗ failed', kind: passed ? 'pass' : 'fail' },
    plain(name),
    words(says),
    number(pText(p)),
  ]);
  return tableSection(title, withoutEmpty(['', 'guard', 'says', 'p'], rows, 'guards'));
}

/** Whether the strata disagree. */
export function homogeneityTable({ comparisons }: Analysis): string {
  const rows = comparisons.flatMap(({ arm, homogeneity }) =>
    homogeneity.map(({ stratum, test }) => [
      words(arm),
      plain(stratum),
      number(test.estimable && Number.isFinite(test.statistic) ? test.statistic.toFixed(2) : ''),
      number(test.estimable && test.degrees !== undefined ? countText(test.degrees) : ''),
      testCell(test),
    ]),
  );
  if (rows.length === 0) return '';
  const heads = ['arm', 'stratum', 'statistic', 'degrees', 'p'];
  return tableSection('Do the strata agree?', withoutEmpty(heads, rows));
}

/** A table of names and what they are. */
export const factsTable = (title: string, rows: readonly (readonly [string, string])[]): string =>
  tableSection(
    title,
    table(
      ['', ''],
      rows.map(([name, text]) => [plain(name), words(text)]),
    ),
  );

/** The metrics in words. */
export const secondaryWords = ({ design }: Analysis): string =>
  design.secondary.map(metricWords).join(', ') || 'none';
