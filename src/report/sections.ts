import type { MetricRow } from '../core/metric-rows.ts';
import { barText, durationText, escapeHtml, figureText, proseHtml } from './html.ts';
import { glossaryOf } from './metrics-table.ts';
import type { CheckResult, Summary } from './summary.ts';

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
  const speed = stepsPerSecond > 0 ? `, ${figureText(Math.round(stepsPerSecond))} steps a second` : '';
  const who = runs ? `${runs.length} seeds` : `seed ${seed}`;
  return `<header><p>${escapeHtml(scenario)} · ${who}</p>
<h1>${escapeHtml(about)}</h1>
<p>${verdict}after ${steps.toLocaleString('en')} steps${runs ? ' in all' : ''} in ${durationText(seconds)}${speed}</p></header>`;
}

/** What the run said while it went on: before all pictures, for they are read in its light. */
export function warningsSection({ warnings = [] }: Summary): string {
  if (warnings.length === 0) return '';
  const lines = warnings.map(line => `<li>${escapeHtml(line)}</li>`).join('');
  const word = warnings.length === 1 ? 'One warning' : `${warnings.length} warnings`;
  return `<details class="card warned"><summary>${word} while it ran</summary><ul>${lines}</ul></details>`;
}

export function checksSection({ checks }: Summary): string {
  if (checks.length === 0) return '';
  const many = checks.some(check => (check.values?.length ?? 0) > 1);
  const rows = checks.map(
    check => `<tr><td class="${check.pass ? 'pass' : 'fail'}">${check.pass ? '✓ passed' : '✗ failed'}</td>
<td class="words">${escapeHtml(check.name)}</td><td class="number">${figureText(check.value)}${unitOf(check)}</td><td class="bar">${barOf(check)}</td>
${many ? `<td class="seeds">${(check.values ?? []).map(value => bySeed(check, value)).join(', ')}</td>` : ''}</tr>`,
  );
  return `<section><h2>Checks</h2><div class="card scroll"><table class="checks"><thead><tr><th></th><th>check</th><th class="number">measured</th><th>bar</th>${many ? '<th>by seed</th>' : ''}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div></section>`;
}

const unitOf = ({ unit }: CheckResult): string => (unit ? ` ${escapeHtml(unit)}` : '');

function bySeed({ atLeast, atMost }: CheckResult, value: number): string {
  const good = value >= (atLeast ?? -Infinity) && value <= (atMost ?? Infinity);
  return good ? figureText(value) : `<span class="fail">${figureText(value)}</span>`;
}

function barOf(check: CheckResult): string {
  const bars = [
    check.atLeast !== undefined && `≥ ${barText(check.atLeast)}${unitOf(check)}`,
    check.atMost !== undefined && `≤ ${barText(check.atMost)}${unitOf(check)}`,
  ].filter(Boolean);
  const { over } = check;
  if ((check.values?.length ?? 0) < 2 || over === undefined) return bars.join(', ');
  const seeds = { median: 'the median', every: 'every seed' };
  const how = typeof over === 'object' ? `${over.atLeast} of ${over.of} seeds` : seeds[over];
  return `${bars.join(', ')} <span class="legend">(${how})</span>`;
}

/** The figures that the scenario gave: `evaluation.return` in the row `return`, under `evaluation`. */
export function figuresSection({ metrics, runs }: Summary): string {
  // The heading has the steps.
  const paths = Object.keys(metrics).filter(path => path !== 'steps');
  const split = paths.map(path => {
    const dot = path.lastIndexOf('.');
    return { path, group: path.slice(0, Math.max(0, dot)), name: path.slice(dot + 1) };
  });
  if (split.length === 0) return '';
  const groups = [...new Set(split.map(({ group }) => group))];
  const names = [...new Set(split.map(({ name }) => name))];
  const cell = (name: string, group: string): string => {
    const found = split.find(figure => figure.name === name && figure.group === group);
    return `<td class="number">${found ? figureOf(found.path) : ''}</td>`;
  };
  const figureOf = (path: string): string => {
    const values = (runs ?? []).map(run => run.metrics[path]).filter(value => value !== undefined);
    const range =
      values.length > 1
        ? ` <span class="legend">${figureText(Math.min(...values))} … ${figureText(Math.max(...values))}</span>`
        : '';
    return `${figureText(metrics[path])}${range}`;
  };
  const head = groups
    .map(group => `<th class="number">${escapeHtml(group.replaceAll('.', ' · ') || 'run')}</th>`)
    .join('');
  const rows = names.map(
    name =>
      `<tr><td><code>${escapeHtml(name)}</code></td>${groups.map(group => cell(name, group)).join('')}</tr>`,
  );
  const over = runs ? ' <span class="legend">(the median, and the range over seeds)</span>' : '';
  return `<section><h2>Figures${over}</h2><div class="card scroll"><table><thead><tr><th></th>${head}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div></section>`;
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
