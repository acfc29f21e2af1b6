import { describe, expect, it } from 'vitest';
import { spread } from '../../src/bench/contract.ts';
import { suites } from '../../src/bench/index.ts';
import { probe } from '../../src/bench/probe.ts';

describe('bench', () => {
  it('times the machine: a matrix product and a packed robot, both above nothing and below a second', async () => {
    const { matmul_512_ms: matmul, packed_robot_us: robot } = await probe();
    for (const figure of [matmul, robot / 1000]) {
      expect(figure).toBeGreaterThan(0);
      expect(figure).toBeLessThan(1000);
    }
  });

  it('gives the median and the outer percentiles', () => {
    const values = Array.from({ length: 101 }, (_, i) => 100 - i);
    expect(spread(values)).toEqual({ median: 50, p10: 10, p90: 90 });
    expect(spread([1, 2])).toEqual({ median: 1.5, p10: 1.1, p90: 1.9 });
    expect(() => spread([])).toThrow('at least one');
  });

  it.each(suites)('has the suite $name', async ({ load }) => {
    expect(await load()).toBeTypeOf('function');
  });
});
