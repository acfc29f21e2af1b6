import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
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
const heldBy = (pid: number, host = hostname()) =>
  writeFileSync(lock, JSON.stringify({ pid, host, since: '2025-01-31T09:45:12.000Z' }));
const dead = () => spawnSync(process.execPath, ['--version']).pid;

describe('the lock of a run', () => {
  it('keeps everybody else out until it is given back', () => {
    const release = lockRun(folder);
    expect(() => lockRun(folder)).toThrow(
      `${folder}: process ${process.pid} on ${hostname()} has been running it`,
    );
    release();
    expect(existsSync(lock)).toBe(false);
    lockRun(folder)();
  });

  it('of a process that died is taken over, and so is half a file', () => {
    heldBy(dead());
    const release = lockRun(folder);
    expect(JSON.parse(readFileSync(lock, 'utf8'))).toMatchObject({ pid: process.pid });
    release();
    writeFileSync(lock, '{ "pid"');
    lockRun(folder)();
  });

  it('of a process on another machine stays: nobody here can tell whether it lives', () => {
    heldBy(dead(), 'elsewhere');
    expect(() => lockRun(folder)).toThrow(/on elsewhere has been running it since 2025-01-31/);
  });
});
