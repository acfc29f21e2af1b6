import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { linkFigures, metricTable } from '../../src/report/metrics-table.ts';

it('docs/runs.md explains every figure as the report does', () => {
  const page = readFileSync(new URL('../../docs/runs.md', import.meta.url), 'utf8');
  const rows = Object.entries(metricTable).map(([name, text]) => `| \`${name}\` | ${text} |`);
  for (const [name, text] of Object.entries(linkFigures)) {
    rows.push(`| \`<from>_to_<to>_${name}\` | Of each link: ${text} |`);
  }
  expect(rows.filter(row => !page.includes(row))).toEqual([]);
  expect(rows.length).toBeGreaterThan(10);
});
