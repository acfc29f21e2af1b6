import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { didYouMean, editDistance, nearest } from '../../../src/scenarios/runner/nearest.ts';

describe('nearest', () => {
  it.each([
    ['cartpole', ['cart-pole', 'pendulum'], ['cart-pole']],
    ['cartpole', ['cart-pole-dqn', 'cart-pole', 'cart-pole-mpc'], ['cart-pole']],
    ['hoper', ['hopper', 'ant'], ['hopper']],
    ['PENDULUM', ['pendulum'], ['pendulum']],
    ['gamma', ['ppo.gamma', 'ppo.lambda'], ['ppo.gamma', 'ppo.lambda']],
    ['wasn', ['eager/wasm', 'eager/cpu'], ['eager/wasm']],
    ['pend', ['pendulum', 'hopper'], ['pendulum']],
    ['xylophone', ['ant', 'hopper'], []],
  ])('%s among %j', (word, candidates, expected) => {
    expect(nearest(word, candidates)).toEqual(expected);
  });

  it('asks only where something is near', () => {
    expect(didYouMean('antt', ['ant', 'pendulum'])).toBe('; did you mean ant?');
    expect(didYouMean('xylophone', ['ant'])).toBe('');
  });
});

describe('editDistance', () => {
  it('counts insertions, deletions, replacements and swaps', () => {
    expect([
      editDistance('', 'abc'),
      editDistance('abc', 'ac'),
      editDistance('abc', 'axc'),
      editDistance('abc', 'acb'),
      editDistance('kitten', 'sitting'),
    ]).toEqual([3, 1, 1, 1, 3]);
  });

  it('is zero only for the same word, and the same both ways', () => {
    const word = fc.string({ maxLength: 8 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
      }),
    );
  });
});
