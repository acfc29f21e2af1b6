import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chainedLine, verifyLog } from '../../../src/evaluation/log/chain.ts';
import { openLog } from '../../../src/evaluation/log/trial-log.ts';
import { assigned, gripper, newFile, recordsOf } from './designs.ts';

const file = newFile();
const log = openLog(file, { chained: true });
log.append(recordsOf(6));
log.close();
const whole = readFileSync(file);
const lines = whole.toString().split('\n').slice(0, -1);
const hashOf = (line: string): string => line.slice(-66, -2);

/** What `verifyLog` says of these lines; a writer refuses to go on with them too. */
function verdict(changed: readonly string[]): string {
  writeFileSync(file, changed.map(line => `${line}\n`).join(''));
  const check = verifyLog(file);
  if (check.intact) return 'intact';
  if (changed.length > 0) expect(() => openLog(file, { chained: true })).toThrow();
  expect(check.says).toContain(`line ${check.line}`);
  return check.says;
}

describe('verifyLog', () => {
  it('finds an untouched log intact, and gives its last hash', () => {
    writeFileSync(file, whole);
    expect(verifyLog(file)).toEqual({ intact: true, lines: 13, head: hashOf(lines[12]) });
    expect(log.head).toBe(hashOf(lines[12]));
    expect(verdict(lines.slice(0, 1))).toBe('intact');
  });

  it('catches any edit of a single byte', () => {
    const bytes = Buffer.from(`${lines.slice(0, 5).join('\n')}\n`);
    writeFileSync(file, bytes);
    const opened = openSync(file, 'r+');
    const check = (at: number, flip: number) => {
      writeSync(opened, Buffer.of(bytes[at] ^ flip), 0, 1, at);
      const line = bytes.subarray(0, at).filter(byte => byte === 10).length + 1;
      expect(verifyLog(file)).toMatchObject({ intact: false, line });
      writeSync(opened, bytes, at, 1, at);
    };
    for (const at of bytes.keys()) check(at, [1, 0x20, 0x80][at % 3]);
    fc.assert(fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), check));
    closeSync(opened);
    expect(verifyLog(file)).toMatchObject({ intact: true, lines: 5 });
  });

  it('catches an edit of what is not UTF-8', () => {
    // A chain over this name, then a byte that reads as the same character.
    const { line, hash } = chainedLine({ type: 'opened', designHash: 'd', name: '\ufffd' }, 'd');
    writeFileSync(file, `${line}\n`);
    expect(verifyLog(file)).toEqual({ intact: true, lines: 1, head: hash });
    const bytes = Buffer.from(`${line}\n`);
    const place = bytes.indexOf(Buffer.from('\ufffd'));
    writeFileSync(
      file,
      Buffer.concat([bytes.subarray(0, place), Buffer.of(0xff), bytes.subarray(place + 3)]),
    );
    expect(verifyLog(file)).toMatchObject({ intact: false, line: 1 });
  });

  it('names an edited line', () => {
    expect(verdict(lines.with(4, lines[4].replace('"success":1', '"success":0')))).toBe(
      'line 5 was edited or inserted: it does not have the hash that it ends in',
    );
  });

  it('names the place of a removed line, wherever it was', () => {
    for (let at = 1; at < lines.length - 1; at++) {
      expect(verdict(lines.toSpliced(at, 1))).toBe(
        `lines before line ${at + 1} were removed or edited: it does not follow line ${at}`,
      );
    }
    expect(verdict(lines.slice(1))).toBe(
      'the lines before line 1 were removed: it does not open an experiment',
    );
    expect(verdict([])).toBe('line 1 was removed: the log is empty');
  });

  it('names a line that was edited with its hash', () => {
    const record = { ...JSON.parse(lines[3]), trial: 'x' };
    const { hash: _, previous, ...rest } = record;
    expect(verdict(lines.with(3, chainedLine(rest, previous).line))).toBe(
      'lines before line 5 were removed or edited: it does not follow line 4',
    );
  });

  it('names an inserted line, forged or copied', () => {
    const forged = chainedLine(assigned(9), hashOf(lines[4])).line;
    expect(verdict(lines.toSpliced(5, 0, forged))).toBe('line 6 was inserted: line 7 follows line 5');
    const loose = chainedLine(assigned(9), 'anything').line;
    expect(verdict(lines.toSpliced(5, 0, loose))).toBe('line 6 was inserted: line 7 follows line 5');
    expect(verdict(lines.toSpliced(5, 0, lines[2]))).toBe('line 6 was inserted: it is a copy of line 3');
    expect(verdict(lines.toSpliced(5, 0, JSON.stringify(assigned(9))))).toBe(
      'line 6 was edited or inserted: it does not end in its hash',
    );
  });

  it('names two lines in each other’s place', () => {
    expect(verdict(lines.with(5, lines[6]).with(6, lines[5]))).toMatch(
      /^line 6 was inserted|^lines before line 6/,
    );
  });

  it('says where the end was torn', () => {
    writeFileSync(file, whole.subarray(0, -3));
    expect(verifyLog(file)).toEqual({
      intact: false,
      line: 13,
      says: 'line 13 has no end: its writer was killed, or it was cut',
    });
  });

  it('sees lines cut off the end, or added there, by the published hash alone', () => {
    const head = hashOf(lines[12]);
    writeFileSync(file, `${lines.slice(0, 9).join('\n')}\n`);
    expect(verifyLog(file)).toEqual({ intact: true, lines: 9, head: hashOf(lines[8]) });
    expect(verifyLog(file, head)).toEqual({
      intact: false,
      line: 9,
      says: 'lines after line 9 were removed, or all hashes written anew: it is not the published one',
    });
    writeFileSync(file, whole);
    expect(verifyLog(file, head).intact).toBe(true);
    expect(verifyLog(file, hashOf(lines[8]))).toEqual({
      intact: false,
      line: 10,
      says: 'line 10 was added after the published hash, that of line 9',
    });
  });

  it('does not take a log without a chain for one', () => {
    const plain = newFile();
    const other = openLog(plain);
    other.append(recordsOf(1));
    other.close();
    expect(other.head).toBeUndefined();
    expect(verifyLog(plain)).toMatchObject({ intact: false, line: 1 });
  });

  it('begins with the hash of the design', () => {
    const { previous, designHash, design } = JSON.parse(lines[0]);
    expect(previous).toBe(designHash);
    expect(design).toEqual(gripper);
  });
});
