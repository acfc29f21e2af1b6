import { type Helping, type HelpingShape, helpingFields } from '../../../src/actors/replay/fields.ts';
import type { ReplayMethod } from '../../../src/actors/replay/learner.ts';
import { allocateSlab } from '../../../src/actors/trajectory.ts';
import { Random } from '../../../src/core/random.ts';

/** A helping of noise, of which so many batches are filled. The rest is not a number. */
export function noiseHelping(shape: HelpingShape, count: number, seed = 1): Helping {
  const helping = allocateSlab(helpingFields(shape));
  const random = Random.fromSeed(seed).split('helping');
  for (const column of ['observations', 'nextObservations', 'rewards'] as const)
    random.fillNormal(helping[column]);
  random.fillUniform(helping.actions as Float32Array, -1, 1);
  helping.discounts.fill(0.99);
  helping.weights.fill(1);
  helping.count[0] = count;
  for (const column of [
    'observations',
    'actions',
    'nextObservations',
    'rewards',
    'discounts',
    'weights',
  ] as const) {
    const data = helping[column];
    data.fill(Number.NaN, (data.length / shape.updates) * count);
  }
  return helping;
}

/** All parameters of the policy that a method would send. */
export function parametersOf(method: ReplayMethod, size: number): Float32Array {
  const out = new Float32Array(size);
  method.writeParameters(out);
  return out;
}
