import { z } from 'zod';
import { definePlanningModel } from '../../actors/planner/index.ts';
import { Random, type RandomState } from '../../core/random.ts';

/** A control: a model that knows nothing. It gives every candidate a random number for its return. */
export const noiseScores = definePlanningModel(import.meta.url, {
  name: 'noise-scores',
  options: z.strictObject({ seed: z.number().int().describe('Of the numbers.') }),
  make({ seed }, { agents }) {
    const root = Random.fromSeed(seed);
    let random = root.split('scores', 0);
    return {
      ...{ actionSize: 1, low: [-1], high: [1], agents },
      follow({ seed, step }) {
        if (step === 0) random = root.split('scores', seed);
      },
      evaluate: (_actions, _candidates, _horizon, out) => random.fillNormal(out),
      snapshot: () => [...random.state],
      restore(snapshot) {
        random.state = snapshot as unknown as RandomState;
      },
    };
  },
});
