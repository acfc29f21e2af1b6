import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { estimateAdvantages, explainedVariance } from '../../../src/learners/shared/advantages.ts';

/** One copy, three steps of reward 1, every value 10, γ = 0.5, λ = 0.5, so γλ = 0.25. */
function threeSteps(ends: {
  terminated?: number[];
  truncated?: number[];
  bootstrap?: number;
  last?: number;
}) {
  const flags = (values = [0, 0, 0]) => Uint8Array.from(values);
  const advantages = new Float32Array(3);
  const returns = new Float32Array(3);
  estimateAdvantages(
    {
      rewards: Float32Array.of(1, 1, 1),
      values: Float32Array.of(10, 10, 10),
      terminated: flags(ends.terminated),
      truncated: flags(ends.truncated),
      bootstrapValues: new Float32Array(3).fill(ends.bootstrap ?? 777),
      lastValues: Float32Array.of(ends.last ?? 20),
    },
    { steps: 3, count: 1, gamma: 0.5, lambda: 0.5 },
    advantages,
    returns,
  );
  return { advantages: [...advantages], returns: [...returns] };
}

describe('advantages by hand', () => {
  test('an episode that goes on is worth the value of what follows', () => {
    // δ₂ = 1 + 0.5·20 − 10 = 1        A₂ = 1
    // δ₁ = 1 + 0.5·10 − 10 = −4       A₁ = −4 + 0.25·1 = −3.75
    // δ₀ = 1 + 0.5·10 − 10 = −4       A₀ = −4 + 0.25·(−3.75) = −4.9375
    expect(threeSteps({ last: 20 })).toEqual({
      advantages: [-4.9375, -3.75, 1],
      returns: [5.0625, 6.25, 11],
    });
  });

  test('after termination nothing is worth anything', () => {
    // Step 1 ends the task: δ₁ = 1 + 0 − 10 = −9, A₁ = −9, and A₂ does not reach back.
    // A₀ = −4 + 0.25·(−9) = −6.25. A₂ = 1 as before: another episode.
    expect(threeSteps({ terminated: [0, 1, 0] }).advantages).toEqual([-6.25, -9, 1]);
  });

  test('after truncation the true final observation has a value, not the first of the next episode', () => {
    // Step 1 is cut where V(final) = 30: δ₁ = 1 + 0.5·30 − 10 = 6, A₁ = 6, A₀ = −4 + 0.25·6 = −2.5.
    expect(threeSteps({ truncated: [0, 1, 0], bootstrap: 30 }).advantages).toEqual([-2.5, 6, 1]);
  });

  test('a step that both terminated and was truncated has terminated', () => {
    expect(threeSteps({ terminated: [0, 1, 0], truncated: [0, 1, 0], bootstrap: 30 }).advantages).toEqual([
      -6.25, -9, 1,
    ]);
  });

  test('the last step may end an episode: the value after it then does not count', () => {
    // δ₂ = 1 − 10 = −9; A₁ = −4 + 0.25·(−9) = −6.25; A₀ = −4 + 0.25·(−6.25) = −5.5625
    expect(threeSteps({ terminated: [0, 0, 1], last: 1e6 }).advantages).toEqual([-5.5625, -6.25, -9]);
  });
});

const experience = fc
  .record({ steps: fc.integer({ min: 1, max: 12 }), count: fc.integer({ min: 1, max: 4 }) })
  .chain(({ steps, count }) => {
    const rows = steps * count;
    const numbers = (length: number) =>
      fc.array(fc.float({ min: -10, max: 10, noNaN: true }), { minLength: length, maxLength: length });
    const flags = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: rows, maxLength: rows });
    return fc.record({
      steps: fc.constant(steps),
      count: fc.constant(count),
      rewards: numbers(rows).map(x => Float32Array.from(x)),
      values: numbers(rows).map(x => Float32Array.from(x)),
      bootstrapValues: numbers(rows).map(x => Float32Array.from(x)),
      lastValues: numbers(count).map(x => Float32Array.from(x)),
      terminated: flags.map(x => Uint8Array.from(x, flag => (flag === 1 ? 1 : 0))),
      truncated: flags.map(x => Uint8Array.from(x, flag => (flag === 2 ? 1 : 0))),
    });
  });

test('with λ = 1 returns are discounted sums of rewards up to the end of each episode', () => {
  fc.assert(
    fc.property(experience, fc.double({ min: 0, max: 1, noNaN: true }), (given, gamma) => {
      const { steps, count, rewards, terminated, truncated, bootstrapValues, lastValues } = given;
      const advantages = new Float32Array(rewards.length);
      const returns = new Float32Array(rewards.length);
      estimateAdvantages(given, { steps, count, gamma, lambda: 1 }, advantages, returns);
      for (let copy = 0; copy < count; copy++) {
        for (let from = 0; from < steps; from++) {
          let sum = 0;
          let discount = 1;
          let t = from;
          for (; t < steps; t++) {
            const at = t * count + copy;
            sum += discount * rewards[at];
            discount *= gamma;
            if (terminated[at] === 1) break;
            if (truncated[at] === 1) {
              sum += discount * bootstrapValues[at];
              break;
            }
          }
          if (t === steps) sum += discount * lastValues[copy];
          expect(returns[from * count + copy]).toBeCloseTo(sum, 3);
        }
      }
    }),
  );
});

test('with λ = 0 advantages are one-step errors', () => {
  fc.assert(
    fc.property(experience, given => {
      const { steps, count, rewards, values, terminated, truncated, bootstrapValues, lastValues } = given;
      const advantages = new Float32Array(rewards.length);
      estimateAdvantages(
        given,
        { steps, count, gamma: 0.9, lambda: 0 },
        advantages,
        new Float32Array(rewards.length),
      );
      rewards.forEach((reward, at) => {
        const following = at + count < values.length ? values[at + count] : lastValues[at % count];
        const next = terminated[at] ? 0 : truncated[at] ? bootstrapValues[at] : following;
        expect(advantages[at]).toBeCloseTo(reward + 0.9 * next - values[at], 4);
      });
    }),
  );
});

describe('explained variance', () => {
  test('1 for perfect values, 0 for a constant, below 0 for worse', () => {
    const returns = Float32Array.of(1, 2, 3);
    expect(explainedVariance(returns, returns)).toBe(1);
    expect(explainedVariance(Float32Array.of(7, 7, 7), returns)).toBeCloseTo(0, 12);
    // Var(returns) = 2/3; errors 2, 0, −2 have variance 8/3: 1 − 4 = −3.
    expect(explainedVariance(Float32Array.of(-1, 2, 5), returns)).toBeCloseTo(-3, 12);
  });
  test('is nothing where returns do not vary', () => {
    expect(explainedVariance(Float32Array.of(1, 2), Float32Array.of(5, 5))).toBeNaN();
  });
});
