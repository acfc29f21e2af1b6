import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ReturnScaler, RunningMoments } from '../../../src/learners/shared/normalization.ts';

describe('running moments', () => {
  test('by hand: 1, 2 then 6', () => {
    const moments = new RunningMoments(1);
    moments.update(Float32Array.of(1, 2));
    expect([moments.mean[0], moments.variance[0]]).toEqual([1.5, 0.25]);
    moments.update(Float32Array.of(6));
    // mean 3; squares 4 + 1 + 9 = 14, over 3
    expect(moments.mean[0]).toBeCloseTo(3, 12);
    expect(moments.variance[0]).toBeCloseTo(14 / 3, 12);
    expect(moments.count).toBe(3);
  });

  test('batches merge to what one pass over all rows gives, far from zero too', () => {
    const rows = fc.array(
      fc.tuple(fc.float({ min: -1, max: 1, noNaN: true }), fc.integer({ min: 0, max: 9 })),
      {
        minLength: 1,
        maxLength: 60,
      },
    );
    fc.assert(
      fc.property(rows, fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 5 }), (values, cuts) => {
        const all = values.map(([x, k]) => [1000 + x, k]);
        const moments = new RunningMoments(2);
        const bounds = [0, ...cuts.filter(cut => cut < all.length).sort((a, b) => a - b), all.length];
        for (let i = 1; i < bounds.length; i++) {
          moments.update(Float64Array.from(all.slice(bounds[i - 1], bounds[i]).flat()));
        }
        for (const j of [0, 1]) {
          const mean = all.reduce((sum, row) => sum + row[j], 0) / all.length;
          const variance = all.reduce((sum, row) => sum + (row[j] - mean) ** 2, 0) / all.length;
          expect(moments.mean[j]).toBeCloseTo(mean, 9);
          expect(moments.variance[j]).toBeCloseTo(variance, 9);
        }
      }),
    );
  });

  test('gives what to multiply a difference with', () => {
    const moments = new RunningMoments(1);
    moments.update(Float32Array.of(1, 5));
    const [mean, scale] = [new Float32Array(1), new Float32Array(1)];
    moments.write(mean, scale);
    expect([mean[0], scale[0]]).toEqual([3, 0.5]); // variance 4
  });

  test('goes on from a snapshot with the same bits', () => {
    const whole = new RunningMoments(2);
    whole.update(Float32Array.of(0.1, 0.2, 0.3, 0.4));
    const half = new RunningMoments(2);
    half.restore(structuredClone(whole.snapshot()));
    for (const moments of [whole, half]) moments.update(Float32Array.of(0.5, 0.6));
    expect(half.snapshot()).toEqual(whole.snapshot());
  });

  test('refuses numbers that do not make rows', () => {
    expect(() => new RunningMoments(3).update(new Float32Array(4))).toThrow('4 numbers are not rows of 3');
  });
});

describe('reward scaling', () => {
  const never = () => false;

  test('divides by the deviation of the discounted return', () => {
    const scaler = new ReturnScaler(1, 0.5);
    // Returns so far: 2, 2·½ + 2 = 3, 3·½ + 2 = 3.5: mean 17/6, variance (25 + 1 + 16)/36/3 = 42/108
    scaler.observe(Float32Array.of(2, 2, 2), 1, 0, never);
    const scale = Math.sqrt(108 / 42);
    expect(scaler.scale).toBeCloseTo(scale, 6);
    const out = new Float32Array(2);
    scaler.apply(Float32Array.of(1, -2), out);
    expect(out[0]).toBeCloseTo(scale, 6);
    expect(out[1]).toBeCloseTo(-2 * scale, 6);
  });

  test('an end empties the return of that copy alone', () => {
    const ends = new ReturnScaler(2, 1);
    // Copy 0 ends at its first step: returns 1, then 1 again; copy 1 goes on: 1, then 2.
    ends.observe(Float32Array.of(1, 1, 1, 1), 2, 0, at => at === 0);
    // 1, 1, 1, 2: variance 3/16
    expect(ends.scale).toBeCloseTo(Math.sqrt(16 / 3), 6);
  });

  test('cuts at ± 10', () => {
    const scaler = new ReturnScaler(1, 0.9);
    const out = new Float32Array(2);
    scaler.apply(Float32Array.of(1000, -1000), out);
    expect([...out]).toEqual([10, -10]);
  });

  test('goes on with the scale of another run, whose episodes under way stay its own', () => {
    const before = new ReturnScaler(1, 0.5);
    before.observe(Float32Array.of(2, 2, 2), 1, 0, never);
    const { statistics } = before;
    expect(statistics.return_count).toBe(3);
    expect(statistics.return_mean).toBeCloseTo(17 / 6, 12);
    expect(statistics.return_variance).toBeCloseTo(42 / 108, 12);
    const after = new ReturnScaler(2, 0.5);
    after.take(structuredClone(statistics));
    expect(after.scale).toBe(before.scale);
    // Returns 2, 3, 3.5 of before and 4 of a new episode (not 4 + 3.5/2): mean 3.125, squares 1.265625 + 0.015625 +
    // 0.140625 + 0.765625 = 2.1875, over 4
    after.observe(Float32Array.of(4), 1, 1, never);
    expect(after.statistics.return_count).toBe(4);
    expect(after.statistics.return_variance).toBeCloseTo(2.1875 / 4, 12);
  });

  test('does not let another run’s returns count for ever, nor what are no moments', () => {
    const scaler = new ReturnScaler(1, 0.5);
    scaler.take({ return_count: 1e9, return_mean: 1, return_variance: 4 });
    expect(scaler.statistics).toEqual({ return_count: 100_000, return_mean: 1, return_variance: 4 });
    expect(() => scaler.take({ return_variance: -1 } as never)).toThrow(
      'initial policy: expected return_count ≥ 0, return_mean and return_variance ≥ 0, got undefined, undefined, -1',
    );
  });

  test('goes on from a snapshot, episodes under way included', () => {
    const whole = new ReturnScaler(2, 0.9);
    whole.observe(Float32Array.of(1, 2, 3, 4), 2, 0, never);
    const other = new ReturnScaler(2, 0.9);
    other.restore(structuredClone(whole.snapshot()));
    for (const scaler of [whole, other]) scaler.observe(Float32Array.of(5, 6), 2, 0, never);
    expect(other.scale).toBe(whole.scale);
  });
});
