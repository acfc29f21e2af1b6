import { type Figure, figuresOf } from '../../report/figures.ts';
import type { Summary } from '../../report/summary.ts';
import { figure } from './format.ts';
import { widthOf } from './style.ts';

/** At most so many rows of figures on the screen; the report has all. */
const mostRows = 12;

/**
 * The figures a run ended with. Arms of the run that measured the same things (`evaluation.return`, `controls.zero.return`)
 * stand side by side; many arms are a row each, with as many figures as fit.
 * @param columns that there are
 */
export function figureRows({ metrics, runs }: Summary, columns: number): string[][] {
  const { figures, ofArms } = figuresOf(metrics);
  const arms = [...new Set(figures.map(({ group }) => group))].filter(Boolean);
  const over = runs ? 'medians' : '';
  const shown: Shown = { metrics, figures, arms, over };
  const rows = arms.length < 2 ? inOneColumn(shown) : ofArms ? armByArm(shown, columns) : sideBySide(shown);
  const rest = rows.length - mostRows;
  return rest > 1 ? [...rows.slice(0, mostRows), [`… ${rest} more in the report`]] : rows;
}

interface Shown {
  readonly metrics: Summary['metrics'];
  readonly figures: readonly Figure[];
  readonly arms: readonly string[];
  /** What they are of several seeds. */
  readonly over: string;
}

function inOneColumn({ metrics, figures, over }: Shown): string[][] {
  const rows = figures.map(({ path }) => [path, figure(metrics[path])]);
  return over === '' ? rows : [[over], ...rows];
}

const ownRows = ({ metrics, figures }: Shown): string[][] =>
  figures.filter(({ group }) => group === '').map(({ path, name }) => [name, figure(metrics[path])]);

const namesOf = ({ figures }: Shown): string[] => [
  ...new Set(figures.filter(({ group }) => group !== '').map(({ name }) => name)),
];

function cell({ metrics, figures }: Shown, arm: string, name: string): string {
  const found = figures.find(each => each.group === arm && each.name === name);
  return found ? figure(metrics[found.path]) : '';
}

const sideBySide = (shown: Shown): string[][] => [
  ...ownRows(shown),
  [shown.over, ...shown.arms.map(arm => arm.slice(arm.lastIndexOf('.') + 1))],
  ...namesOf(shown).map(name => [name, ...shown.arms.map(arm => cell(shown, arm, name))]),
];

function armByArm(shown: Shown, columns: number): string[][] {
  const { arms, over } = shown;
  const own = ownRows(shown);
  const names = namesOf(shown);
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map(widthOf));
  const widthFor = (name: string) => 2 + widest([name, ...arms.map(arm => cell(shown, arm, name))]);
  const [first = '', ...others] = names;
  // The run's own figures stand in the column of the first.
  const least = Math.max(widthFor(first), 2 + widest(own.map(([, value]) => value)));
  let room = columns - widest([over, ...arms, ...own.map(([name]) => name)]) - least;
  const fit = others.filter(name => {
    const width = widthFor(name);
    if (width > room) return false;
    room -= width;
    return true;
  });
  const told = [first, ...fit];
  const rows = arms.map(arm => [arm, ...told.map(name => cell(shown, arm, name))]);
  // One whose figures found no room would be a name alone.
  return [...own, [over, ...told], ...rows.filter(([, ...cells]) => cells.some(Boolean))];
}
