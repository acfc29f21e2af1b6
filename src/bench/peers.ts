import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { asError, TroupeError } from '../core/errors.ts';
import type { Peer, PeerResult } from './contract.ts';

const results = z.array(
  z.object({
    name: z.string(),
    unit: z.string(),
    median: z.number(),
    p10: z.number(),
    p90: z.number(),
    against: z.string(),
  }),
) satisfies z.ZodType<readonly PeerResult[]>;

const folder = fileURLToPath(new URL('../../bench/peers/', import.meta.url));

/** How long a peer may take, ms. */
const DEADLINE = 600_000;

/** How a peer's script is run. */
export interface PeerOptions {
  /** The interpreter that has it; default `$PYTHON`, or else `python3`. */
  readonly python?: string;
  /** The folder of the script, with the separator at its end. */
  readonly within?: string;
  /** What goes before the interpreter, e.g. `taskset`. */
  readonly before?: readonly string[];
  /** What the script is given. */
  readonly args?: readonly string[];
}

/** What a peer gave, or in a line why it gave nothing on this machine. */
export type Outcome<T> = { readonly results: T } | { readonly skipped: string };

/** Measures another project with its own script, which ends its output with a line of JSON. */
export const runPeer = (peer: Peer, options?: PeerOptions): Promise<Outcome<readonly PeerResult[]>> =>
  askPeer(peer, results, options);

/**
 * Runs a peer's script, whose last line is JSON of the form of `schema`.
 * @throws where its script fails for another reason than that the machine lacks something
 */
export async function askPeer<T>(
  { name, file, install }: Peer,
  schema: z.ZodType<T>,
  { python = process.env['PYTHON'] ?? 'python3', within = folder, before = [], args = [] }: PeerOptions = {},
): Promise<Outcome<T>> {
  const script = `${within}${file}`;
  // The package leaves it out.
  if (!existsSync(script)) return { skipped: `${name}: its script is in Troupe's repository only` };
  const [command, ...rest] = [...before, python, script, ...args];
  let output: string;
  try {
    ({ stdout: output } = await promisify(execFile)(command, rest, { timeout: DEADLINE }));
  } catch (error) {
    const { code, stderr = '' } = error as { code?: unknown; stderr?: string };
    // `taskset` starts what is not there with 127.
    if (code === 'ENOENT' || code === 127) {
      return { skipped: `${name}: there is no ${python} (say which by PYTHON=…)` };
    }
    const missing = /ModuleNotFoundError: No module named '([^']+)'/.exec(stderr);
    if (missing) return { skipped: `${name}: ${python} has no ${missing[1]} (${install})` };
    const [last = asError(error).message] = stderr.trimEnd().split('\n').slice(-1);
    throw new TroupeError(`${name}: ${script} failed: ${last}`, { cause: error });
  }
  const line = output.trimEnd().split('\n').at(-1) as string;
  return { results: schema.parse(JSON.parse(line)) };
}

/** How many times as good ours is: as fast, or where less is better in as little time. */
export const timesAsGood = (ours: number, { unit, median }: PeerResult): number =>
  unit.endsWith('/s') ? ours / median : median / ours;
