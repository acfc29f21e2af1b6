import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readRows } from '../../src/core/metric-rows.ts';
import { explainMetric } from '../../src/report/metrics-table.ts';
import { playShort } from './short-run.ts';

test.each(['half-cheetah-sac', 'ant-sac', 'reacher-td3', 'quadruped'])(
  'a short run of %s learns, is judged beside its controls and filmed, and every figure is explained',
  { timeout: 300_000 },
  async name => {
    const { folder, summary } = await playShort(name, 1);
    const { metrics } = summary;
    for (const who of ['evaluation', 'controls.random', 'controls.zero']) {
      expect(metrics[`${who}.return`], who).toBeTypeOf('number');
    }
    expect(metrics['evaluation.return']).not.toBe(metrics['controls.random.return']);
    for (const file of ['film.json', 'report.html', 'policy']) {
      expect(existsSync(join(folder, file)), file).toBe(true);
    }
    for (const { name, pass } of summary.checks.filter(check => check.name.startsWith('control: '))) {
      expect(pass, name).toBe(true);
    }
    const rows = readRows(join(folder, 'metrics.jsonl'));
    const learned = rows.filter(({ source }) => source === 'learner').at(-1);
    expect(learned?.step).toBe(metrics['steps']);
    const names = new Set(
      rows.flatMap(({ values, time }) => [...Object.keys(values), ...Object.keys(time ?? {})]),
    );
    expect([...names].filter(figure => explainMetric(figure) === '')).toEqual([]);
  },
);
