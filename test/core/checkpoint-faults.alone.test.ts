import * as fs from 'node:fs';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { latestCheckpoint, writeCheckpoint } from '../../src/core/checkpoint.ts';

const deaths = vi.hoisted(() => ({ after: Number.POSITIVE_INFINITY, calls: 0 }));

/** A process that is killed before its nth change to the disk makes none after; a write may still be half done. */
vi.mock('node:fs', async original => {
  const real = await original<typeof fs>();
  const dying =
    (change: (...args: never[]) => unknown, half?: (...args: never[]) => void) =>
    (...args: never[]) => {
      if (deaths.calls++ < deaths.after) return change(...args);
      if (deaths.calls === deaths.after + 1) half?.(...args);
      throw new Error('killed');
    };
  const writeHalf = (file: number, bytes: Uint8Array) =>
    void real.writeSync(file, bytes.subarray(0, bytes.length >> 1));
  return {
    ...real,
    mkdirSync: dying(real.mkdirSync),
    renameSync: dying(real.renameSync),
    openSync: dying(real.openSync),
    fsyncSync: dying(real.fsyncSync),
    writeSync: dying(real.writeSync, writeHalf),
    rmSync: dying(real.rmSync, (path: string) => emptied(real, path)),
  };
});

/** The first half of removing a folder: its files are gone, it stands. */
function emptied(real: typeof fs, path: string): void {
  if (!real.existsSync(path)) return;
  for (const name of real.readdirSync(path).slice(0, 1)) real.unlinkSync(join(path, name));
}

const fresh = () => mkdtempSync(join(tmpdir(), 'troupe-killed-'));
const content = (step: number) => ({
  step,
  state: { params: Float32Array.of(step) },
  run: { scenario: 'hopper', seed: 1, started: 'now' },
  versions: {},
});

/** Writes checkpoints 1 to 4, killed before the nth change to the disk. @returns the last one that was acknowledged */
function killedAt(folder: string, after: number): number {
  Object.assign(deaths, { after, calls: 0 });
  let done = 0;
  try {
    for (const step of [1, 2, 3, 4]) {
      writeCheckpoint(folder, content(step));
      done = step;
    }
  } catch (error) {
    expect(error).toMatchObject({ message: expect.stringContaining('killed') });
  } finally {
    deaths.after = Number.POSITIVE_INFINITY;
  }
  return done;
}

describe('a writer killed before any of its changes to the disk', () => {
  it('leaves the last checkpoint readable, and the next writer cleans up', () => {
    let survived = false;
    let kills = 0;
    for (; !survived; kills++) {
      const folder = fresh();
      const done = killedAt(folder, kills);
      survived = done === 4;
      const lines: string[] = [];
      const found = fs.existsSync(join(folder, 'checkpoints'))
        ? latestCheckpoint(folder, { report: line => lines.push(line) })
        : undefined;
      // The one that was being written may already be whole.
      expect([done, done + 1]).toContain(found?.step ?? 0);
      expect(found?.state).toEqual(found && { params: Float32Array.of(found.step) });
      expect(lines).toEqual([]);

      writeCheckpoint(folder, content(9));
      expect(latestCheckpoint(folder)?.step).toBe(9);
      expect(fs.readdirSync(join(folder, 'checkpoints')).filter(name => name.startsWith('.'))).toEqual([]);
    }
    expect(kills).toBeGreaterThan(40);
  });
});
