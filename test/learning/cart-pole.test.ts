import { expect, test } from 'vitest';
import { cartPole } from '../../src/env/classic/cart-pole.ts';
import { environmentRef } from '../../src/env/define.ts';
import { returnOf, train } from './train.ts';

test('PPO balances the pole for all 500 steps of 20 fresh episodes after 20,000 steps', {
  timeout: 90_000,
}, async () => {
  const trained = await train({
    environment: environmentRef(cartPole, {}),
    steps: 20_000,
    ppo: {
      environments: 8,
      horizon: 32,
      minibatch: 256,
      epochs: 20,
      gamma: 0.98,
      lambda: 0.8,
      learningRate: 1e-3,
      clipSchedule: 'linear',
    },
  });
  expect(returnOf(trained)).toBeGreaterThanOrEqual(475);
});
