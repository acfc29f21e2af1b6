import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32c } from '../../src/core/event-file.ts';
import { readSummary } from '../../src/report/summary.ts';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
}

/** Starts the built command, as a user would. */
export const troupe = (...args: string[]): Running => start([main, ...args], {});

/** What happens to the command's changes to the disk: `test/fixtures/disk/hook.mjs`. */
export interface Disk {
  /** The folder whose changes count, absolute. */
  readonly below: string;
  /** Killed with -9 at the nth of them, which is half done. */
  readonly killAt?: number;
  /** The nth and all later ones fail as on a full disk. */
  readonly fullAt?: number;
  /** Where they are listed, a line each. */
  readonly log?: string;
}

const hook = fileURLToPath(new URL('../fixtures/disk/hook.mjs', import.meta.url));

/** Starts the built command on a disk with a fault. */
export function troupeOn({ below, killAt, fullAt, log }: Disk, ...args: string[]): Running {
  return start(['--import', hook, main, ...args], {
    DISK_BELOW: below,
    ...(killAt && { DISK_KILL_AT: String(killAt) }),
    ...(fullAt && { DISK_FULL_AT: String(fullAt) }),
    ...(log && { DISK_LOG: log }),
  });
}

function start(args: string[], extra: NodeJS.ProcessEnv): Running {
  const env: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: '1', ...extra };
  for (const name of Object.keys(env)) if (name.startsWith('VITEST')) delete env[name];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (data: Buffer) => {
    stdout += data;
  });
  child.stderr?.on('data', (data: Buffer) => {
    stderr += data;
  });
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, finished };
}

/** The one run folder of a scenario under `--runs dir`, if there is one yet. */
export function runFolder(runs: string, scenario: string): string | undefined {
  const parent = join(runs, scenario);
  const folders = existsSync(parent) ? readdirSync(parent) : [];
  if (folders.length > 1) throw new Error(`${parent} holds ${folders.length} runs, expected one`);
  return folders[0] === undefined ? undefined : join(parent, folders[0]);
}

/**
 * What a run must reproduce: its final parameters and every metric that does not tell the time, as one hash each.
 */
export function bitsOf(folder: string): { policy: string; metrics: string; rows: number } {
  return { policy: policyOf(folder), ...rowsOf(folder) };
}

function policyOf(folder: string): string {
  const policy = createHash('sha256');
  const files = readdirSync(join(folder, 'policy')).filter(name => name.endsWith('.safetensors'));
  if (files.length === 0) throw new Error(`${folder}: no saved policy`);
  for (const name of files.sort()) policy.update(readFileSync(join(folder, 'policy', name)));
  return policy.digest('hex');
}

/** Of it, every metric: there are runs that leave no policy. */
export function rowsOf(folder: string): { metrics: string; rows: number } {
  const lines = readFileSync(join(folder, 'metrics.jsonl'), 'utf8').trimEnd().split('\n');
  const metrics = createHash('sha256');
  for (const line of lines) {
    const { time: _, ...row } = JSON.parse(line) as Record<string, unknown>;
    metrics.update(`${JSON.stringify(row)}\n`);
  }
  return { metrics: metrics.digest('hex'), rows: lines.length };
}

/** Everything that a finished run must leave again, but what tells the time: a hash or a figure each. */
export function remainsOf(folder: string) {
  const hash = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
  const { metrics, steps, restarts, warnings } = readSummary(folder);
  return {
    ...bitsOf(folder),
    film: hash('film.json'),
    description: hash('policy/policy.json'),
    summary: { metrics, steps, restarts, warnings },
    events: eventSizes(join(folder, 'events.out.tfevents.troupe')),
    files: readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort(),
  };
}

/** The length of every record of an event file, whose checksums are right; what stands in them tells the time too. */
function eventSizes(path: string): number[] {
  const bytes = readFileSync(path);
  const masked = (data: Uint8Array) => {
    const crc = crc32c(data);
    return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
  };
  const sizes: number[] = [];
  for (let at = 0; at < bytes.length; at += 16 + sizes.at(-1)!) {
    const size = Number(bytes.readBigUInt64LE(at));
    const data = bytes.subarray(at + 12, at + 12 + size);
    if (bytes.readUInt32LE(at + 12 + size) !== masked(data)) throw new Error(`${path}: broken at byte ${at}`);
    sizes.push(size);
  }
  return sizes;
}
