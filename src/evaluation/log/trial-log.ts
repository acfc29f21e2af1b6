import { closeSync, existsSync, fdatasyncSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { TroupeError, usageError } from '../../core/errors.ts';
import { makeInner, onDisk } from '../../core/files.ts';
import { assertSameDesign } from '../assignment/design.ts';
import type { Design, LogRecord } from '../contract.ts';
import { chainedLine, linkOf, verifyLog } from './chain.ts';
import { type Line, linesOf } from './lines.ts';
import { parseRecord } from './record.ts';
import { LogRules } from './rules.ts';

/** How a log is opened. */
export interface LogOptions {
  /**
   * Whether each line holds the hash of the one before. Default: as the file has it, `false` for a new one.
   */
  readonly chained?: boolean | undefined;
  /** The design that the experiment is believed to have: another one in the file is an error. */
  readonly design?: Design | undefined;
}

/**
 * The records of a log, one at a time; a last line without its end is left out. Whether a chained log was
 * edited, `verifyLog` says.
 * @throws a usage error that names the file, the line and the field, where a line is no record or may not
 * stand there
 */
export function* readLog(
  file: string,
  options: Pick<LogOptions, 'design'> = {},
): Generator<LogRecord, void, undefined> {
  const rules = new LogRules();
  for (const line of linesOf(file)) {
    if (line.whole) yield take(line, file, rules, options.design);
  }
}

/** An open log: what stood in it, and what may be added. */
export class TrialLog {
  readonly file: string;
  readonly chained: boolean;
  /** What stood in the file when it was opened. */
  readonly records: readonly LogRecord[];
  readonly #rules: LogRules;
  readonly #descriptor: number;
  #size: number;
  #lines: number;
  #head: string | undefined;
  #state: 'open' | 'failed' | 'closed' = 'open';

  /** Use `openLog`. */
  constructor(file: string, options: LogOptions) {
    const rules = new LogRules();
    const { records, size, chained, head } = readForAppending(file, rules, options);
    this.file = file;
    this.records = records;
    this.chained = chained ?? options.chained ?? false;
    this.#rules = rules;
    this.#size = size;
    this.#lines = records.length;
    this.#head = head;
    this.#descriptor = onDisk(file, () => {
      makeInner(dirname(file));
      return openSync(file, 'a');
    });
    onDisk(file, () => ftruncateSync(this.#descriptor, size));
  }

  /**
   * The last line's hash, of a chained log that has a line. Published, it shows any later change of the file.
   */
  get head(): string | undefined {
    return this.#head;
  }

  /**
   * Adds records and waits until they are on the disk: once for all of them, so hand over batches.
   * @throws a usage error that says what was expected where one may not stand there; those before
   * it are written
   */
  append(records: LogRecord | readonly LogRecord[]): void {
    if (this.#state === 'closed') throw new TroupeError(`${this.file}: the log is closed`);
    if (this.#state === 'failed') throw new TroupeError(`${this.file}: its last write failed: open it again`);
    const lines: string[] = [];
    try {
      for (const record of 'type' in records ? [records] : records) lines.push(this.#lineOf(record));
    } finally {
      if (lines.length > 0) this.#write(Buffer.from(`${lines.join('\n')}\n`));
    }
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    closeSync(this.#descriptor);
  }

  #lineOf(record: LogRecord): string {
    const where = `${this.file}:${this.#lines + 1}`;
    const parsed = parseRecord(record, where);
    this.#rules.push(parsed, where);
    this.#lines++;
    if (!this.chained) return JSON.stringify(parsed);
    const first = parsed.type === 'opened' ? parsed.designHash : '';
    const { line, hash } = chainedLine(parsed, this.#head ?? first);
    this.#head = hash;
    return line;
  }

  #write(bytes: Uint8Array): void {
    // Until all is on the disk, nobody knows what is.
    this.#state = 'failed';
    onDisk(this.file, () => {
      const { size } = fstatSync(this.#descriptor);
      if (size !== this.#size)
        throw new TroupeError(
          `${this.file}: another process writes it too (${size} bytes, ${this.#size} are ours)`,
        );
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor, bytes, at);
      fdatasyncSync(this.#descriptor);
    });
    this.#size += bytes.length;
    this.#state = 'open';
  }
}

/**
 * Opens a log for appending: a new file, or one whose records are read, checked and gone on with. A last line
 * without its end (its writer was killed) is cut off.
 * @throws a usage error where the file is not a log, holds another design, or its hash chain is broken
 */
export const openLog = (file: string, options: LogOptions = {}): TrialLog => new TrialLog(file, options);

function readForAppending(file: string, rules: LogRules, { chained, design }: LogOptions) {
  const records: LogRecord[] = [];
  let size = 0;
  let head: string | undefined;
  let isChained: boolean | undefined;
  for (const line of existsSync(file) ? linesOf(file) : []) {
    if (!line.whole) break;
    isChained ??= line.bytes.includes(',"hash":"');
    if (isChained) {
      const link = linkOf(line);
      if (typeof link === 'string' || (head === undefined ? !link.isFirst : link.previous !== head)) {
        const check = verifyLog(file);
        throw usageError(`${file}: ${check.intact ? `line ${line.number} does not fit` : check.says}`);
      }
      head = link.hash;
    }
    records.push(take(line, file, rules, design));
    size = line.end;
  }
  if (isChained !== undefined && chained !== undefined && chained !== isChained) {
    const has = isChained ? 'has a hash chain' : 'has no hash chain';
    throw usageError(`${file}: chained = ${chained}: expected ${isChained}, since the file ${has}`);
  }
  return { records, size, head, chained: isChained };
}

function take(line: Line, file: string, rules: LogRules, design: Design | undefined): LogRecord {
  const where = `${file}:${line.number}`;
  const record = parseRecord(fieldsOf(line, where), where);
  rules.push(record, where);
  if (record.type === 'opened' && design) assertSameDesign(record.design, design, where);
  return record;
}

function fieldsOf({ bytes }: Line, where: string): unknown {
  const text = bytes.toString();
  try {
    const data: unknown = JSON.parse(text);
    if (typeof data !== 'object' || data === null || !('hash' in data && 'previous' in data)) return data;
    const { hash: _, previous: __, ...record } = data;
    return record;
  } catch (error) {
    throw usageError(
      `${where}: not a record, expected a line of JSON, got ${JSON.stringify(text.slice(0, 60))}`,
      error,
    );
  }
}
