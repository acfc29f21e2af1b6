import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

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
export function troupe(...args: string[]): Running {
  const env: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: '1' };
  for (const name of Object.keys(env)) if (name.startsWith('VITEST')) delete env[name];
  const child = spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
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
  const policy = createHash('sha256');
  const files = readdirSync(join(folder, 'policy')).filter(name => name.endsWith('.safetensors'));
  if (files.length === 0) throw new Error(`${folder}: no saved policy`);
  for (const name of files.sort()) policy.update(readFileSync(join(folder, 'policy', name)));
  const lines = readFileSync(join(folder, 'metrics.jsonl'), 'utf8').trimEnd().split('\n');
  const metrics = createHash('sha256');
  for (const line of lines) {
    const { time: _, ...row } = JSON.parse(line) as Record<string, unknown>;
    metrics.update(`${JSON.stringify(row)}\n`);
  }
  return { policy: policy.digest('hex'), metrics: metrics.digest('hex'), rows: lines.length };
}
