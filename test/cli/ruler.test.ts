import { describe, expect, it } from 'vitest';
import { figure } from '../../src/cli/screen/format.ts';
import { ruler } from '../../src/cli/screen/ruler.ts';

const row = (label: string, low: number, value: number, high: number) => ({
  label,
  low,
  value,
  high,
  text: 'x',
});

describe('a ruler', () => {
  it('draws intervals on one scale, with zero where it is', () => {
    const [better, open, scale] = ruler([row('B', 10, 15, 20), row('long', -10, 0, 10)], figure, 50);
    expect(better).toMatch(/^ {2}B {5} +┊ +├─+●─+┤ +x$/);
    expect(open).toMatch(/^ {2}long {2} +├─+●─+┤ +x$/);
    // Zero stands in one column, and 10 in another.
    expect(open.indexOf('●')).toBe(better.indexOf('┊'));
    expect(open.indexOf('┤')).toBe(better.indexOf('├'));
    expect(scale).toMatch(/^ +-11\.80 +0 +21\.80$/);
    expect(scale.indexOf('0 ', 18)).toBe(better.indexOf('┊'));
  });

  it('crosses zero where an interval does', () => {
    const [line] = ruler([row('B', -4, 2, 9)], figure, 60);
    expect(line).toMatch(/├─+┼─+●─+┤/);
  });

  it.each([200, 80, 60, 40, 30])('fits %d columns, and 80 at most', columns => {
    const rows = [
      row('ppo.learningRate=0.0003 ppo.gamma=0.995', -1e6, 0, 3),
      { ...row('B', 2, 3, 4), text: '+1234.5 % [1000.0, 1400.0]' },
    ];
    for (const line of ruler(rows, figure, columns)) expect(line.length).toBeLessThan(Math.min(columns, 80));
  });

  it('draws an interval of no width', () => {
    expect(ruler([row('B', 0, 0, 0)], figure, 50)[0]).toMatch(/^ {2}B +● +x$/);
  });
});
