import { z } from 'zod';
import { definePlanningModel } from '../../actors/planner/index.ts';
import { Random } from '../../core/random.ts';

/** A control: a model that knows nothing. It gives every candidate a random number for its return. */
export const noiseScores = definePlanningModel(import.meta.url, {
  name: 'noise-scores',
  options: z.strictObject({ seed: z.number().int().describe('Of the numbers.') }),
  make({ seed }, { agents }) {
    const random = Random.fromSeed(seed).split('scores');
    return {
      ...{ actionSize: 1, low: [-1], high: [1], agents },
      follow() {},
      evaluate: (_actions, _candidates, _horizon, out) => random.fillNormal(out),
    };
  },
});
