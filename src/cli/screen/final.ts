import { barText } from '../../report/html.ts';
import type { CheckResult, Summary } from '../../report/summary.ts';
import type { Over } from '../../scenarios/contract.ts';
import { count, duration, figure } from './format.ts';
import type { Style } from './style.ts';
import { flow, table } from './table.ts';

export interface FinalScreen {
  readonly summary: Summary;
  /** Where the page is, as the user would type it. */
  readonly report: string;
  readonly smoke: boolean;
  /** What to type next, where there is something. */
  readonly next: string | undefined;
}

/**
 * What stands on the screen when a run is done: the checks, the key figures, and where to go from here.
 * @param columns the terminal's width
 */
export function finalLines(screen: FinalScreen, style: Style, columns = Number.POSITIVE_INFINITY): string[] {
  const { summary, report, smoke, next } = screen;
  const { dim } = style;
  const section = (rows: readonly string[][], align = '') =>
    rows.length === 0 ? [] : ['', ...table(rows, align, columns - 2).map(line => `  ${line}`)];
  return [
    '',
    ...headLines(summary, style, columns),
    ...section(summary.checks.map(check => checkRow(check, style))),
    ...(smoke && !summary.passed ? ['', dim('  A smoke run is too short to pass its checks.')] : []),
    ...section(figureRows(summary), '<>>>>>').map(dim),
    '',
    `  ${dim('report')}  ${report}`,
    ...(next === undefined ? [] : [`  ${dim('next')}    ${next}`]),
    '',
  ];
}

/** In one line if it can be: what it ran on goes first. */
function headLines(summary: Summary, { bold, dim }: Style, columns: number): string[] {
  const { scenario, seed, runs, seconds, steps, stepsPerSecond, executor, restarts } = summary;
  const between = dim(' · ');
  const lines = (facts: readonly string[]) =>
    flow(
      [`  ${bold(scenario)}`, runs ? `${runs.length} seeds` : `seed ${seed}`, ...facts.map(dim)],
      between,
      columns,
      '    ',
    );
  const pace = stepsPerSecond > 0 ? [`${count(stepsPerSecond)} steps/s`] : [];
  const facts = [`done in ${duration(seconds)}`, `${count(steps)} steps`, ...pace];
  const more = restarts ? [`${restarts} restarts`] : [];
  const whole = lines([...facts, ...(executor === 'none' ? [] : [executor]), ...more]);
  return whole.length === 1 ? whole : lines([...facts, ...more]);
}

function checkRow(check: CheckResult, { green, red, dim, bold }: Style): string[] {
  const unit = check.unit ? ` ${check.unit}` : '';
  const bars = [
    ...(check.atLeast === undefined ? [] : [`≥ ${barText(check.atLeast)}${unit}`]),
    ...(check.atMost === undefined ? [] : [`≤ ${barText(check.atMost)}${unit}`]),
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
