import type { Summary } from '../../report/summary.ts';
import { checkLines } from './final-checks.ts';
import { figureRows } from './final-figures.ts';
import { count, duration, pace } from './format.ts';
import type { Style } from './style.ts';
import { flow, table, wrap } from './table.ts';

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
    rows.length === 0 ? [] : ['', ...indented(table(rows, align, columns - 2))];
  return [
    '',
    ...headLines(summary, style, columns),
    ...(summary.checks.length === 0 ? [] : ['', ...indented(checkLines(summary.checks, style, columns - 2))]),
    ...notMadeLines(summary, columns).map(dim),
    ...(smoke && !summary.passed ? ['', dim('  A smoke run is too short to pass its checks.')] : []),
    ...section(figureRows(summary, columns - 2), '<>>>>>>>>>>>').map(dim),
    '',
    `  ${dim('report')}  ${report}`,
    ...(next === undefined ? [] : [`  ${dim('next')}    ${next}`]),
    '',
  ];
}

/** How many checks the run was without: named in the report. */
function notMadeLines({ notMade = [] }: Summary, columns: number): string[] {
  if (notMade.length === 0) return [];
  const named =
    notMade.length === 1 ? `1 check was not made (${notMade[0]})` : `${notMade.length} checks were not made`;
  return [
    '',
    ...wrap(`${named}: the run was without what they are about.`, columns - 2).map(line => `  ${line}`),
  ];
}

const indented = (lines: readonly string[]): string[] => lines.map(line => (line === '' ? '' : `  ${line}`));

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
  const speed = stepsPerSecond > 0 ? [pace(stepsPerSecond)] : [];
  const facts = [`done in ${duration(seconds)}`, `${count(steps)} steps`, ...speed];
  const more = restarts ? [`${restarts} restarts`] : [];
  const whole = lines([...facts, ...(executor === 'none' ? [] : [executor]), ...more]);
  return whole.length === 1 ? whole : lines([...facts, ...more]);
}
