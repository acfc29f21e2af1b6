import { durationText, escapeHtml, figureText } from './html.ts';
import { explainMetric, metricTable } from './metrics-table.ts';
import type { CheckResult, Summary } from './summary.ts';

/** What was trained, and whether it did what it should, in one sentence. */
export function heading(summary: Summary): string {
  const { scenario, about, seed, steps, seconds, checks, passed, runs } = summary;
  const good = checks.filter(check => check.pass).length;
  const verdict =
    checks.length === 0
      ? ''
      : `<span class="verdict${passed ? '' : ' failed'}">${passed ? 'All' : `${good} of`} ${checks.length} checks passed</span>`;
  const who = runs ? `${runs.length} seeds` : `seed ${seed}`;
  const speed = `${figureText(summary.stepsPerSecond)} steps a second`;
  return `<header><p>${escapeHtml(scenario)} · ${who}</p>
<h1>${escapeHtml(about)}</h1>
<p>${verdict} ${steps.toLocaleString('en')} steps in ${durationText(seconds)} (${speed})</p></header>`;
}

export function checksTable({ checks }: Summary): string {
  if (checks.length === 0) return '<p>This scenario has no checks.</p>';
  const many = checks.some(check => (check.values?.length ?? 0) > 1);
  const rows = checks.map(
    check => `<tr><td class="${check.pass ? 'pass' : 'fail'}">${check.pass ? '✓ passed' : '✗ failed'}</td>
<td>${escapeHtml(check.name)}</td><td class="number">${figureText(check.value)}${unitOf(check)}</td><td>${barOf(check)}</td>
${many ? `<td>${(check.values ?? []).map(figureText).join(', ')}</td>` : ''}</tr>`,
  );
  return `<div class="card scroll"><table><thead><tr><th></th><th>check</th><th class="number">measured</th><th>bar</th>${many ? '<th>by seed</th>' : ''}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`;
}

const unitOf = ({ unit }: CheckResult): string => (unit ? ` ${escapeHtml(unit)}` : '');

function barOf(check: CheckResult): string {
  const bars = [
    check.atLeast !== undefined && `≥ ${figureText(check.atLeast)}${unitOf(check)}`,
    check.atMost !== undefined && `≤ ${figureText(check.atMost)}${unitOf(check)}`,
  ].filter(Boolean);
  const { over } = check;
  const seeds = (check.values?.length ?? 0) > 1 && over !== undefined;
  const how =
    typeof over === 'object'
      ? `${over.atLeast} of ${over.of} seeds`
      : over === 'every'
        ? 'every seed'
        : 'median';
  return `${bars.join(', ')}${seeds ? ` <span class="legend">(${how})</span>` : ''}`;
}

export function figuresTable({ metrics, runs }: Summary): string {
  const seeds = runs ?? [];
  const head = seeds.map(run => `<th class="number">seed ${run.seed}</th>`).join('');
  const rows = Object.entries(metrics).map(([name, value]) => {
    const each = seeds.map(
      run => `<td class="number">${name in run.metrics ? figureText(run.metrics[name]) : ''}</td>`,
    );
    return `<tr><td><code>${escapeHtml(name)}</code></td><td class="number">${figureText(value)}</td>${each.join('')}</tr>`;
  });
  return `<div class="card scroll"><table><thead><tr><th>figure</th><th class="number">${seeds.length > 0 ? 'median' : 'value'}</th>${head}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`;
}

/** What it takes to run this again, and what the words mean. */
export function facts(summary: Summary): string {
  const { machine, warnings = [], restarts = 0, versions, options, seed, scenario, executor } = summary;
  const probe = Object.entries(machine?.probe ?? {}).map(([name, value]) => `${name} ${figureText(value)}`);
  const rows: [string, string][] = [
    ['again', `npx troupe run ${scenario} --seed ${seed}`],
    ['executor', executor],
    ...(machine
      ? ([
          [
            'machine',
            `${machine.cpu}, ${machine.cores} cores, ${Math.round(machine.memoryBytes / 2 ** 30)} GiB, ${machine.system}`,
          ],
          ['machine probe', probe.join(', ') || 'not timed'],
        ] as [string, string][])
      : []),
    [
      'versions',
      Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
    ],
    ['restarted actors', String(restarts)],
  ];
  const table = rows
    .map(([name, text]) => `<tr><td>${name}</td><td>${escapeHtml(text)}</td></tr>`)
    .join('\n');
  const warned =
    warnings.length > 0
      ? `<h2>Warnings</h2><div class="card"><ul>${warnings.map(line => `<li>${escapeHtml(line)}</li>`).join('')}</ul></div>`
      : '';
  const words = Object.keys(metricTable)
    .map(name => `<tr><td><code>${name}</code></td><td>${escapeHtml(explainMetric(name))}</td></tr>`)
    .join('\n');
  return `<section>${warned}<h2>The run</h2><div class="card scroll"><table><tbody>${table}</tbody></table></div>
<details><summary>Options</summary><pre>${escapeHtml(JSON.stringify(options, null, 2))}</pre></details>
<details><summary>What the figures mean</summary><div class="scroll"><table><tbody>${words}</tbody></table></div></details></section>`;
}
