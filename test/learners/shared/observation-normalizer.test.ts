import { expect, test } from 'vitest';
import { ObservationNormalizer } from '../../../src/learners/shared/observation-normalizer.ts';

const figures = ({ tensors }: ObservationNormalizer) => [...tensors.mean.data, ...tensors.scale.data];

test('normalises by the mean and deviation of all it has seen, feature by feature', () => {
  const normalizer = new ObservationNormalizer(2);
  expect(figures(normalizer)).toEqual([0, 0, 1, 1]);
  // First feature 1, 5, 3, 3: mean 3, variance 2; second 10 throughout: no deviation but what is added to it.
  normalizer.update([Float32Array.of(1, 10, 5, 10), Float32Array.of(3, 10, 3, 10)]);
  const [first, second, scale, large] = figures(normalizer);
  expect([first, second]).toEqual([3, 10]);
  expect(scale).toBeCloseTo(1 / Math.SQRT2, 6);
  expect(large).toBeCloseTo(1e4, 1);
});

test('goes on from another policy’s statistics as if it had seen 100,000 rows', () => {
  const before = new ObservationNormalizer(1);
  before.update([Float32Array.of(1, 5)]);
  const parameters = new Float32Array(before.parameters);
  before.writeParameters(parameters);
  expect([...parameters]).toEqual([3, 0.5]);
  const after = new ObservationNormalizer(1);
  after.takeParameters(parameters);
  expect(figures(after)).toEqual([3, 0.5]);
  // As many rows of 5: mean 4; variance (100,000 · 4 + 0 + 2² · 100,000 · 100,000/200,000)/200,000 = 3
  after.update([new Float32Array(100_000).fill(5)]);
  expect(after.tensors.mean.data[0]).toBeCloseTo(4, 6);
  expect(after.tensors.scale.data[0]).toBeCloseTo(1 / Math.sqrt(3), 6);
});

test('a feature that stands still keeps its scale from policy to policy', () => {
  const parameters = new Float32Array(2);
  const still = Float32Array.of(7, 7);
  const first = new ObservationNormalizer(1);
  first.update([still]);
  first.writeParameters(parameters);
  const second = new ObservationNormalizer(1);
  second.takeParameters(parameters);
  second.update([still]);
  expect(second.tensors.scale.data[0]).toBeCloseTo(first.tensors.scale.data[0], 0);
});

test('goes on from a snapshot, which nothing seen is one of too', () => {
  const whole = new ObservationNormalizer(1);
  const fresh = new ObservationNormalizer(1);
  fresh.restore(structuredClone(whole.snapshot()));
  expect(figures(fresh)).toEqual([0, 1]);
  whole.update([Float32Array.of(1, 5)]);
  const other = new ObservationNormalizer(1);
  other.restore(structuredClone(whole.snapshot()));
  expect(figures(other)).toEqual([3, 0.5]);
});
