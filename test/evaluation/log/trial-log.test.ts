import { appendFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { LogRecord } from '../../../src/evaluation/contract.ts';
import { verifyLog } from '../../../src/evaluation/log/chain.ts';
import { openLog, readLog } from '../../../src/evaluation/log/trial-log.ts';
import { anyText, assigned, gripper, newFile, opened, outcome, recordsOf } from './designs.ts';

const kinds = [false, true];

function written(records: readonly LogRecord[], chained: boolean): string {
  const file = newFile();
  const log = openLog(file, { chained });
  log.append(records);
  log.close();
  return file;
}

describe.each(kinds)('a log (chained: %s)', chained => {
  it('gives back what was appended, one at a time or many', () => {
    const records = recordsOf(20);
    const file = newFile();
    const log = openLog(file, { chained });
    expect(log.records).toEqual([]);
    log.append(records[0]);
    log.append([]);
    log.append(records.slice(1, 4));
    expect([...readLog(file)]).toEqual(records.slice(0, 4)); // on the disk as soon as it returns
    log.append(records.slice(4));
    log.close();
    log.close();
    expect([...readLog(file)]).toEqual(records);
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(records.length + 1);
    expect(() => log.append(assigned(20))).toThrow(`${file}: the log is closed`);
    expectTypeOf(readLog).returns.toExtend<Iterable<LogRecord>>();
  });

  it('goes on where it stood', () => {
    const records = recordsOf(9);
    const file = written(records.slice(0, 10), chained);
    const log = openLog(file, { design: gripper });
    expect(log.chained).toBe(chained);
    expect(log.records).toEqual(records.slice(0, 10));
    log.append(records.slice(10));
    log.close();
    expect(readFileSync(file)).toEqual(readFileSync(written(records, chained)));
    if (chained)
      expect(verifyLog(file)).toMatchObject({ intact: true, lines: records.length, head: log.head });
  });

  it('reopens cleanly after any prefix of its bytes', () => {
    const records = recordsOf(1);
    const file = written(records, chained);
    const whole = readFileSync(file);
    for (let bytes = whole.length; bytes >= 0; bytes--) {
      truncateSync(file, bytes);
      const kept = whole.subarray(0, bytes).toString('latin1').split('\n').length - 1;
      expect([...readLog(file)]).toEqual(records.slice(0, kept)); // the torn line is left out
      const log = openLog(file, { chained, design: gripper });
      expect(log.records).toEqual(records.slice(0, kept));
      const cut = whole.subarray(0, bytes).lastIndexOf('\n') + 1;
      expect(statSync(file).size).toBe(cut);
      if (bytes % 101 === 0 || bytes === cut) log.append(records.slice(kept));
      else appendFileSync(file, whole.subarray(cut)); // without waiting for the disk
      expect(readFileSync(file).equals(whole)).toBe(true);
      log.close();
    }
  });

  it('refuses to be taken for the other kind', () => {
    const file = written(recordsOf(1), chained);
    expect(() => openLog(file, { chained: !chained })).toThrow(
      `${file}: chained = ${!chained}: expected ${chained}, since the file has ${chained ? 'a' : 'no'} hash chain`,
    );
  });

  it('names the line of a record that may not stand there, and keeps those before it', () => {
    const file = newFile();
    const log = openLog(file, { chained });
    log.append([opened, assigned(0)]);
    expect(() => log.append([outcome(0), outcome(0)])).toThrow(
      `${file}:4: trial = "t0": expected one without an outcome`,
    );
    log.append(assigned(1));
    log.close();
    expect([...readLog(file)]).toEqual([opened, assigned(0), outcome(0), assigned(1)]);
  });

  it('does not write into what another process wrote', () => {
    const file = newFile();
    const log = openLog(file, { chained });
    log.append(opened);
    const size = statSync(file).size;
    appendFileSync(file, '{}\n');
    expect(() => log.append(assigned(0))).toThrow(
      `${file}: another process writes it too (${size + 3} bytes, ${size} are ours)`,
    );
    expect(() => log.append(assigned(0))).toThrow(`${file}: its last write failed: open it again`);
    log.close();
    truncateSync(file, size);
    expect([...readLog(file)]).toEqual([opened]);
  });

  it('holds to the design that it began with', () => {
    const file = written(recordsOf(1), chained);
    const design = { ...gripper, stopping: { rule: 'always-valid', planned: 500, cap: 5000 } } as const;
    const message = `${file}:1: stopping.planned (N*) = 500: expected 1000, as when the experiment began; a design that changes after looking proves nothing`;
    expect(() => openLog(file, { design })).toThrow(message);
    expect(() => [...readLog(file, { design })]).toThrow(message);
    expect([...readLog(file, { design: gripper })]).toHaveLength(3);
  });
});

describe('a line that is no record', () => {
  const lines = readFileSync(written(recordsOf(2), false), 'utf8').split('\n');
  it.each<[string, string, string]>([
    ['no JSON', '{"type":', 'not a record, expected a line of JSON, got "{\\"type\\":"'],
    ['nothing', '', 'not a record, expected a line of JSON, got ""'],
    ['a number', '3', 'expected a type "opened", "assigned", "outcome", "revealed" or "stopped"'],
    ['a list', '[]', 'expected a type "opened", "assigned", "outcome", "revealed" or "stopped"'],
    ['null', 'null', 'expected a type "opened", "assigned", "outcome", "revealed" or "stopped"'],
    ['another type', '{"type":"started"}', 'type = "started": expected a type "opened", "assigned"'],
    ['no trial', '{"type":"assigned","unit":"u","index":1}', 'trial = undefined: expected a text'],
    [
      'half an index',
      '{"type":"assigned","trial":"t","unit":"u","index":1.5}',
      'index = 1.5: expected a whole number, at least 0',
    ],
    [
      'an index below 0',
      '{"type":"assigned","trial":"t","unit":"u","index":-1}',
      'index = -1: expected a whole number, at least 0',
    ],
    [
      'an unknown field',
      '{"type":"revealed","trial":"t","arm":"hard","by":"me"}',
      'unknown field "by": expected type, trial, arm',
    ],
    [
      'another status',
      '{"type":"outcome","trial":"t","unit":"t","index":1,"status":"ok","metrics":{},"strata":{}}',
      'status = "ok": expected "done" or "failed"',
    ],
    [
      'a number for a stratum',
      '{"type":"outcome","trial":"t","unit":"t","index":1,"status":"done","metrics":{},"strata":{"day":3}}',
      'strata.day = 3: expected a text',
    ],
    [
      'a metric that JSON could not say',
      lines[2].replace('"seconds":3', '"seconds":null'),
      'metrics.seconds = null: expected a finite number',
    ],
  ])('%s', (_, line, message) => {
    const file = newFile();
    writeFileSync(file, `${lines[0]}\n${lines[1]}\n${line}\n`);
    expect(() => [...readLog(file)]).toThrow(`${file}:3: ${message}`);
    expect(() => openLog(file)).toThrow(`${file}:3: ${message}`);
  });

  it('a design that is none', () => {
    const file = newFile();
    writeFileSync(file, `${lines[0].replace('"level":0.95', '"level":95')}\n`);
    expect(() => [...readLog(file)]).toThrow(
      `${file}:1: design.level = 95: expected a number above 0.5 and below 1`,
    );
  });

  it('a file that is not there', () => {
    const file = newFile();
    expect(() => [...readLog(file)]).toThrow(`${file}: no such file`);
    expect(() => verifyLog(file)).toThrow(`${file}: no such file`);
    const folder = dirname(file);
    expect(() => openLog(folder)).toThrow(`${folder}: cannot be read (EISDIR)`);
    expect(() => openLog(`${folder}/none/of/these`)).toThrow(/none\/of\/these: cannot be written \(ENOENT/);
  });

  it('any bytes: a usage error that names the file, or records', () => {
    const file = newFile();
    const line = fc.oneof(fc.json(), fc.constantFrom(...lines), anyText);
    fc.assert(
      fc.property(fc.array(line), texts => {
        writeFileSync(file, texts.map(text => `${text}\n`).join(''));
        try {
          for (const record of readLog(file)) expect(typeof record.type).toBe('string');
        } catch (error) {
          expect(error).toMatchObject({ kind: 'usage', message: expect.stringContaining(`${file}:`) });
        }
      }),
    );
  });
});

it('lines longer than what is read at once', () => {
  const long = 'x'.repeat(1_500_000);
  const records = [opened, assigned(0), outcome(0, { strata: { operator: long } }), assigned(1)];
  for (const chained of kinds) expect([...readLog(written(records, chained))]).toEqual(records);
});
