import { describe, expect, it } from 'vitest';
import {
  type HealthOptions,
  type HealthState,
  healthy,
  watchHealth,
} from '../../../src/actors/recorder/health.ts';
import type { MetricRow } from '../../../src/core/metric-rows.ts';

/** Folds rows of the learner, one for each set of values. @returns the warnings, by the row that gave them, from 1 */
function watch(
  rows: readonly MetricRow['values'][],
  options?: HealthOptions,
): Record<number, readonly string[]> {
  let state: HealthState = healthy();
  const found: Record<number, readonly string[]> = {};
  for (const [i, values] of rows.entries()) {
    const seen = watchHealth(state, { source: 'learner', step: (i + 1) * 1024, values }, options);
    state = seen.state;
    if (seen.warnings.length > 0) found[i + 1] = seen.warnings;
  }
  return found;
}
const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i));

describe('warnings of ill learning', () => {
  it('entropy collapsed, of discrete actions', () => {
    const rows = [{ entropy: 0.69 }, ...times(5, () => ({ entropy: 0.004 }))];
    expect(watch(rows)).toEqual({
      6: [
        'entropy collapsed (learner at step 6,144): entropy 0.004, below 1 % of 0.69 at the start, so nothing new is tried. Try a larger entropyCoefficient (0.01) or a smaller learningRate',
      ],
    });
    expect(watch([{ entropy: 0.69 }, ...times(50, () => ({ entropy: 0.05 }))])).toEqual({});
  });

  it('entropy collapsed, of continuous actions, by their deviation', () => {
    const falls = times(30, i => ({ action_std: 0.6, entropy: 2 - i / 5 }));
    expect(watch(falls)).toEqual({});
    const collapsed = watch([{ action_std: 1 }, ...times(5, () => ({ action_std: 0.005, entropy: -4 }))]);
    expect(collapsed[6]).toEqual([expect.stringMatching(/^entropy collapsed .*: action_std 0\.005/)]);
  });

  it('not where entropy is kept at a target, as SAC does: below zero is where it belongs', () => {
    const kept = times(30, i => ({ entropy: i === 0 ? 0.62 : -1, entropy_coefficient: 0.2 }));
    expect(watch(kept)).toEqual({});
  });

  it('KL too large', () => {
    const found = watch(times(3, () => ({ approx_kl: 0.2 })));
    expect(found).toEqual({ 3: [expect.stringMatching(/^KL too large .*approx_kl 0\.2 .*targetKl/)] });
    // One that throws the policy away is said at once, and once.
    const thrown = watch([20, 6, 0, 0, 0].map(kl => ({ approx_kl: kl })));
    expect(thrown).toEqual({ 1: [expect.stringMatching(/^KL too large .*approx_kl 20 /)] });
    expect(watch(times(50, i => ({ approx_kl: i % 3 === 0 ? 0.02 : 0.2 })))).toEqual({});
  });

  it('explained variance below zero for long', () => {
    const found = watch(times(20, () => ({ explained_variance: -0.5 })));
    expect(found).toEqual({
      20: [expect.stringMatching(/^explained variance below zero .*worse than a constant/)],
    });
    expect(watch(times(50, i => ({ explained_variance: i % 20 === 19 ? 0.1 : -1 })))).toEqual({});
  });

  it('dead reward: one that never varied, not one that has arrived', () => {
    const found = watch(times(20, () => ({ episode_return: -200 })));
    expect(found).toEqual({ 20: [expect.stringMatching(/^dead reward .*every mean return has been -200/)] });
    expect(watch(times(100, i => ({ episode_return: Math.min(500, 20 * i) })))).toEqual({});
  });

  it('exploding reward', () => {
    const found = watch(times(30, i => ({ episode_return: 10 ** (i / 2) })));
    expect(Object.keys(found)).toEqual(['16']);
    expect(found[16]).toEqual([
      expect.stringMatching(/^exploding reward .*a mean return of 31600000\. .*normalizeRewards/),
    ]);
  });

  it('NaN and infinities, by the figure that holds one', () => {
    const found = watch([{ entropy: 1, value_loss: Number.NaN }]);
    expect(found).toEqual({
      1: [expect.stringMatching(/^not a number \(learner at step 1,024\): value_loss is NaN\. Try/)],
    });
    expect(watch([{ policy_loss: Number.NEGATIVE_INFINITY }])[1]).toHaveLength(1);
  });

  it('several at once, each in one line', () => {
    const found = watch(times(3, () => ({ approx_kl: 1, value_loss: Number.NaN, episode_return: 1e9 })));
    expect([found[1].length, found[3].length]).toEqual([1, 2]);
    expect(
      Object.values(found)
        .flat()
        .every(line => !line.includes('\n')),
    ).toBe(true);
  });
});

describe('the watch', () => {
  it('repeats itself after so many rows, and not before', () => {
    const found = watch(
      times(32, () => ({ approx_kl: 0.2 })),
      { repeatAfter: 10 },
    );
    expect(Object.keys(found)).toEqual(['3', '13', '23']);
  });

  it('keeps sources apart', () => {
    const first = watchHealth(healthy(), { source: 'a', step: 1, values: { x: Number.NaN } });
    const second = watchHealth(first.state, { source: 'b', step: 1, values: { x: Number.NaN } });
    const third = watchHealth(second.state, { source: 'a', step: 2, values: { x: Number.NaN } });
    expect([first, second, third].map(seen => seen.warnings.length)).toEqual([1, 1, 0]);
  });

  it('is pure, and its state is plain data', () => {
    const row = { source: 'a', step: 1, values: { approx_kl: 0.2, entropy: 0 } };
    const { state } = watchHealth(healthy(), row);
    const frozen = structuredClone(state);
    expect(watchHealth(state, row)).toEqual(watchHealth(JSON.parse(JSON.stringify(state)), row));
    expect(state).toEqual(frozen);
  });

  it('has nothing to say of a healthy run, nor of a row without figures', () => {
    const rows = times(500, i => ({
      episode_return: Math.min(500, i) + (i % 7),
      entropy: 0.69 - 0.0012 * i,
      approx_kl: 0.005 + 0.01 * (i % 3),
      explained_variance: Math.min(0.95, i / 60 - 0.3),
    }));
    expect(watch(rows)).toEqual({});
    expect(watchHealth(healthy(), { source: 'a', step: 0, values: {} }).warnings).toEqual([]);
  });
});
