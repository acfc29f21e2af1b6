import { expect, it } from 'vitest';
import { startSystem } from '../../../src/actors/index.ts';
import { planetArm } from '../../../src/scenarios/latent-planning/arms.ts';
import { playPlanetArm } from '../../../src/scenarios/latent-planning/cast.ts';
import { mean } from '../../../src/scenarios/latent-planning/judging.ts';
import { laneOn, optionsOf } from './lanes.ts';

/** The short run's model, for some episodes more. */
const small = optionsOf({
  ...{ episodes: 20, tests: 4 },
  planet: {
    ...{ deterministic: 32, stochastic: 8, hidden: 32 },
    planning: { candidates: 50, iterations: 3 },
  },
});

async function returnOf(seed: number): Promise<number> {
  const system = await startSystem({ seed });
  try {
    const { tests, worldSteps } = await playPlanetArm(laneOn(system), planetArm, small, 'onnx-cpu');
    expect(worldSteps).toBe(0);
    return mean(tests);
  } finally {
    await system.stop();
  }
}

it('a small model learns the swing-up in 20 episodes: twice what random actions have, on three seeds', async () => {
  const returns = [];
  for (const seed of [1, 2, 3]) returns.push(await returnOf(seed));
  // Random actions have 95 to 125.
  expect(returns.toSorted((a, b) => a - b)[1], `${returns}`).toBeGreaterThanOrEqual(250);
  expect(Math.min(...returns), `${returns}`).toBeGreaterThanOrEqual(150);
});
