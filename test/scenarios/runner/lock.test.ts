import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { lockRun } from '../../../src/scenarios/runner/lock.ts';

let folder: string;
let lock: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'troupe-lock-'));
  lock = join(folder, 'run.lock');
});
const since = '2025-01-31T09:45:12.000Z';
function heldBy(pid: number, host = hostname()): void {
  mkdirSync(lock);
  writeFileSync(join(lock, `${pid}.json`), JSON.stringify({ pid, host, since }));
}
const dead = () => spawnSync(process.execPath, ['--version']).pid;
const holder = () => JSON.parse(readFileSync(join(lock, readdirSync(lock)[0]), 'utf8'));

describe('the lock of a run', () => {
  it('keeps everybody else out until it is given back', () => {
    const release = lockRun(folder);
    expect(() => lockRun(folder)).toThrow(
      `${folder}: process ${process.pid} on ${hostname()} has been running it`,
    );
    expect(readdirSync(folder)).toEqual(['run.lock']);
    release();
    expect(existsSync(lock)).toBe(false);
    lockRun(folder)();
  });

  it('of a process that died is taken over, and so is one that it was killed while giving back', () => {
    heldBy(dead());
    const release = lockRun(folder);
    expect(holder()).toMatchObject({ pid: process.pid });
    release();
    mkdirSync(lock);
    lockRun(folder)();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('of a process that had our number before us is taken over', () => {
    heldBy(process.pid);
    lockRun(folder)();
    expect(existsSync(lock)).toBe(false);
  });

  it('of a process on another machine stays: nobody here can tell whether it lives', () => {
    heldBy(dead(), 'elsewhere');
    expect(() => lockRun(folder)).toThrow(/on elsewhere has been running it since 2025-01-31/);
  });

  it('that is no longer ours is not given back', () => {
    const release = lockRun(folder);
    rmSync(lock, { recursive: true }); // by somebody who was told to
    heldBy(1);
    release();
    expect(holder()).toMatchObject({ pid: 1 });
  });

  it('cannot be had in a folder that cannot be written', () => {
    rmSync(folder, { recursive: true });
    expect(() => lockRun(folder)).toThrow(
      `${folder}: cannot write there (ENOENT), expected a folder that can be written`,
    );
  });
});
