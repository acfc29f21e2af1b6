import { isControl, nameOf } from '../../report/checks.ts';
import { barText } from '../../report/html.ts';
import type { CheckResult } from '../../report/summary.ts';
import type { Over } from '../../scenarios/contract.ts';
import { figure } from './format.ts';
import type { Style } from './style.ts';
import { widthOf } from './style.ts';
import { table, wrap } from './table.ts';

/** Columns that a check's name needs beside its figures. */
const leastName = 24;
const gap = '  ';

/** The checks, and under a line of their own those of controls. @param columns that there are */
export function checkLines(checks: readonly CheckResult[], style: Style, columns: number): string[] {
  const own = checks.filter(check => !isControl(check));
  const controls = checks.filter(isControl);
  const lines = layout([...own, ...controls], style, columns);
  const title = wrap('Controls, which must fail to do it', columns).map(style.dim);
  const first = own.flatMap((_, i) => lines[i]);
  if (controls.length === 0) return first;
  return [...first, ...(own.length === 0 ? [] : ['']), ...title, ...lines.slice(own.length).flat()];
}

/** The lines of each check: in one line if all fit, else with names broken in their column, else names above figures. */
function layout(checks: readonly CheckResult[], style: Style, columns: number): string[][] {
  const { dim } = style;
  const rows = checks.map(check => [markOf(check, style), nameOf(check), ...figuresOf(check, style)]);
  const whole = table(rows, '', Number.POSITIVE_INFINITY);
  if (whole.every(line => widthOf(line) <= columns)) return whole.map(line => [line]);

  const parts = checks.map(check => ({
    check,
    mark: markOf(check, style),
    value: measuredOf(check, style),
    bars: dim(barsOf(check, '')),
    seeds: dim(seedsOf(check)),
  }));
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map(widthOf));
  const value = widest(parts.map(part => part.value));
  const bars = widest(parts.map(part => part.bars));
  const seeds = widest(parts.map(part => part.seeds));
  const beside = columns - 3 - (gap.length + value) - (gap.length + bars);
  const inLine = seeds > 0 && beside - gap.length - seeds >= leastName;
  const most = widest(checks.map(nameOf));
  const room = Math.min(most, inLine ? beside - gap.length - seeds : beside);
  return parts.map(({ check, mark, value: shown, bars: against, seeds: each }) => {
    if (room < leastName) {
      const name = wrap(nameOf(check), columns - 3).map((line, i) => `${i === 0 ? mark : ' '}${gap}${line}`);
      const below = [`${shown}${gap}${against}`, ...(each === '' ? [] : wrap(each, columns - 5))];
      return [...name, ...below.map(line => `     ${line}`)];
    }
    const [first, ...rest] = wrap(nameOf(check), room);
    const cells = [pad(first, room), pad(shown, value), inLine ? pad(against, bars) : against];
    const head = `${mark}${gap}${[...cells, ...(inLine ? [each] : [])].join(gap)}`.trimEnd();
    const under = inLine || each === '' ? [] : wrap(each, columns - 5).map(line => `     ${line}`);
    return [head, ...rest.map(line => `   ${line}`), ...under];
  });
}

const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));
const markOf = ({ pass }: CheckResult, { green, red }: Style): string => (pass ? green('✓') : red('✗'));
const unitOf = ({ unit }: CheckResult): string => (unit ? ` ${unit}` : '');
const measuredOf = (check: CheckResult, { bold }: Style): string =>
  bold(`${figure(check.value)}${unitOf(check)}`);

/** What is measured, its bars, and what the seeds had. */
function figuresOf(check: CheckResult, style: Style): string[] {
  const { over, values = [] } = check;
  const seeds = over === undefined ? '' : `${overWords(over)}: ${values.map(figure).join(', ')}`;
  return [measuredOf(check, style), style.dim(barsOf(check, unitOf(check))), style.dim(seeds)];
}

function barsOf({ atLeast, atMost }: CheckResult, unit: string): string {
  if (atLeast !== undefined && atLeast === atMost) return `= ${barText(atLeast)}${unit}`;
  return [
    ...(atLeast === undefined ? [] : [`≥ ${barText(atLeast)}${unit}`]),
    ...(atMost === undefined ? [] : [`≤ ${barText(atMost)}${unit}`]),
  ].join(' and ');
}

const seedsOf = ({ over, values = [] }: CheckResult): string =>
  over === undefined
    ? ''
    : `${overWords(over)} of ${values.map(figure).join(', ')}`.replace('every seed of', 'every seed:');

const overWords = (over: Over): string =>
  over === 'median' ? 'median' : over === 'every' ? 'every seed' : `${over.atLeast} of ${over.of}`;
