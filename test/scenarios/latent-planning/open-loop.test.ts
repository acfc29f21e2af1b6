import { expect, it } from 'vitest';
import { othersActions, piecesOf } from '../../../src/scenarios/latent-planning/open-loop.ts';

const episode = {
  index: 0,
  observations: Float32Array.of(0, 1, 2, 3, 4, 5, 6),
  actions: Float32Array.of(10, 11, 12, 13, 14, 15),
  rewards: Float32Array.of(20, 21, 22, 23, 24, 25),
};
const sizes = { observation: 1, action: 1 };

it('a piece holds rows as a replay does: an action with the observation and the reward that came of it', () => {
  const { count, seen, actions, observations, rewards } = piecesOf([episode], sizes, {
    context: 1,
    horizon: 3,
  });
  expect(count).toBe(2);
  expect([...seen]).toEqual([0, 3]);
  expect([...actions]).toEqual([0, 10, 11, 12, 12, 13, 14, 15]);
  expect([...observations]).toEqual([1, 2, 3, 4, 5, 6]);
  expect([...rewards]).toEqual([20, 21, 22, 23, 24, 25]);
});

it('an episode that is too short has no piece', () => {
  expect(piecesOf([episode], sizes, { context: 2, horizon: 6 }).count).toBe(0);
  expect(piecesOf([episode], sizes, { context: 2, horizon: 5 }).count).toBe(1);
});

it('the other actions are those of another piece, after the context', () => {
  const pieces = piecesOf([episode, episode], sizes, { context: 1, horizon: 3 });
  expect([...othersActions(pieces)].slice(0, 8)).toEqual([0, 10, 11, 12, 12, 13, 14, 15]);
  expect([...othersActions(piecesOf([episode], sizes, { context: 1, horizon: 3 }))]).toEqual([
    ...[0, 13, 14, 15],
    ...[12, 10, 11, 12],
  ]);
});
