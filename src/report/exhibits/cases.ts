import { escapeHtml, figureText } from '../html.ts';
import type { CasesExhibit } from './contract.ts';
import { exhibitSection, folded, type Seeds } from './seeds.ts';

/** A table a seed. Columns of numbers alone stand to the right. */
export function casesSection(seeds: Seeds<CasesExhibit>, missing: readonly string[]): string {
  const [{ exhibit, seed }] = seeds;
  const which = seeds.length > 1 ? `<p class="axes">seed ${seed}</p>` : '';
  return exhibitSection(exhibit, `${which}${table(exhibit)}${folded(seeds, table)}`, missing);
}

/** Texts of more letters get room on a phone. */
const LONG = 24;

function table({ columns, rows }: CasesExhibit): string {
  if (rows.length === 0) return '<p class="legend">No cases.</p>';
  const numeric = columns.map((_, i) => rows.every(row => typeof row[i] !== 'string'));
  const long = columns.map((_, i) => rows.some(row => String(row[i]).length > LONG));
  const kind = (i: number) => (numeric[i] ? 'number' : long[i] ? 'words long' : 'words');
  const head = columns.map((name, i) => `<th class="${kind(i)}">${escapeHtml(name)}</th>`).join('');
  const body = rows.map(
    row => `<tr>${row.map((cell, i) => `<td class="${kind(i)}">${cellText(cell)}</td>`).join('')}</tr>`,
  );
  return `<div class="scroll"><table class="cases"><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}

const cellText = (cell: string | number | null): string =>
  cell === null ? '' : typeof cell === 'number' ? figureText(cell) : escapeHtml(cell);
