import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { metricTable } from '../../src/report/metrics-table.ts';

it('docs/runs.md explains every figure as the report does', () => {
  const page = readFileSync(new URL('../../docs/runs.md', import.meta.url), 'utf8');
  const rows = Object.entries(metricTable).map(([name, text]) => `| \`${name}\` | ${text} |`);
  expect(rows.filter(row => !page.includes(row))).toEqual([]);
  expect(rows.length).toBeGreaterThan(10);
});
