import { describe, expect, test } from 'vitest';
import { environmentRef } from '../../src/env/define.ts';
import { identityContinuous, identityDiscrete, identityMultiDiscrete } from './environments.ts';
import { returnOf, train } from './train.ts';

// Of 20 points an episode. A policy that does not look gets 5 (discrete), 8.3 (multi-discrete), 10 (continuous).
describe.each([
  { environment: identityDiscrete, atLeast: 19, steps: 4096 },
  { environment: identityMultiDiscrete, atLeast: 19, steps: 4096 },
  { environment: identityContinuous, atLeast: 17, steps: 12_288 },
])('$environment.name', ({ environment, atLeast, steps }) => {
  test.each([1, 2, 3])('is learnt from seed %i', { timeout: 60_000 }, async seed => {
    const trained = await train({
      environment: environmentRef(environment as typeof identityDiscrete, {}),
      steps,
      seed,
      ppo: {
        environments: 16,
        horizon: 16,
        minibatch: 128,
        epochs: 8,
        gamma: 0.5,
        learningRate: 3e-3,
        hidden: [32],
        initialLogStd: -0.7,
      },
    });
    expect(returnOf(trained)).toBeGreaterThanOrEqual(atLeast);
  });
});
