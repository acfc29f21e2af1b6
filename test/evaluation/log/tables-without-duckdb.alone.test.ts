import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { trialsOf } from '../../../src/evaluation/log/join.ts';
import { exportTables } from '../../../src/evaluation/log/tables.ts';
import { recordsOf } from './designs.ts';

vi.mock('@duckdb/node-api', () => {
  throw new Error("Cannot find package '@duckdb/node-api'");
});

it('without DuckDB the rest is written, and the note says what adds it', async () => {
  const to = mkdtempSync(join(tmpdir(), 'troupe-tables-'));
  const log = trialsOf(recordsOf(3));
  expect(await exportTables(to, log, { parquet: true, csv: true })).toEqual({
    files: [join(to, 'trials.csv')],
    note: 'trials.duckdb and trials.parquet were not written, since DuckDB cannot be loaded: npm install @duckdb/node-api adds it',
  });
  expect(readdirSync(to)).toEqual(['trials.csv']);
  const { note } = await exportTables(to, log);
  expect(note).toMatch(/^trials\.duckdb was not written/);
});
