import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRow, metricRow, parseRow, readRows } from '../../src/core/metric-rows.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'troupe-rows-'));

describe('a row of metrics', () => {
  it('is one line of JSON, wall-clock figures apart', () => {
    const row = {
      source: 'learner',
      step: 2048,
      values: { entropy: 1.5, explained_variance: Number.NaN, low: Number.NEGATIVE_INFINITY },
      time: { seconds: 0.25 },
    };
    expect(formatRow(row)).toBe(
      '{"source":"learner","step":2048,"values":{"entropy":1.5,"explained_variance":"NaN","low":"-Infinity"},"time":{"seconds":0.25}}',
    );
    expect(parseRow(formatRow(row), 'x')).toEqual(row);
  });

  it('round trips any figures', () => {
    const name = fc.string().filter(key => key !== '__proto__');
    const figures = fc.dictionary(name, fc.double());
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.nat(), figures, (source, step, values) => {
        const line = formatRow({ source, step, values });
        expect(line).not.toContain('\n');
        expect(formatRow(parseRow(line, 'x'))).toBe(line);
      }),
    );
  });

  it('is checked where it comes from outside', () => {
    expect(metricRow.safeParse({ source: 'a', step: 1, values: { x: Number.NaN } }).success).toBe(true);
    expect(metricRow.safeParse({ source: 'a', step: 1, values: { x: '1' } }).success).toBe(false);
    expect(metricRow.safeParse({ source: 'a', step: 1.5, values: {} }).success).toBe(false);
    expect(() => parseRow('{"source":"a","step":-1,"values":{}}', 'f:3')).toThrow(/^f:3: step = -1: /);
    expect(() => parseRow('{"source', 'f:3')).toThrow('f:3: not a line of metrics: {"source');
  });
});

describe('readRows', () => {
  it('reads whole lines only', () => {
    const file = join(folder(), 'metrics.jsonl');
    expect(readRows(file)).toEqual([]);
    const row = { source: 'a', step: 1, values: { x: 1 } };
    writeFileSync(file, `${formatRow(row)}\n${formatRow(row)}\n{"source":"a","st`);
    expect(readRows(file)).toEqual([row, row]);
  });

  it('names the line that is broken', () => {
    const file = join(folder(), 'metrics.jsonl');
    writeFileSync(file, `${formatRow({ source: 'a', step: 1, values: {} })}\n?\n`);
    expect(() => readRows(file)).toThrow(`${file}:2: not a line of metrics: ?`);
  });
});
