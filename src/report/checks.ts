import { barText, escapeHtml, figureText } from './html.ts';
import type { CheckResult, Summary } from './summary.ts';

/** How the names of controls begin: arms that lack what makes a method work. */
const CONTROL = /^control:\s*/;
/** Whether a check is about an arm that must fail to do what the method does. */
export const isControl = ({ name }: CheckResult): boolean => CONTROL.test(name);
/** A check's name, without what says that it is a control. */
export const nameOf = ({ name }: CheckResult): string => name.replace(CONTROL, '');

/** What was measured against its bars, seed by seed; controls stand apart. */
export function checksSection({ checks, runs = [], notMade = [] }: Summary): string {
  if (checks.length + notMade.length === 0) return '';
  const many = checks.some(check => (check.values?.length ?? 0) > 1);
  const seeds = runs.length > 1 ? `seeds ${runs.map(({ seed }) => seed).join(', ')}` : 'by seed';
  const head = `<thead><tr><th></th><th>check</th><th class="number">measured</th><th>bar</th>${many ? `<th>${seeds}</th>` : ''}</tr></thead>`;
  const body = (some: readonly CheckResult[], words: Words, title = '') =>
    some.length === 0
      ? ''
      : `<tbody>${title && `<tr class="part"><th colspan="${many ? 5 : 4}">${title}</th></tr>`}${some.map(check => row(check, words, many)).join('\n')}</tbody>`;
  const own = checks.filter(check => !isControl(check));
  const controls = checks.filter(isControl);
  const bodies = `${body(own, ['passed', 'failed'])}${body(controls, ['it fails', 'it does it'], 'Controls, which must fail to do it')}`;
  const left =
    notMade.length === 0
      ? ''
      : `<p class="legend">Not made, since the run was without what they are about: ${escapeHtml(notMade.join('; '))}.</p>`;
  const table =
    checks.length === 0
      ? ''
      : `<div class="card scroll"><table class="checks">${head}${bodies}</table></div>`;
  return `<section><h2>Checks</h2>${table}${left}</section>`;
}

type Words = readonly [pass: string, fail: string];

const row = (check: CheckResult, [pass, fail]: Words, many: boolean): string =>
  `<tr><td class="${check.pass ? 'pass' : 'fail'}">${check.pass ? '✓' : '✗'}<span class="said"> ${check.pass ? pass : fail}</span></td>
<td class="words">${escapeHtml(nameOf(check))}</td><td class="number">${figureText(check.value)}${unitOf(check)}</td><td class="bar">${barOf(check)}</td>
${many ? `<td class="seeds">${(check.values ?? []).map(value => bySeed(check, value)).join(', ')}</td>` : ''}</tr>`;

const unitOf = ({ unit }: CheckResult): string => (unit ? ` ${escapeHtml(unit)}` : '');

function bySeed({ atLeast, atMost }: CheckResult, value: number): string {
  const good = value >= (atLeast ?? -Infinity) && value <= (atMost ?? Infinity);
  return good ? figureText(value) : `<span class="fail">${figureText(value)}</span>`;
}

function barOf(check: CheckResult): string {
  const { atLeast, atMost } = check;
  const bar = (sign: string, value: number) => `${sign} ${barText(value)}${unitOf(check)}`;
  const bars =
    atLeast !== undefined && atLeast === atMost
      ? [bar('=', atLeast)]
      : [atLeast !== undefined && bar('≥', atLeast), atMost !== undefined && bar('≤', atMost)].filter(
          Boolean,
        );
  const { over } = check;
  if ((check.values?.length ?? 0) < 2 || over === undefined) return bars.join(', ');
  const seeds = { median: 'the median', every: 'every seed' };
  const how = typeof over === 'object' ? `${over.atLeast} of ${over.of} seeds` : seeds[over];
  return `${bars.join(', ')} <span class="legend">(${how})</span>`;
}
