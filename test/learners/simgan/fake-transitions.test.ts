import { expect, test } from 'vitest';
import { EpisodeReturns } from '../../../src/learners/simgan/episode-returns.ts';
import { fakeTransitions, fillRewards } from '../../../src/learners/simgan/fake-transitions.ts';
import { withoutFalls } from '../../../src/learners/simgan/tuples.ts';

/** Four steps of two copies; s is 10 · step + copy, a is 100 more. Copy 0 is cut after its second step. */
const shape = { steps: 4, count: 2, observations: 1, actions: 1 };
const observations = Float32Array.from([0, 1, 10, 11, 20, 21, 30, 31].flatMap(state => [state, 100 + state]));
const terminated = new Uint8Array(8);
const truncated = Uint8Array.of(0, 0, 1, 0, 0, 0, 0, 1);

test('a transition is s, the action that it was told with, and the copy’s next s', () => {
  const found = fakeTransitions({ observations, terminated, truncated }, shape);
  expect([...found.rows]).toEqual([0, 1, 3, 4, 5]);
  expect(found.count).toBe(5);
  expect([...found.values]).toEqual([0, 100, 10, 1, 101, 11, 11, 111, 21, 20, 120, 30, 21, 121, 31]);
});

test('rows that nobody could judge have the reward of the step before, or the mean', () => {
  const rewards = new Float32Array(8);
  const { rows } = fakeTransitions({ observations, terminated, truncated }, shape);
  fillRewards({ rows }, Float32Array.of(1, 2, 3, 4, 5), 0.5, 2, rewards);
  expect([...rewards]).toEqual([1.5, 2.5, 1.5, 3.5, 4.5, 5.5, 4.5, 5.5]);
  // Episodes of one step: nothing was judged before the third row.
  fillRewards({ rows: Int32Array.of(2) }, Float32Array.of(7), 0, 1, rewards.subarray(0, 4));
  expect([...rewards.subarray(0, 4)]).toEqual([7, 7, 7, 7]);
});

test('returns are of the rewards that stand there, over trajectories', () => {
  const returns = new EpisodeReturns(2);
  const trajectory = {
    ...{ rewards: Float32Array.of(1, 10, 2, 20, 3, 30, 4, 40), terminated, truncated },
    episodeReturns: new Float32Array(8),
  };
  returns.fill(trajectory as never, 0, 2);
  expect([...trajectory.episodeReturns]).toEqual([NaN, NaN, 3, NaN, NaN, NaN, NaN, 100]);
  const before = returns.snapshot();
  returns.fill(trajectory as never, 0, 2);
  expect([trajectory.episodeReturns[2], trajectory.episodeReturns[7]]).toEqual([10, 100]);
  returns.restore(before);
  returns.fill(trajectory as never, 0, 2);
  expect(trajectory.episodeReturns[2]).toBe(10);
});

test('of the real ones the steps that ended an episode before its time are left out, those that ended it in time are not', () => {
  const numbered = (width: number) =>
    Float32Array.from({ length: 7 * width }, (_, i) => Math.floor(i / width));
  const real = { observations: numbered(2), actions: numbered(1), next: numbered(2), lengths: [3, 1, 3] };
  const { observations, actions, next, lengths } = withoutFalls({ ...real, lengths: [3, 1, 3] }, 3);
  expect(lengths).toEqual([3, 0, 3]);
  expect([...actions]).toEqual([0, 1, 2, 4, 5, 6]);
  expect([...observations]).toEqual([0, 0, 1, 1, 2, 2, 4, 4, 5, 5, 6, 6]);
  expect(next).toEqual(observations);
  expect(withoutFalls(real, 4).actions).toEqual(Float32Array.of(0, 1, 4, 5));
  expect(withoutFalls(real, 0)).toEqual(real);
});
