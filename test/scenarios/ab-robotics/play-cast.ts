import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSystem } from '../../../src/actors/index.ts';
import { logFile, playTrials, type TrialsPlan } from '../../../src/scenarios/ab-robotics/cast.ts';
import { controllers, lifts } from '../../../src/scenarios/ab-robotics/plans.ts';

const plan = {
  name: 'experiment',
  hypothesis: 'One grips better.',
  layers: [controllers, lifts],
  trials: 100,
  batch: 4,
  seed: 3,
  engine: 'simd',
  drifts: true,
} as const satisfies Partial<TrialsPlan>;

/** Plays 100 trials in two layers. @param told after each batch; what it gives back as true ends them */
export async function playCast(
  workers: number,
  {
    folder = mkdtempSync(join(tmpdir(), 'troupe-cell-')),
    told = () => false,
  }: { readonly folder?: string; readonly told?: (trials: number) => boolean } = {},
) {
  const ended = new AbortController();
  const system = await startSystem({ seed: 3 });
  const restarted: string[] = [];
  system.events.subscribe(event => {
    if (event.type === 'restarted') restarted.push(event.actor);
  });
  try {
    const done = await playTrials(
      system,
      { ...plan, folder, workers },
      {
        signal: ended.signal,
        progress: trials => {
          if (told(trials)) ended.abort();
        },
      },
    );
    const read = (layer: string) => readFileSync(logFile(folder, 'experiment', layer), 'utf8');
    return { done, folder, restarted, logs: { policy: read('policy'), gripper: read('gripper') } };
  } finally {
    await system.stop();
  }
}
