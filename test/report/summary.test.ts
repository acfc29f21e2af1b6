import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatSummary, readSummary, type Summary, writeSummary } from '../../src/report/summary.ts';
import { severalSeeds, summaryOf } from './fixture.ts';

const fresh = () => mkdtempSync(join(tmpdir(), 'troupe-summary-'));

describe('summary.json', () => {
  it('comes back as it was, NaN and infinities included', () => {
    const folder = fresh();
    const summary: Summary = {
      ...summaryOf(1),
      metrics: { a: Number.NaN, b: Number.POSITIVE_INFINITY, c: 0.1 },
      checks: [
        {
          name: 'x',
          value: Number.NaN,
          atLeast: 1,
          over: { atLeast: 4, of: 5 },
          values: [1, Number.NaN],
          pass: false,
        },
      ],
    };
    writeSummary(folder, summary);
    expect(readSummary(folder)).toEqual(summary);
    expect(formatSummary(summary)).not.toContain('\n');
    expect(JSON.parse(formatSummary(summary))).toMatchObject({
      metrics: { a: 'NaN', b: 'Infinity', c: 0.1 },
    });
  });

  it('holds several seeds', () => {
    expect(readSummary(severalSeeds([3, 4])).runs?.map(run => [run.seed, run.folder])).toEqual([
      [3, 'seed3'],
      [4, 'seed4'],
    ]);
  });

  it('is named, with the field, where it is not one', () => {
    const folder = fresh();
    expect(() => readSummary(folder)).toThrow(
      `${folder}: no summary.json in it, expected a run that has ended`,
    );
    const path = join(folder, 'summary.json');
    writeFileSync(path, '{');
    expect(() => readSummary(folder)).toThrow(`${path}: cannot be read as JSON`);
    writeFileSync(path, JSON.stringify({ ...summaryOf(1), steps: 'many' }));
    expect(() => readSummary(folder)).toThrow(`${path}: steps = "many": `);
  });
});
