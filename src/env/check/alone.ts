import { Random } from '../../core/random.ts';
import { sample } from '../spaces.ts';
import { arrayDifference, flat, playVector, type Row } from './play.ts';
import type { Findings } from './rules.ts';
import type { CheckBudget, Makers } from './subject.ts';

const seed = 8;

/**
 * Training steps copies together, and evaluation and tests step one alone: copy 0 of a lifted environment must be what
 * a copy alone is when it gets the same seeds and actions.
 */
export async function checkAlone(makers: Makers, found: Findings, { steps }: CheckBudget): Promise<void> {
  if (makers.isNative) return;
  const together = await makers.vector(2);
  const rows = playVector(together, { seed, steps });
  const alone = await makers.single();
  const seeds = Random.fromSeed(seed).split(0);
  const actions = Random.fromSeed(0).split(0);
  const begin = () => flat(alone, alone.reset({ seed: seeds.uint32() }).observation);
  begin();
  for (let t = 1; t <= steps; t++) {
    const step = alone.step(sample(alone.actionSpace, actions));
    const row = rows[t];
    const ended = row['terminated'][0] + row['truncated'][0] > 0;
    const last = flat(alone, step.observation);
    const seen =
      (ended && copyDifference(row, 'finalObservations', last)) ||
      copyDifference(row, 'observations', ended ? begin() : last) ||
      copyDifference(row, 'rewards', Float32Array.of(step.reward)) ||
      copyDifference(row, 'terminated', [step.terminated ? 1 : 0]);
    if (seen) return found.add('vectorAsSingle', `among others and alone, after ${t} steps: ${seen}`);
  }
  for (const one of [together, alone]) one.close?.();
}

/** Where copy 0's part of a column, which is the first, differs from its values alone. */
const copyDifference = (row: Row, name: string, alone: ArrayLike<number>): string | undefined =>
  arrayDifference(name, row[name].subarray(0, alone.length), alone);
