import type { CheckResult, Summary } from '../../report/summary.ts';
import type { Over } from '../../scenarios/contract.ts';
import { count, duration, figure, table } from './format.ts';
import { type Style, widthOf } from './style.ts';

export interface FinalScreen {
  readonly summary: Summary;
  /** Where the page is, as the user would type it. */
  readonly report: string;
  readonly smoke: boolean;
  /** What to type next, where there is something. */
  readonly next: string | undefined;
}

/** What stands on the screen when a run is done: the checks, the key figures, and where to go from here. */
export function finalLines(screen: FinalScreen, style: Style): string[] {
  const { summary, report, smoke, next } = screen;
  const { bold, dim } = style;
  const facts = [
    `done in ${duration(summary.seconds)}`,
    `${count(summary.steps)} steps`,
    ...(summary.stepsPerSecond > 0 ? [`${count(summary.stepsPerSecond)} steps/s`] : []),
    ...(summary.executor === 'none' ? [] : [summary.executor]),
    ...(summary.restarts ? [`${summary.restarts} restarts`] : []),
  ];
  const seeds = summary.runs ? `${summary.runs.length} seeds` : `seed ${summary.seed}`;
  return [
    '',
    `  ${bold(summary.scenario)} ${dim('·')} ${seeds} ${dim(`· ${facts.join(' · ')}`)}`,
    ...section(summary.checks.map(check => checkRow(check, style))),
    ...(smoke && !summary.passed ? ['', dim('  A smoke run is too short to pass its checks.')] : []),
    ...section(figureRows(summary), '<>>>>>').map(dim),
    '',
    `  ${dim('report')}  ${report}`,
    ...(next === undefined ? [] : [`  ${dim('next')}    ${next}`]),
    '',
  ];
}

const section = (rows: readonly string[][], align = ''): string[] =>
  rows.length === 0 ? [] : ['', ...table(rows, widthOf, align).map(line => `  ${line}`)];

function checkRow(check: CheckResult, { green, red, dim, bold }: Style): string[] {
  const unit = check.unit ? ` ${check.unit}` : '';
  const bars = [
    ...(check.atLeast === undefined ? [] : [`≥ ${figure(check.atLeast)}${unit}`]),
    ...(check.atMost === undefined ? [] : [`≤ ${figure(check.atMost)}${unit}`]),
  ];
  const over = check.over === undefined ? '' : `${overWords(check.over)}: ${seedValues(check)}`;
  return [
    check.pass ? green('✓') : red('✗'),
    check.name,
    bold(`${figure(check.value)}${unit}`),
    dim(bars.join(' and ')),
    dim(over),
  ];
}

const overWords = (over: Over): string =>
  over === 'median' ? 'median' : over === 'every' ? 'every seed' : `${over.atLeast} of ${over.of}`;
const seedValues = ({ values = [] }: CheckResult): string => values.map(figure).join(', ');

/** At most so many rows of figures on the screen; the report has all. */
const mostRows = 12;

/**
 * The figures a run ended with. Arms of the run that measured the same things (`evaluation.return`, `controls.zero.return`)
 * stand side by side.
 */
function figureRows({ metrics, runs }: Summary): string[][] {
  const parts = Object.entries(metrics)
    .filter(([name]) => name !== 'steps') // stands in the heading
    .map(([name, value]) => ({ arm: name.slice(0, Math.max(0, name.lastIndexOf('.'))), name, value }));
  const arms = [...new Set(parts.map(part => part.arm).filter(arm => arm !== ''))];
  const over = runs ? 'medians' : '';
  const rows = arms.length < 2 ? inOneColumn(parts, over) : sideBySide(metrics, arms, over);
  const rest = rows.length - mostRows;
  return rest > 1 ? [...rows.slice(0, mostRows), [`… ${rest} more in the report`]] : rows;
}

function inOneColumn(parts: readonly { name: string; value: number }[], over: string): string[][] {
  const rows = parts.map(({ name, value }) => [name, figure(value)]);
  return over === '' ? rows : [[over], ...rows];
}

function sideBySide(metrics: Summary['metrics'], arms: readonly string[], over: string): string[][] {
  const own = Object.entries(metrics).filter(([name]) => !name.includes('.') && name !== 'steps');
  const names = arms.flatMap(arm =>
    Object.keys(metrics)
      .filter(name => name.startsWith(`${arm}.`))
      .map(lastPart),
  );
  return [
    ...own.map(([name, value]) => [name, figure(value)]),
    [over, ...arms.map(lastPart)],
    ...[...new Set(names)].map(name => [
      name,
      ...arms.map(arm => (`${arm}.${name}` in metrics ? figure(metrics[`${arm}.${name}`]) : '')),
    ]),
  ];
}

const lastPart = (path: string): string => path.slice(path.lastIndexOf('.') + 1);
