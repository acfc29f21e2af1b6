import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { asError, TroupeError } from '../../core/errors.ts';
import { discard, makeFolder, onDisk, writeFileWhole } from '../../core/files.ts';
import type { Design, Trial } from '../contract.ts';

/** A column of the table of trials, and how SQL names what it holds. */
export interface Column {
  readonly name: string;
  readonly type: 'VARCHAR' | 'BIGINT' | 'TINYINT' | 'DOUBLE';
}

/** One row a trial; what a trial does not have is null. */
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** Which files to write. */
export interface TableFormats {
  /** `trials.duckdb` with the table `trials`. Default: yes. */
  readonly duckdb?: boolean | undefined;
  /** `trials.parquet`. Default: no. */
  readonly parquet?: boolean | undefined;
  /** `trials.csv` (RFC 4180, with a header; null is an empty field). Needs no DuckDB. Default: no. */
  readonly csv?: boolean | undefined;
}

/** What was written. */
export interface ExportedTables {
  readonly files: readonly string[];
  /** What was not, and the command that would help. */
  readonly note?: string;
}

/**
 * The trials as one wide table: trial, unit, index, arm, status, a column of each metric and each stratum,
 * reason. Strata that the design does not name follow its own, by name.
 */
export function tableOf({
  design,
  trials,
}: {
  readonly design: Design;
  readonly trials: readonly Trial[];
}): Table {
  const metrics = [design.metric, ...design.secondary];
  const others = new Set(trials.flatMap(({ strata }) => Object.keys(strata)));
  for (const name of design.strata) others.delete(name);
  const strata = [...design.strata, ...[...others].sort()];
  const columns: Column[] = [
    { name: 'trial', type: 'VARCHAR' },
    { name: 'unit', type: 'VARCHAR' },
    { name: 'index', type: 'BIGINT' },
    { name: 'arm', type: 'VARCHAR' },
    { name: 'status', type: 'VARCHAR' },
    ...metrics.map(({ name, kind }) => ({ name, type: kind === 'binary' ? 'TINYINT' : 'DOUBLE' }) as const),
    ...strata.map(name => ({ name, type: 'VARCHAR' }) as const),
    { name: 'reason', type: 'VARCHAR' },
  ];
  const rows = trials.map(trial => [
    trial.trial,
    trial.unit,
    trial.index,
    trial.arm,
    trial.status,
    ...metrics.map(({ name }) => own(trial.metrics, name)),
    ...strata.map(name => own(trial.strata, name)),
    trial.reason ?? null,
  ]);
  return { columns: withOwnNames(columns), rows };
}

/**
 * Writes the trials for other programs. Each file is written aside and renamed whole. Where DuckDB is not
 * installed, the files that need it are left out, and the note says how to add it: the log has everything.
 * @param folder made where there is none
 * @throws where the system refuses, one line that names the file
 */
export async function exportTables(
  folder: string,
  log: { readonly design: Design; readonly trials: readonly Trial[] },
  { duckdb = true, parquet = false, csv = false }: TableFormats = {},
): Promise<ExportedTables> {
  onDisk(folder, () => makeFolder(folder));
  const table = tableOf(log);
  const files: string[] = [];
  if (csv) {
    const file = join(folder, 'trials.csv');
    writeFileWhole(file, csvOf(table));
    files.push(file);
  }
  const wanted = [...(duckdb ? ['trials.duckdb'] : []), ...(parquet ? ['trials.parquet'] : [])];
  if (wanted.length === 0) return { files };
  const library = await loadDuckDB();
  if (library instanceof Error) {
    const were = wanted.length > 1 ? 'were' : 'was';
    const note = `${wanted.join(' and ')} ${were} not written, since DuckDB cannot be loaded: npm install @duckdb/node-api adds it`;
    return { files, note };
  }
  files.push(...(await writeWithDuckDB(library, folder, table, wanted)));
  return { files };
}

/**
 * A table as RFC 4180 has it: lines end in CR LF; fields with a comma, a quote or a line break are quoted.
 */
export function csvOf({ columns, rows }: Table): string {
  const field = (value: string | number | null) => {
    const text = value === null ? '' : String(value);
    // An empty text is quoted to be told from null; spaces at the ends are dropped by some readers.
    return value === '' || /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [columns.map(({ name }) => name), ...rows].map(row => row.map(field).join(','));
  return `${lines.join('\r\n')}\r\n`;
}

type DuckDB = typeof import('@duckdb/node-api');

/** An optional dependency, loaded when first needed: it takes a while, and many machines do without. */
const loadDuckDB = (): Promise<DuckDB | Error> => import('@duckdb/node-api').catch(asError);

async function writeWithDuckDB(
  { DuckDBInstance }: DuckDB,
  folder: string,
  table: Table,
  wanted: readonly string[],
): Promise<string[]> {
  // A folder, since the database keeps files beside its own while it is open.
  const aside = join(folder, `tables.${process.pid}.part`);
  try {
    discard(aside);
    mkdirSync(aside);
    const database = wanted.includes('trials.duckdb') ? join(aside, 'trials.duckdb') : ':memory:';
    const instance = await DuckDBInstance.create(database, { autoinstall_known_extensions: 'false' });
    try {
      const connection = await instance.connect();
      const columns = table.columns.map(({ name, type }) => `${quoted(name)} ${type}`).join(', ');
      await connection.run(`CREATE TABLE trials (${columns})`);
      fill(await connection.createAppender('trials'), table);
      if (wanted.includes('trials.parquet')) {
        const target = join(aside, 'trials.parquet').replaceAll("'", "''");
        await connection.run(`COPY trials TO '${target}' (FORMAT parquet)`);
      }
      connection.closeSync();
    } finally {
      instance.closeSync();
    }
    for (const name of wanted) renameSync(join(aside, name), join(folder, name));
    return wanted.map(name => join(folder, name));
  } catch (error) {
    const [reason] = asError(error).message.split('\n');
    throw new TroupeError(`${join(folder, wanted[0])}: cannot be written (${reason})`, { cause: error });
  } finally {
    discard(aside);
  }
}

type Appender = Awaited<ReturnType<InstanceType<DuckDB['DuckDBConnection']>['createAppender']>>;

function fill(appender: Appender, { columns, rows }: Table): void {
  for (const row of rows) {
    for (const [index, value] of row.entries()) {
      const { type } = columns[index];
      if (value === null) appender.appendNull();
      else if (type === 'TINYINT') appender.appendTinyInt(Number(value));
      else if (type === 'DOUBLE') appender.appendDouble(Number(value));
      else if (type === 'BIGINT') appender.appendBigInt(BigInt(value));
      else appender.appendVarchar(String(value));
    }
    appender.endRow();
  }
  appender.closeSync();
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const own = <T>(fields: Readonly<Record<string, T>>, name: string): T | null =>
  Object.hasOwn(fields, name) ? fields[name] : null;

/**
 * SQL takes `Day` and `day` for the same, and nobody has checked the names of strata that the design
 * does not have.
 */
function withOwnNames(columns: readonly Column[]): Column[] {
  const taken = new Set(['reason']);
  return columns.map((column, index) => {
    if (index === columns.length - 1) return column; // `reason` itself
    let { name } = column;
    for (let count = 2; taken.has(name.toLowerCase()); count++) name = `${column.name} ${count}`;
    taken.add(name.toLowerCase());
    return { ...column, name };
  });
}
