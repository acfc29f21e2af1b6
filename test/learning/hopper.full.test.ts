import { expect, test } from 'vitest';
import { environmentRef } from '../../src/env/define.ts';
import { hopper } from '../../src/env/rapier/hopper.ts';
import { train } from './train.ts';

/** The share of 50 fresh episodes of 10 s that go 3 m or farther, in 8 flights or more, without a fall. */
async function hopped(seed: number): Promise<number> {
  const { episodes } = await train({
    environment: environmentRef(hopper, {}),
    steps: 300_000,
    seed,
    episodes: 50,
    ppo: {
      environments: 64,
      horizon: 64,
      minibatch: 512,
      epochs: 8,
      learningRate: 1e-3,
      learningRateSchedule: 'adaptive',
      initialLogStd: -0.5,
      normalizeObservations: true,
      normalizeRewards: true,
    },
  });
  const { x, flights, fell } = episodes.info;
  return x.filter((metres, i) => metres >= 3 && flights[i] >= 8 && fell[i] === 0).length / x.length;
}

test('PPO teaches a robot to hop within 300,000 steps: 4 of 5 seeds', async () => {
  const shares: number[] = [];
  for (const seed of [1, 2, 3, 4, 5]) shares.push(await hopped(seed));
  expect(shares.filter(share => share >= 0.8).length, `shares: ${shares}`).toBeGreaterThanOrEqual(4);
});
