import type { Summary } from '../../report/summary.ts';
import { figure } from './format.ts';
import { widthOf } from './style.ts';

/** At most so many rows of figures on the screen; the report has all. */
const mostRows = 12;
/** More arms than these stand below each other. */
const mostBeside = 3;

/**
 * The figures a run ended with. Arms of the run that measured the same things (`evaluation.return`, `controls.zero.return`)
 * stand side by side; many arms are a row each, with as many figures as fit.
 * @param columns that there are
 */
export function figureRows({ metrics, runs }: Summary, columns: number): string[][] {
  const parts = Object.entries(metrics)
    .filter(([name]) => name !== 'steps') // stands in the heading
    .map(([name, value]) => ({ arm: name.slice(0, Math.max(0, name.lastIndexOf('.'))), name, value }));
  const arms = [...new Set(parts.map(part => part.arm).filter(arm => arm !== ''))];
  const over = runs ? 'medians' : '';
  const rows =
    arms.length < 2
      ? inOneColumn(parts, over)
      : arms.length > mostBeside
        ? armByArm(metrics, arms, over, columns)
        : sideBySide(metrics, arms, over);
  const rest = rows.length - mostRows;
  return rest > 1 ? [...rows.slice(0, mostRows), [`… ${rest} more in the report`]] : rows;
}

function inOneColumn(parts: readonly { name: string; value: number }[], over: string): string[][] {
  const rows = parts.map(({ name, value }) => [name, figure(value)]);
  return over === '' ? rows : [[over], ...rows];
}

const ownRows = (metrics: Summary['metrics']): string[][] =>
  Object.entries(metrics)
    .filter(([name]) => !name.includes('.') && name !== 'steps')
    .map(([name, value]) => [name, figure(value)]);

const namesOf = (metrics: Summary['metrics'], arms: readonly string[]): string[] => {
  const names = arms.flatMap(arm =>
    Object.keys(metrics)
      .filter(name => name.startsWith(`${arm}.`))
      .map(lastPart),
  );
  return [...new Set(names)];
};

const cell = (metrics: Summary['metrics'], arm: string, name: string): string =>
  `${arm}.${name}` in metrics ? figure(metrics[`${arm}.${name}`]) : '';

const sideBySide = (metrics: Summary['metrics'], arms: readonly string[], over: string): string[][] => [
  ...ownRows(metrics),
  [over, ...arms.map(lastPart)],
  ...namesOf(metrics, arms).map(name => [name, ...arms.map(arm => cell(metrics, arm, name))]),
];

function armByArm(
  metrics: Summary['metrics'],
  arms: readonly string[],
  over: string,
  columns: number,
): string[][] {
  const names = namesOf(metrics, arms);
  const own = ownRows(metrics);
  const widest = (texts: readonly string[]) => Math.max(...texts.map(widthOf));
  const firstName =
    names[0] === undefined ? 0 : widest([names[0], ...arms.map(arm => cell(metrics, arm, names[0]))]);
  let room =
    columns -
    widest([over, ...arms, ...own.map(([name]) => name)]) -
    Math.max(firstName, ...own.map(([, value]) => value.length)) -
    2;
  const fit = names.slice(1).filter(name => {
    room -= 2 + widest([name, ...arms.map(arm => cell(metrics, arm, name))]);
    return room >= 0;
  });
  const shown = [...names.slice(0, 1), ...fit];
  return [
    ...own,
    [over, ...shown],
    ...arms.map(arm => [arm, ...shown.map(name => cell(metrics, arm, name))]),
  ];
}

const lastPart = (path: string): string => path.slice(path.lastIndexOf('.') + 1);
