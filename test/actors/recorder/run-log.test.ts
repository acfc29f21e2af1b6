import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EVENTS_FILE, METRICS_FILE, RunLog } from '../../../src/actors/recorder/run-log.ts';
import { readRows } from '../../../src/core/metric-rows.ts';
import { madeUpRow } from '../../fixtures/actors/rows.ts';

const fresh = () => mkdtempSync(join(tmpdir(), 'troupe-log-'));
const bytesOf = (folder: string) =>
  [METRICS_FILE, EVENTS_FILE].map(name => readFileSync(join(folder, name), 'hex'));

function write(log: RunLog, from: number, to: number): void {
  for (let i = from; i < to; i++) log.append(madeUpRow(i), 1_700_000_000 + i);
}

describe('the log of a run', () => {
  it('holds every row, readable at once, and tells where it stands', () => {
    const folder = join(fresh(), 'run');
    const log = new RunLog(folder);
    write(log, 0, 5);
    expect(readRows(join(folder, METRICS_FILE))).toEqual(Array.from({ length: 5 }, (_, i) => madeUpRow(i)));
    expect(log.flush()).toEqual({
      rows: 5,
      metrics: statSync(join(folder, METRICS_FILE)).size,
      events: statSync(join(folder, EVENTS_FILE)).size,
    });
    log.close();
  });

  it('goes on from any row with the bytes of a log that was never left', () => {
    const whole = fresh();
    const reference = new RunLog(whole);
    write(reference, 0, 8);
    reference.close();
    for (let left = 0; left < 8; left++) {
      const folder = fresh();
      const before = new RunLog(folder);
      write(before, 0, left);
      const offsets = before.flush();
      write(before, left, 8);
      writeFileSync(join(folder, METRICS_FILE), '{"source":"lear', { flag: 'a' }); // killed while it wrote
      before.close();
      const after = new RunLog(folder, offsets);
      expect(after.offsets).toEqual(offsets);
      write(after, left, 8);
      after.close();
      expect(bytesOf(folder)).toEqual(bytesOf(whole));
    }
  });

  it('without offsets starts anew', () => {
    const folder = fresh();
    const first = new RunLog(folder);
    write(first, 0, 3);
    first.close();
    new RunLog(folder).close();
    expect(bytesOf(folder)).toEqual(['', '']);
  });

  it('says that its folder was taken away, whose rows would be lost', () => {
    const folder = fresh();
    const log = new RunLog(folder);
    rmSync(folder, { recursive: true });
    write(log, 0, 3);
    expect(() => log.flush()).toThrow(`${join(folder, METRICS_FILE)}: was removed or moved`);
    log.close();
  });

  it('refuses to go on from files that its checkpoint has not seen', () => {
    const folder = fresh();
    const log = new RunLog(folder);
    write(log, 0, 3);
    const offsets = log.flush();
    log.close();
    const cut = { ...offsets, metrics: offsets.metrics + 1 };
    expect(() => new RunLog(folder, cut)).toThrow(
      `${join(folder, METRICS_FILE)}: ${offsets.metrics} bytes, expected the ${cut.metrics} that its checkpoint saw`,
    );
    rmSync(join(folder, EVENTS_FILE));
    expect(() => new RunLog(folder, offsets)).toThrow(`${EVENTS_FILE}: 0 bytes, expected`);
    expect(readRows(join(folder, METRICS_FILE))).toHaveLength(3);
  });
});
