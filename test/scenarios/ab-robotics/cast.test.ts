import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startSystem } from '../../../src/actors/index.ts';
import { verifyLog } from '../../../src/evaluation/log/index.ts';
import {
  logFile,
  playTrials,
  type TrialsDone,
  type TrialsPlan,
} from '../../../src/scenarios/ab-robotics/cast.ts';
import { controllers, lifts } from '../../../src/scenarios/ab-robotics/plans.ts';

const newFolder = () => mkdtempSync(join(tmpdir(), 'troupe-cell-'));

/** Plays 100 trials in two layers. @param until trials after which it is ended */
async function play(workers: number, folder = newFolder(), until = Number.POSITIVE_INFINITY) {
  const plan: TrialsPlan = {
    name: 'experiment',
    hypothesis: 'One grips better.',
    layers: [controllers, lifts],
    trials: 100,
    batch: 4,
    seed: 3,
    engine: 'simd',
    drifts: true,
    folder,
    workers,
  };
  const ended = new AbortController();
  const system = await startSystem({ seed: 3 });
  let done: TrialsDone;
  try {
    done = await playTrials(system, plan, {
      signal: ended.signal,
      progress: trials => {
        if (trials >= until) ended.abort();
      },
    });
  } finally {
    await system.stop();
  }
  const read = (layer: string) => readFileSync(logFile(folder, 'experiment', layer), 'utf8');
  return { done, folder, policy: read('policy'), gripper: read('gripper') };
}

describe('playTrials', { timeout: 120_000 }, () => {
  it('writes the same logs with 1, 2 and 4 cells, and when it is ended and gone on with', async () => {
    const one = await play(1);
    expect(one.done.trials).toBe(100);
    expect(one.done.concealment).toMatchObject({ passed: true });
    expect(verifyLog(logFile(one.folder, 'experiment', 'policy'))).toMatchObject({
      intact: true,
      head: one.done.heads['policy'],
    });
    for (const workers of [2, 4]) {
      const other = await play(workers);
      expect(other.policy).toBe(one.policy);
      expect(other.gripper).toBe(one.gripper);
      expect(other.done.looks).toEqual(one.done.looks);
    }
    const part = await play(2, newFolder(), 40);
    expect(part.done.trials).toBeLessThan(100);
    const rest = await play(1, part.folder);
    expect(rest.policy).toBe(one.policy);
    expect(rest.gripper).toBe(one.gripper);
    expect(rest.done.looks).toEqual(one.done.looks);
  });
});
