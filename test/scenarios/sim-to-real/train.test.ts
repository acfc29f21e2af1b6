import { expect, test } from 'vitest';
import { joinedTuples } from '../../../src/learners/simgan/tuples.ts';
import { copiesFor } from '../../../src/scenarios/sim-to-real/arms.ts';
import { stepsOf } from '../../../src/scenarios/sim-to-real/cast.ts';
import { options, withBudget } from '../../../src/scenarios/sim-to-real/options.ts';
import { planOf } from '../../../src/scenarios/sim-to-real/settings.ts';
import { latter } from '../../../src/scenarios/sim-to-real/train.ts';

test('snapshots are of the second half, evenly, the end among them', () => {
  const ten = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  expect(latter(ten, 5)).toEqual([6, 7, 8, 9, 10]);
  expect(latter(ten, 2)).toEqual([8, 10]);
  expect(latter([1, 2, 3, 4, 5, 6], 5)).toEqual([2, 3, 4, 5, 6]);
  expect(latter([1, 2], 5)).toEqual([1, 2]);
  expect(latter(ten, 0)).toEqual([]);
});

test('collections join episode after episode', () => {
  const part = (from: number, lengths: number[]) => {
    const rows = lengths.reduce((sum, length) => sum + length, 0);
    const column = (width: number) => Float32Array.from({ length: rows * width }, (_, i) => from + i);
    return { observations: column(2), actions: column(1), next: column(2), lengths };
  };
  const { observations, actions, lengths } = joinedTuples([part(0, [1, 1]), part(100, [1])]);
  expect([...observations]).toEqual([0, 1, 2, 3, 100, 101]);
  expect([...actions]).toEqual([0, 1, 100]);
  expect(lengths).toEqual([1, 1, 1]);
});

test('randomisation has the budget of source and refinement, and fine-tuning divides the target’s steps', async () => {
  const parsed = withBudget(options.parse({ identifications: 3 }));
  const plan = await planOf(parsed);
  expect(plan.iteration).toBe(8000);
  const steps = (name: string) => stepsOf(parsed, arm => arm === name);
  const always = stepsOf(parsed, () => false);
  expect(always).toBe(8000 * 60 + 3 * 48 * 250 + 3 * 8000 * (80 + 150));
  expect(steps('dr') - always).toBe(8000 * (60 + 150));
  const twice = withBudget(options.parse({ rounds: 2 }));
  expect(stepsOf(twice, arm => arm === 'dr') - stepsOf(twice, () => false)).toBe(8000 * (60 + 2 * 150));
  expect(steps('sysIdConst') - always).toBe(3 * 8000 * (80 + 150));
  const { environments, horizon, minibatch } = plan.fineTuning(8);
  expect((48 * 250) % (environments * horizon)).toBe(0);
  expect((environments * horizon) % minibatch).toBe(0);
  expect([copiesFor(12_000, 250), copiesFor(4000, 250), copiesFor(12_500, 250)]).toEqual([8, 8, 5]);
  // As much of what a hopper has used as goes into whole iterations.
  expect(copiesFor(8045, 64)).toBe(5);
});
