import { expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { chunkTerms } from '../../../src/learners/planet/chunk.ts';
import type { PlanetSettings } from '../../../src/learners/planet/config.ts';
import { type PlanetParams, planetInit } from '../../../src/learners/planet/networks.ts';
import { type HostTensor, mapTree, type Tensor, tf } from '../../../src/tensors/index.ts';
import { noiseInputs } from './episodes.ts';
import { modelOf, tiny } from './models.ts';

const deviceOf = ({ data, shape }: HostTensor): Tensor => tf.tensor(data, [...shape]);

/** Terms of the same chunks, 4 steps of 2, by settings. */
function termsOf(settings: PlanetSettings) {
  const model = modelOf({ ...tiny, ...settings });
  const initial = planetInit(Random.fromSeed(8), model);
  const { observations, actions, rewards, noise } = noiseInputs(model, 9);
  return chunkTerms(
    mapTree<HostTensor, Tensor>(initial, deviceOf) as unknown as PlanetParams<Tensor>,
    {
      ...{ observations: deviceOf(observations), actions: deviceOf(actions) },
      ...{ rewards: deviceOf(rewards), noise: deviceOf(noise) },
    },
    model,
  );
}

/** The rows of some steps, two chunks each. */
const stepsOf = (x: Tensor, steps: readonly number[]): number[] => {
  const { data, width } = { data: [...x.dataSync()], width: x.shape[1] as number };
  return steps.flatMap(t => data.slice(t * 2 * width, (t + 1) * 2 * width));
};

it.each([
  [2, [1, 3]],
  [4, [3]],
])(
  'of every %i observations the last one is decoded; rewards and distributions stay whole',
  (decodeEvery, steps) => {
    const [all, some] = [termsOf({}), termsOf({ decodeEvery })];
    expect(some.observations.shape).toEqual([2 * steps.length, 3]);
    expect([...some.observations.dataSync()]).toEqual(stepsOf(all.observations, steps));
    const decoded = [...some.predictedObservations.dataSync()];
    for (const [i, value] of stepsOf(all.predictedObservations, steps).entries())
      expect(decoded[i]).toBeCloseTo(value, 5);
    expect([...some.predictedRewards.dataSync()]).toEqual([...all.predictedRewards.dataSync()]);
    expect(some.posterior?.mean.shape).toEqual([8, 3]);
  },
);

it('the deterministic model’s prior is told the same ones', () => {
  const { observations, fromPrior } = termsOf({
    ...{ latent: 'deterministic', priorLikelihood: true, decodeEvery: 2 },
  });
  expect(fromPrior?.predictedObservations.shape).toEqual(observations.shape);
});
