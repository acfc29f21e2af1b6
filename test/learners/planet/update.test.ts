import { expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { planetInit } from '../../../src/learners/planet/networks.ts';
import { compilePlanetUpdate } from '../../../src/learners/planet/update.ts';
import { noiseInputs, normal } from './episodes.ts';
import { modelOf, tiny } from './models.ts';

it('compiled and op by op are the same, over several updates', async () => {
  const model = modelOf({ ...tiny, length: 3 });
  const update = await compilePlanetUpdate(model, planetInit(Random.fromSeed(1), model));
  const { worst } = await update.verify(3, step => noiseInputs(model, 2 + step));
  expect(worst.difference).toBeLessThan(2e-5);
  const wrong = { ...noiseInputs(model, 1), noise: normal(Random.fromSeed(1), 1, 2, 3) };
  await expect(update(wrong)).rejects.toThrow('chunks: noise is [1, 2, 3], expected [3, 2, 3]');
  update.dispose();
});
