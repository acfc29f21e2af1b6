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

/**
 * Measures another project with its own script, which ends its output with a line of JSON.
 * @param python the interpreter that has it; default `$PYTHON`, or else `python3`
 * @returns its figures, or in a line why there are none on this machine
 * @throws where its script fails for any other reason
 */
export async function runPeer(
  { name, file, install }: Peer,
  { python = process.env['PYTHON'] ?? 'python3', within = folder } = {},
): Promise<{ readonly results: readonly PeerResult[] } | { readonly skipped: string }> {
  const script = `${within}${file}`;
  // The package leaves it out.
  if (!existsSync(script)) return { skipped: `${name}: its script is in Troupe's repository only` };
  let output: string;
  try {
    ({ stdout: output } = await promisify(execFile)(python, [script], { timeout: DEADLINE }));
  } catch (error) {
    const { code, stderr = '' } = error as { code?: unknown; stderr?: string };
    if (code === 'ENOENT') return { skipped: `${name}: there is no ${python} (say which by PYTHON=…)` };
    const missing = /ModuleNotFoundError: No module named '([^']+)'/.exec(stderr);
    if (missing) return { skipped: `${name}: ${python} has no ${missing[1]} (${install})` };
    const [last = asError(error).message] = stderr.trimEnd().split('\n').slice(-1);
    throw new TroupeError(`${name}: ${script} failed: ${last}`, { cause: error });
  }
  const line = output.trimEnd().split('\n').at(-1) as string;
  return { results: results.parse(JSON.parse(line)) };
}

/** How many times as good ours is: as fast, or where less is better in as little time. */
export const timesAsGood = (ours: number, { unit, median }: PeerResult): number =>
  unit.endsWith('/s') ? ours / median : median / ours;
