import { expect, it } from 'vitest';
import { benchRows } from '../../src/cli/screen/bench-rows.ts';

const plain = { bold: (text: string) => text, dim: (text: string) => text };
const ours = { name: 'MLP', unit: 'ms', median: 0.5, p10: 0.4, p90: 0.6, bar: '≤ 1 ms' };
const stock = { name: 'stock', against: 'MLP', unit: 'ms', median: 9, p10: 8, p90: 10 };

it('puts every other project under the figure that it stands beside', () => {
  const results = [ours, { ...ours, name: 'SAC' }];
  const peers = [{ ...stock, against: 'SAC' }, stock];
  const names = benchRows({ results, peers }, plain).map(([name]) => name);
  expect(names).toEqual(['  MLP', '    stock', '  SAC', '    stock']);
});

it('says the ratio of blocks with its quarters and its bar, or else that of the medians', () => {
  const ratio = { median: 19, q1: 17.5, q3: 20.25 };
  const rows = benchRows({ results: [ours], peers: [{ ...stock, ratio, ratioBar: '≥ 15' }, stock] }, plain);
  expect(rows).toEqual([
    ['  MLP', '0.500', 'ms', '0.400 … 0.600', '≤ 1 ms'],
    ['    stock', '9', 'ms', '8 … 10', 'ours 19× 17.50 … 20.25, ≥ 15'],
    ['    stock', '9', 'ms', '8 … 10', 'ours 18×'],
  ]);
});
