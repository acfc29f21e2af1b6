import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trialsOf } from '../../../src/evaluation/log/join.ts';
import { csvOf, exportTables, tableOf } from '../../../src/evaluation/log/tables.ts';
import { anyText, assigned, opened, outcome, recordsOf } from './designs.ts';

const folder = () => mkdtempSync(join(tmpdir(), "troupe-tables-o'"));
const log = trialsOf(recordsOf(14));

const hasDuckDB = (() => {
  try {
    return createRequire(import.meta.url)('@duckdb/node-api') !== undefined;
  } catch {
    return false;
  }
})();

describe('the table of trials', () => {
  it('has a row a trial and a column of each metric and stratum', () => {
    const { columns, rows } = tableOf(log);
    expect(columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'trial VARCHAR',
      'unit VARCHAR',
      'index BIGINT',
      'arm VARCHAR',
      'status VARCHAR',
      'success TINYINT',
      'seconds DOUBLE',
      'operator VARCHAR',
      'reason VARCHAR',
    ]);
    expect(rows).toHaveLength(14);
    expect(rows[1]).toEqual(['t1', 't1', 1, log.trials[1].arm, 'done', 1, 3.125, 'Zoë 1', null]);
    expect(rows[6].slice(4)).toEqual(['failed', null, null, 'Zoë 0', 'dropped,\n"twice"']);
  });

  it('has strata that the design does not name after its own, under names of their own', () => {
    const strata = { operator: 'a', Success: 'x', reason: 'y', day: '1', Day: '2' };
    const { columns, rows } = tableOf(trialsOf([opened, assigned(0), outcome(0, { strata })]));
    expect(columns.map(({ name }) => name).slice(5)).toEqual([
      'success',
      'seconds',
      'operator',
      'Day',
      'Success 2',
      'day 2',
      'reason 2',
      'reason',
    ]);
    expect(rows[0].slice(7)).toEqual(['a', '2', 'x', '1', 'y', null]);
  });
});

describe('CSV', () => {
  it('quotes what would be taken for its own marks', () => {
    const columns = ['a', 'b, c'].map(name => ({ name, type: 'VARCHAR' }) as const);
    const rows = [
      ['say "hi"', 'two\nlines'],
      [null, ''],
      [' x', 1.5],
    ];
    expect(csvOf({ columns, rows })).toBe('a,"b, c"\r\n"say ""hi""","two\nlines"\r\n,""\r\n" x",1.5\r\n');
  });

  it('reads back as it was', () => {
    const cell = fc.oneof(anyText, fc.constantFrom('"', ',', '\r\n', '""', ''));
    const table = fc
      .integer({ min: 1, max: 4 })
      .chain(width =>
        fc.array(fc.array(fc.option(cell), { minLength: width, maxLength: width }), { minLength: 1 }),
      );
    fc.assert(
      fc.property(table, rows => {
        const columns = rows[0].map((_, index) => ({ name: `c${index}`, type: 'VARCHAR' }) as const);
        expect(parsed(csvOf({ columns, rows })).slice(1)).toEqual(rows);
      }),
    );
  });

  it('is written on request, without DuckDB', async () => {
    const to = join(folder(), 'inner');
    const { files, note } = await exportTables(to, log, { duckdb: false, csv: true });
    expect(files).toEqual([join(to, 'trials.csv')]);
    expect(note).toBeUndefined();
    const lines = parsed(readFileSync(files[0], 'utf8'));
    expect(lines).toHaveLength(15);
    expect(lines[7][8]).toBe('dropped,\n"twice"');
    expect(readdirSync(to)).toEqual(['trials.csv']);
  });
});

describe.skipIf(!hasDuckDB)('DuckDB (skipped where @duckdb/node-api is not installed)', () => {
  const query = async (database: string, sql: string) => {
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const instance = await DuckDBInstance.create(database);
    const connection = await instance.connect();
    const rows = (await connection.runAndReadAll(sql)).getRowsJS();
    connection.closeSync();
    instance.closeSync();
    return rows;
  };
  const expected = tableOf(log).rows.map(row =>
    row.map((value, i) => (i === 2 ? BigInt(value ?? 0) : value)),
  );

  it('gives back the trials from the database, from Parquet and from CSV', async () => {
    const to = folder();
    const { files, note } = await exportTables(to, log, { parquet: true, csv: true });
    expect(note).toBeUndefined();
    expect(files.map(file => file.slice(to.length + 1))).toEqual([
      'trials.csv',
      'trials.duckdb',
      'trials.parquet',
    ]);
    expect(readdirSync(to).sort()).toEqual(['trials.csv', 'trials.duckdb', 'trials.parquet']);
    expect(await query(join(to, 'trials.duckdb'), 'SELECT * FROM trials ORDER BY "index"')).toEqual(expected);
    const path = to.replaceAll("'", "''");
    expect(await query(':memory:', `SELECT * FROM '${path}/trials.parquet' ORDER BY "index"`)).toEqual(
      expected,
    );
    const csv = `SELECT * FROM read_csv('${path}/trials.csv', all_varchar = true)`;
    expect(await query(':memory:', csv)).toEqual(
      expected.map(row => row.map(value => (value === null ? null : String(value)))),
    );
    const counts = `SELECT arm, count(*)::INTEGER, sum(success)::INTEGER FROM trials WHERE status = 'done' GROUP BY arm ORDER BY arm`;
    expect(await query(join(to, 'trials.duckdb'), counts)).toEqual(
      ['hard', 'soft'].map(arm => {
        const done = log.trials.filter(trial => trial.arm === arm && trial.status === 'done');
        return [arm, done.length, done.reduce((sum, { metrics }) => sum + metrics['success'], 0)];
      }),
    );
  });

  it('writes them anew over the old', async () => {
    const to = folder();
    await exportTables(to, trialsOf(recordsOf(3)));
    await exportTables(to, log);
    expect(await query(join(to, 'trials.duckdb'), 'SELECT count(*)::INTEGER FROM trials')).toEqual([[14]]);
  });

  it('takes any text, and any name of a stratum', async () => {
    const to = folder();
    const strata = { operator: 'o\'"; DROP TABLE trials; --', 'a "b" \'c\'': 'é\u{1f600}' };
    const odd = trialsOf([opened, assigned(0), outcome(0, { strata })]);
    await exportTables(to, odd, { parquet: true });
    expect(await query(join(to, 'trials.duckdb'), 'SELECT operator, "a ""b"" \'c\'" FROM trials')).toEqual([
      Object.values(strata),
    ]);
  });

  it('leaves nothing behind where it cannot write', async () => {
    const to = folder();
    mkdirSync(join(to, 'trials.duckdb', 'inside'), { recursive: true });
    await expect(exportTables(to, log)).rejects.toThrow(/trials\.duckdb: cannot be written \(/);
    expect(readdirSync(to)).toEqual(['trials.duckdb']);
  });
});

it('a folder that cannot be is named', async () => {
  const file = join(folder(), 'file');
  writeFileSync(file, '');
  await expect(exportTables(join(file, 'inner'), log, { csv: true })).rejects.toThrow(
    `${join(file, 'inner')}: cannot be written (ENOTDIR`,
  );
  expect(existsSync(join(file, 'inner'))).toBe(false);
});

/** Fields of CSV, read as RFC 4180 says; an empty field without quotes is null. */
function parsed(text: string): (string | null)[][] {
  const rows: (string | null)[][] = [[]];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const [, quoted, plain, end] = match;
    rows[rows.length - 1].push(quoted === undefined ? plain || null : quoted.replaceAll('""', '"'));
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}
