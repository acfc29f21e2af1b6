import { Random } from '../../core/random.ts';
import type { Environment } from '../contract.ts';
import { sample } from '../spaces.ts';
import { arrayDifference, flat, playVector, type Row, rowDifference } from './play.ts';
import type { Findings } from './rules.ts';
import type { CheckBudget, Makers } from './subject.ts';

const seed = 8;

/**
 * Training steps copies together, evaluation and tests may step one alone: copy 0 must be the same in both. What
 * `vectorize` lifts is compared with the author's own copy, given the seeds that copy 0 gets.
 */
export async function checkAlone(makers: Makers, found: Findings, { steps }: CheckBudget): Promise<void> {
  const rows = playVector(await makers.vector(3), { seed, steps });
  const seen = makers.isNative
    ? rowDifference(playVector(await makers.vector(1), { seed, steps }), rows, 0)
    : singleDifference(await makers.single(), rows);
  found.expectNone('vectorAsSingle', seen && `copy 0 alone and among others, ${seen}`);
}

function singleDifference(alone: Environment, rows: readonly Row[]): string | undefined {
  const seeds = Random.fromSeed(seed).split(0);
  const actions = Random.fromSeed(0).split(0);
  const begin = () => flat(alone, alone.reset({ seed: seeds.uint32() }).observation);
  begin();
  for (let t = 1; t < rows.length; t++) {
    const row = rows[t];
    const step = alone.step(sample(alone.actionSpace, actions));
    const last = flat(alone, step.observation);
    const ended = row['terminated'][0] + row['truncated'][0] > 0;
    const seen =
      (ended && copyDifference('finalObservations', last, row)) ||
      copyDifference('observations', ended ? begin() : last, row) ||
      copyDifference('rewards', Float32Array.of(step.reward), row) ||
      copyDifference('terminated', [step.terminated ? 1 : 0], row);
    if (seen) return `after ${t} steps: ${seen}`;
  }
  return undefined;
}

/** Where copy 0's values alone differ from its part of a column, which is the first. */
const copyDifference = (name: string, alone: ArrayLike<number>, row: Row): string | undefined =>
  arrayDifference(name, alone, row[name].subarray(0, alone.length));
