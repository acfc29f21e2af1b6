import { escapeHtml, figureText } from './html.ts';
import type { Summary } from './summary.ts';

/** A figure of a summary's `metrics`. */
export interface Figure {
  readonly path: string;
  /** Who it is of: `evaluation` of `evaluation.return`; empty for the run's own. */
  readonly group: string;
  readonly name: string;
}

/**
 * The figures by whom they are of. Of many arms, what an arm has in groups of its own is told with the arm:
 * `kept.final` of `wide`, where `wide` has figures beside it. The steps are left out: a heading has them.
 */
export function figuresOf(metrics: Summary['metrics']): { figures: Figure[]; ofArms: boolean } {
  const figures = Object.keys(metrics)
    .filter(path => path !== 'steps')
    .map((path): Figure => {
      const dot = path.lastIndexOf('.');
      return { path, group: path.slice(0, Math.max(0, dot)), name: path.slice(dot + 1) };
    });
  const groups = unique(figures.map(({ group }) => group));
  if (groups.length <= MOST_COLUMNS) return { figures, ofArms: false };
  const nested = figures.map(figure => {
    const arm = armOf(figure.group, groups);
    return { ...figure, group: arm, name: arm === '' ? figure.path : figure.path.slice(arm.length + 1) };
  });
  return { figures: nested, ofArms: true };
}

/** The group itself, or the one that it belongs to: `a` of `a.kept`, where `b.kept` belongs to `b`. */
function armOf(group: string, groups: readonly string[]): string {
  const above = groups.filter(other => other !== '' && group.startsWith(`${other}.`));
  const alike = above.find(arm => {
    const rest = group.slice(arm.length);
    return groups.some(other => other !== arm && other !== '' && groups.includes(`${other}${rest}`));
  });
  return alike ?? group;
}

/** More groups than these are arms: a row each. */
const MOST_COLUMNS = 3;

/**
 * The figures that the scenario gave: `evaluation.return` in the row `return`, under `evaluation`. Of many arms, each
 * is a row, and what they measured are columns.
 */
export function figuresSection(summary: Summary): string {
  const { metrics, runs } = summary;
  const { figures, ofArms } = figuresOf(metrics);
  if (figures.length === 0) return '';
  const tables = ofArms ? armTables(figures, summary) : [sideBySide(figures, summary)];
  const over = runs ? ' <span class="legend">(the median, and the range over seeds)</span>' : '';
  const cards = tables.map(table => `<div class="card scroll">${table}</div>`).join('\n');
  return `<section><h2>Figures${over}</h2>${cards}</section>`;
}

const unique = (names: readonly string[]): string[] => [...new Set(names)];
const groupText = (group: string): string => escapeHtml(group.replaceAll('.', ' · '));

function figureCell({ metrics, runs = [] }: Summary, path: string): string {
  const values = runs.map(run => run.metrics[path]).filter(value => value !== undefined);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const range =
    values.length > 1 && low < high
      ? ` <span class="legend">${figureText(low)} … ${figureText(high)}</span>`
      : '';
  return `${figureText(metrics[path])}${range}`;
}

function sideBySide(figures: readonly Figure[], summary: Summary): string {
  const groups = unique(figures.map(({ group }) => group));
  const rows = unique(figures.map(({ name }) => name));
  const head = groups.map(group => `<th class="number">${groupText(group) || 'run'}</th>`);
  const body = rows.map(name => {
    const cells = groups.map(group => cell(figures, { group, name }, summary));
    return `<tr><td><code>${escapeHtml(name)}</code></td>${cells.join('')}</tr>`;
  });
  return table(['<th></th>', ...head], body);
}

function cell(figures: readonly Figure[], of: Omit<Figure, 'path'>, summary: Summary): string {
  const found = figures.find(({ group, name }) => group === of.group && name === of.name);
  return `<td class="number">${found ? figureCell(summary, found.path) : ''}</td>`;
}

const table = (head: readonly string[], body: readonly string[], kind = ''): string =>
  `<table${kind}><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('\n')}</tbody></table>`;

/** A table for arms that share figures; what stands alone is in a list before them. */
function armTables(figures: readonly Figure[], summary: Summary): string[] {
  const [alone, families] = familiesOf(figures);
  const list = alone.map(
    ({ path, group, name }) =>
      `<tr><td>${group === '' ? '' : `${groupText(group)} · `}<code>${escapeHtml(name)}</code></td><td class="number">${figureCell(summary, path)}</td></tr>`,
  );
  const tables = families.map(groups => {
    const own = figures.filter(({ group }) => groups.includes(group));
    const shared = sharedLength(groups);
    const names = unique(own.map(({ name }) => name));
    const head = names.map(name => `<th class="number"><code>${escapeHtml(name)}</code></th>`);
    const body = groups.map(
      group =>
        `<tr><td class="words">${groupText(group.slice(shared))}</td>${names.map(name => cell(own, { group, name }, summary)).join('')}</tr>`,
    );
    return table(['<th></th>', ...head], body, ' class="by-arm"');
  });
  return list.length === 0
    ? tables
    : [`<table class="listed"><tbody>${list.join('\n')}</tbody></table>`, ...tables];
}

/** Groups that are tied by figures of the same name, and the figures of those that are tied to no other. */
function familiesOf(figures: readonly Figure[]): [Figure[], string[][]] {
  const families: { names: Set<string>; groups: string[] }[] = [];
  for (const group of unique(figures.map(figure => figure.group)).filter(Boolean)) {
    const names = figures.filter(figure => figure.group === group).map(({ name }) => name);
    const tied = families.filter(family => names.some(name => family.names.has(name)));
    const [first = { names: new Set<string>(), groups: [] as string[] }, ...others] = tied;
    if (tied.length === 0) families.push(first);
    for (const other of others) {
      families.splice(families.indexOf(other), 1);
      for (const name of other.names) first.names.add(name);
      first.groups.push(...other.groups);
    }
    for (const name of names) first.names.add(name);
    first.groups.push(group);
  }
  const several = families.filter(({ groups }) => groups.length > 1).map(({ groups }) => groups);
  const placed = new Set(several.flat());
  return [figures.filter(({ group }) => !placed.has(group)), several];
}

/** How much the paths of groups begin alike: up to the dot behind `arms` of `arms.wide` and `arms.narrow`. */
function sharedLength(groups: readonly string[]): number {
  const [first] = groups;
  const dots = [...first].flatMap((letter, i) => (letter === '.' ? [i + 1] : []));
  return dots.findLast(end => groups.every(group => group.startsWith(first.slice(0, end)))) ?? 0;
}
