import type { Analysis } from '../../evaluation/contract.ts';
import { escapeHtml } from '../html.ts';
import { countText } from './numbers.ts';
import { type Badge, badgeOf, failedGuards, overAll, stoppedWords } from './words.ts';

const marks: Readonly<Record<Badge, string>> = {
  better: '▲ better',
  worse: '▼ worse',
  undecided: '○ undecided',
  'not to be trusted': '✗ not to be trusted',
};
const badgeHtml = (badge: Badge): string =>
  `<span class="verdict ${badge.replaceAll(' ', '-')}">${marks[badge]}</span>`;

/** A number stays with its sign of per cent. */
const sentence = (text: string): string => escapeHtml(text.replace(/(\d) %/g, '$1\u00a0%'));

/** The verdict first: what may be said, and whether it may be believed. */
export function verdictHeading(analysis: Analysis, level: 'h1' | 'h2' = 'h1'): string {
  const { design, verdicts, units, trials } = analysis;
  const alone = verdicts.length === 1;
  const counted = `${countText(units)} ${design.unit}s${trials === units ? '' : `, ${countText(trials)} trials`}; ${stoppedWords(analysis)}`;
  const each = alone
    ? ''
    : `<ul class="verdicts">${verdicts
        .map(
          verdict =>
            `<li>${badgeHtml(badgeOf(analysis, verdict))} <span>${sentence(verdict.sentence)}</span></li>`,
        )
        .join('')}</ul>`;
  const badge = alone ? `${badgeHtml(badgeOf(analysis, verdicts[0]))} ` : '';
  const head = `<${level}>${sentence(overAll(analysis))}</${level}>`;
  const above = level === 'h1' ? `<p>${escapeHtml(design.name)} · seed ${analysis.seed}</p>` : '';
  return `<header class="experiment">${above}${head}
<p>${badge}after ${counted}</p>${each}</header>${distrust(analysis)}`;
}

/** What the guards found stands before all pictures, for they are read in its light. */
function distrust(analysis: Analysis): string {
  const failed = failedGuards(analysis);
  if (failed.length === 0) return '';
  const lines = failed
    .map(({ name, says }) => `<li><b>${escapeHtml(name)}</b>: ${escapeHtml(says)}</li>`)
    .join('');
  const word = failed.length === 1 ? 'A guard failed' : `${failed.length} guards failed`;
  return `<div class="card distrusted"><b>${word}: whatever the numbers say, do not act on them.</b><ul>${lines}</ul></div>`;
}
