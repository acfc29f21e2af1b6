import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  featureMoments,
  fid,
  fidOfMoments,
  frechetDistance,
  heldOutDistance,
  kid,
  manifoldCoverage,
  neighbourDistance,
  neighbourRatio,
  precisionRecall,
  type SampleFeatures,
} from '../../../src/evaluation/index.ts';

/** Values of numpy and scipy: ../fixtures/generative.py writes them. */
interface Fixture {
  readonly width: number;
  readonly real: readonly number[];
  readonly generated: readonly number[];
  readonly more: readonly number[];
  readonly fid: number;
  readonly kid: number;
  readonly kidOfUnequalCounts: number;
  readonly kidOfDegreeTwo: number;
  readonly precisionRecall3: readonly [number, number];
  readonly precisionRecall1: readonly [number, number];
  readonly coverage5: number;
  readonly coverage1: number;
  readonly neighbourRatio: number;
}

const file = new URL('../fixtures/generative.json', import.meta.url);
const fixture = JSON.parse(readFileSync(file, 'utf8')) as Fixture;

const rows = (width: number, values: readonly number[]): SampleFeatures => ({
  width,
  data: Float64Array.from(values),
});
const normal = (mean: readonly number[], covariance: readonly number[]) => ({
  mean: Float64Array.from(mean),
  covariance: Float64Array.from(covariance),
});
const [real, generated, more] = [fixture.real, fixture.generated, fixture.more].map(values =>
  rows(fixture.width, values),
);

describe('the Fréchet inception distance', () => {
  it('is that of two normal distributions', () => {
    expect(frechetDistance(normal([0], [1]), normal([1], [4]))).toBeCloseTo(2, 12);
    const a = normal([0, 0], [2, 0.5, 0.5, 1]);
    const b = normal([1, -1], [1, -0.3, -0.3, 2]);
    expect(frechetDistance(a, b)).toBeCloseTo(2.575426, 6);
    expect(frechetDistance(b, a)).toBeCloseTo(2.575426, 6);
  });

  it('takes covariances with n − 1', () => {
    const a = rows(2, [0, 0, 1, 0, 0, 1, 1, 1]);
    const b = rows(2, [2, 0, 3, 1, 2, 2, 3, 3]);
    expect(fid(a, b)).toBeCloseTo(5.558482, 6);
    expect(featureMoments(a).covariance[0]).toBeCloseTo(1 / 3, 12);
  });

  it('is what scipy makes of sqrtm(C₁C₂)', () => {
    expect(fid(real, generated)).toBeCloseTo(fixture.fid, 10);
  });

  it('is 0 from a set to itself, where features are dead or follow from others too', () => {
    expect(fid(real, real)).toBeLessThan(1e-6);
    const dependent = Float64Array.from(
      { length: 24 * 4 },
      (_, i) => [fixture.real[i - (i % 4)], 0, 2 * fixture.real[i - (i % 4)], 5][i % 4],
    );
    expect(fid({ width: 4, data: dependent }, { width: 4, data: dependent })).toBeLessThan(1e-6);
  });

  it('refuses unequal counts, by name of both', () => {
    const says = 'FID: 24 samples against 17: expected equal counts, as its bias depends on the count';
    expect(() => fid(real, more)).toThrow(says);
    expect(() => fidOfMoments(featureMoments(real), featureMoments(more))).toThrow(says);
  });

  it('refuses what it cannot be made of', () => {
    expect(() => fid(rows(1, [1]), rows(1, [1]))).toThrow('samples of a = 1: expected at least 2');
    expect(() => fid(rows(4, fixture.real), rows(2, fixture.real))).toThrow('FID: 24 samples against 48');
    expect(() => fid(rows(2, [1, 2, 3]), real)).toThrow('a.data.length = 3: expected whole rows of 2');
    expect(() => fid(real, rows(2, [1, 2, 3, Number.NaN]))).toThrow(
      'b.data[1][1] = NaN: expected a finite number',
    );
    expect(() => frechetDistance(normal([0], [1]), normal([0, 0], [1, 0, 0, 1]))).toThrow(
      'means of 1 and 2 numbers',
    );
  });
});

describe('the kernel inception distance', () => {
  it('is what numpy makes of the kernel matrices', () => {
    expect(kid(real, generated)).toBeCloseTo(fixture.kid, 10);
    expect(kid(generated, real)).toBeCloseTo(fixture.kid, 10);
    expect(kid(real, more)).toBeCloseTo(fixture.kidOfUnequalCounts, 10);
    expect(kid(real, generated, { degree: 2, scale: 1, offset: 0.5 })).toBeCloseTo(
      fixture.kidOfDegreeTwo,
      10,
    );
  });

  it('refuses features of different nets', () => {
    expect(() => kid(real, rows(2, fixture.real))).toThrow('a and b: 4 and 2 features a sample');
  });
});

describe('precision, recall and coverage', () => {
  it('are what numpy makes of sorted distances', () => {
    const [precision3, recall3] = fixture.precisionRecall3;
    expect(precisionRecall(real, generated)).toEqual({ precision: precision3, recall: recall3 });
    const [precision1, recall1] = fixture.precisionRecall1;
    expect(precisionRecall(real, generated, { neighbours: 1 })).toEqual({
      precision: precision1,
      recall: recall1,
    });
    expect(manifoldCoverage(real, generated)).toBe(fixture.coverage5);
    expect(manifoldCoverage(real, more, { neighbours: 1 })).toBe(fixture.coverage1);
  });

  it('tell a missing mode from a bad sample', () => {
    const twoModes = rows(1, [0, 0.1, 0.2, 0.3, 0.4, 10, 10.1, 10.2, 10.3, 10.4]);
    const oneMode = rows(1, [0.05, 0.15, 0.25, 0.35, 0.02, 0.12, 0.22, 0.32, 0.07, 0.17]);
    const dropped = precisionRecall(twoModes, oneMode);
    expect(dropped.precision).toBe(1);
    expect(dropped.recall).toBe(0.5);
    expect(manifoldCoverage(twoModes, oneMode, { neighbours: 3 })).toBe(0.5);
    expect(precisionRecall(oneMode, twoModes)).toEqual({ precision: 0.5, recall: 1 });
  });

  it('refuse unequal counts and more neighbours than there are', () => {
    expect(() => precisionRecall(real, more)).toThrow('precision and recall: 17 samples against 24');
    expect(() => precisionRecall(real, generated, { neighbours: 24 })).toThrow(
      'samples of real = 24: expected at least 25',
    );
    expect(() => manifoldCoverage(real, more, { neighbours: 0 })).toThrow('neighbours = 0');
  });
});

describe('the neighbour ratio', () => {
  it('is what numpy makes of medians', () => {
    expect(neighbourRatio(generated, more, real)).toBeCloseTo(fixture.neighbourRatio, 12);
    expect(neighbourDistance(generated, real) / heldOutDistance(more, real)).toBeCloseTo(
      fixture.neighbourRatio,
      12,
    );
  });

  it('falls to 0 for copies of training samples', () => {
    const copies = rows(4, fixture.real.slice(0, 4 * 9));
    expect(neighbourRatio(copies, more, real)).toBe(0);
    expect(() => neighbourRatio(generated, copies, real)).toThrow(
      'heldOut: half of the samples are training',
    );
  });
});
