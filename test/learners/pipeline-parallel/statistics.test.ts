import { expect, it } from 'vitest';
import { addSums, deferredSums, momentsOf } from '../../../src/learners/pipeline-parallel/index.ts';
import { layerNoise } from '../../../src/learners/pipeline-parallel/noise.ts';

const sumsOf = (values: readonly number[]) => [
  values.reduce((sum, x) => sum + x, 0),
  values.reduce((sum, x) => sum + x * x, 0),
];

it('adds up what micro-batches saw: n = 6, Σ = 24, Σ² = 124, so mean 4 and variance 4.6667', () => {
  const gathered = deferredSums(1);
  addSums(gathered, 3, sumsOf([1, 3, 5]));
  addSums(gathered, 3, sumsOf([7, 2, 6]));
  expect([gathered.n, ...gathered.sums]).toEqual([6, 24, 124]);
  const [mean, variance] = momentsOf(gathered);
  expect(mean).toBe(4);
  expect(variance).toBeCloseTo(4.666667, 6);
});

it('has moments for no values, too', () => {
  expect([...momentsOf(deferredSums(2))]).toEqual([0, 0, 0, 0]);
});

it('draws the chance of a layer again as often as it is asked, another for each layer and micro-batch', () => {
  const draw = (micro: number, layer: string) => [...layerNoise(7, micro, layer, new Float32Array(16))];
  expect(draw(3, 'a')).toEqual(draw(3, 'a'));
  expect(draw(3, 'a')).not.toEqual(draw(4, 'a'));
  expect(draw(3, 'a')).not.toEqual(draw(3, 'b'));
});
