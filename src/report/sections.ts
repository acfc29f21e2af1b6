import type { MetricRow } from '../core/metric-rows.ts';
import { durationText, escapeHtml, figureText, proseHtml } from './html.ts';
import { glossaryOf } from './metrics-table.ts';
import type { Summary } from './summary.ts';

/** What was trained, and whether it did what it should, in plain words. */
export function heading({
  scenario,
  about,
  seed,
  steps,
  seconds,
  stepsPerSecond,
  checks,
  runs,
}: Summary): string {
  const good = checks.filter(check => check.pass).length;
  const all = ['', 'its check', 'both checks'][checks.length] ?? `all ${checks.length} checks`;
  const failed = good === 0 ? all : `${checks.length - good} of ${checks.length} checks`;
  const verdict =
    checks.length === 0
      ? ''
      : good === checks.length
        ? `<span class="verdict">✓ passed ${all}</span> `
        : `<span class="verdict failed">✗ failed ${failed}</span> `;
  const speed = stepsPerSecond > 0 ? `, ${paceText(stepsPerSecond)} steps a second` : '';
  const who = runs ? `${runs.length} seeds` : `seed ${seed}`;
  return `<header><p>${escapeHtml(scenario)} · ${who}</p>
<h1>${escapeHtml(about)}</h1>
<p>${verdict}after ${steps.toLocaleString('en')} steps${runs ? ' in all' : ''} in ${durationText(seconds)}${speed}</p></header>`;
}

/** Two digits of few, where a step is a whole episode. */
const paceText = (pace: number): string =>
  figureText(pace >= 10 ? Math.round(pace) : Number(pace.toPrecision(2)));

/** What the run said while it went on: before all pictures, for they are read in its light. */
export function warningsSection({ warnings = [] }: Summary): string {
  if (warnings.length === 0) return '';
  const lines = warnings.map(line => `<li>${escapeHtml(line)}</li>`).join('');
  const word = warnings.length === 1 ? 'One warning' : `${warnings.length} warnings`;
  return `<details class="card warned"><summary>${word} while it ran</summary><ul>${lines}</ul></details>`;
}

/** What it takes to run this again. */
export function facts(summary: Summary): string {
  const { command, machine, restarts = 0, versions, options, executor, measured } = summary;
  const list = (record: Readonly<Record<string, number | string>>) =>
    Object.entries(record)
      .map(([name, value]) => `${name} ${typeof value === 'number' ? figureText(value) : value}`)
      .join(', ');
  const rows: (readonly [string, string])[] = [
    ...(command === undefined ? [] : [['again', command] as const]),
    ['executor', measured === undefined ? executor : `${executor} (measured: ${measured})`],
    ['versions', list(versions)],
    ['restarted actors', String(restarts)],
  ];
  if (machine) {
    const { cpu, cores, memoryBytes, system, probe } = machine;
    rows.push(['machine', `${cpu}, ${cores} cores, ${Math.round(memoryBytes / 2 ** 30)} GiB, ${system}`]);
    rows.push(['machine probe', list(probe) || 'not timed']);
  }
  const table = rows
    .map(([name, text]) => `<tr><td>${name}</td><td class="words">${escapeHtml(text)}</td></tr>`)
    .join('\n');
  return `<section><h2>The run</h2><div class="card"><table><tbody>${table}</tbody></table></div>
<details><summary>Options</summary><pre>${escapeHtml(JSON.stringify(options, null, 2))}</pre></details></section>`;
}

/** What the logged figures mean. */
export function wordsSection(rows: readonly MetricRow[]): string {
  const names = new Set(
    rows.flatMap(({ values, time = {} }) => [...Object.keys(values), ...Object.keys(time)]),
  );
  const words = [...glossaryOf(names)]
    .map(
      ([name, sentence]) =>
        `<tr><td><code>${escapeHtml(name)}</code></td><td class="words">${proseHtml(sentence)}</td></tr>`,
    )
    .join('\n');
  if (words === '') return '';
  return `<details><summary>What the figures mean</summary><table><tbody>${words}</tbody></table></details>`;
}
