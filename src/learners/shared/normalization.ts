import type { Statistics } from '../../actors/learner.ts';
import { usageError } from '../../core/errors.ts';
import type { Snapshot } from '../../core/snapshot.ts';

/** What is added to a variance before its root is taken, as in SB3's VecNormalize. */
export const NORMALIZATION_EPSILON = 1e-8;
/** Normalised observations and rewards are cut to ± this, as in SB3's VecNormalize. */
export const NORMALIZATION_CLIP = 10;
/** Rows that the statistics of another run's policy count for at most: enough to hold for a while, not for ever. */
export const ROWS_BEFORE = 100_000;

/**
 * Running mean and variance of vectors, merged batch by batch (Chan, Golub & LeVeque 1979), in float64: the same
 * figures, to rounding, as over all rows at once.
 */
export class RunningMoments {
  readonly size: number;
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  #count = 0;
  readonly #batchMean: Float64Array;
  readonly #batchSquares: Float64Array;

  constructor(size: number) {
    this.size = size;
    this.mean = new Float64Array(size);
    this.variance = new Float64Array(size).fill(1);
    this.#batchMean = new Float64Array(size);
    this.#batchSquares = new Float64Array(size);
  }

  /** How many rows have been merged. */
  get count(): number {
    return this.#count;
  }

  /** Merges rows of `size` numbers, row-major. */
  update(rows: Float32Array | Float64Array): void {
    const { size } = this;
    const count = rows.length / size;
    if (!Number.isInteger(count))
      throw new RangeError(`moments: ${rows.length} numbers are not rows of ${size}`);
    if (count === 0) return;
    const mean = this.#batchMean.fill(0);
    const squares = this.#batchSquares.fill(0);
    for (let i = 0; i < rows.length; i += size) for (let j = 0; j < size; j++) mean[j] += rows[i + j];
    for (let j = 0; j < size; j++) mean[j] /= count;
    for (let i = 0; i < rows.length; i += size)
      for (let j = 0; j < size; j++) squares[j] += (rows[i + j] - mean[j]) ** 2;

    const total = this.#count + count;
    for (let j = 0; j < size; j++) {
      const gap = mean[j] - this.mean[j];
      const held = this.#count === 0 ? 0 : this.variance[j] * this.#count;
      this.variance[j] = (held + squares[j] + (gap * gap * this.#count * count) / total) / total;
      this.mean[j] += (gap * count) / total;
    }
    this.#count = total;
  }

  /** Writes the mean and what to multiply a difference from it with. */
  write(mean: Float32Array, scale: Float32Array): void {
    for (let j = 0; j < this.size; j++) {
      mean[j] = this.mean[j];
      scale[j] = 1 / Math.sqrt(this.variance[j] + NORMALIZATION_EPSILON);
    }
  }

  snapshot() {
    return {
      count: this.#count,
      mean: this.mean.slice(),
      variance: this.variance.slice(),
    } satisfies Snapshot;
  }

  restore(snapshot: Snapshot): void {
    const { count, mean, variance } = snapshot as ReturnType<RunningMoments['snapshot']>;
    if (mean.length !== this.size)
      throw usageError(`moments: expected a snapshot of ${this.size} numbers, got ${mean.length}`);
    this.#count = count;
    this.mean.set(mean);
    this.variance.set(variance);
  }
}

type ReturnStatistics = ReturnScaler['statistics'];

/** Whether a policy was saved with the moments that rewards are scaled by. */
export const holdsReturns = (statistics: Statistics): statistics is ReturnStatistics =>
  'return_variance' in statistics;

/**
 * Divides rewards by the running standard deviation of each copy's discounted return (Engstrom et al. 2020; SB3's
 * VecNormalize), so that the value network sees targets of about unit size. Rewards are scaled, never shifted.
 */
export class ReturnScaler {
  readonly #gamma: number;
  readonly #moments = new RunningMoments(1);
  /** The discounted return that each copy has gathered so far in its episode. */
  readonly #returns: Float64Array;
  #seen = new Float64Array(0);

  /** @param copies environment copies over all workers */
  constructor(copies: number, gamma: number) {
    this.#gamma = gamma;
    this.#returns = new Float64Array(copies);
  }

  /** What rewards are multiplied with now. */
  get scale(): number {
    return 1 / Math.sqrt(this.#moments.variance[0] + NORMALIZATION_EPSILON);
  }

  /**
   * Takes in a stretch of rewards, [steps × count] row-major, of the copies from `firstCopy` on.
   * @param ended whether the episode ended at that entry
   */
  observe(rewards: Float32Array, count: number, firstCopy: number, ended: (at: number) => boolean): void {
    if (this.#seen.length !== rewards.length) this.#seen = new Float64Array(rewards.length);
    for (let at = 0; at < rewards.length; at++) {
      const copy = firstCopy + (at % count);
      this.#returns[copy] = this.#returns[copy] * this.#gamma + rewards[at];
      this.#seen[at] = this.#returns[copy];
      if (ended(at)) this.#returns[copy] = 0;
    }
    this.#moments.update(this.#seen);
  }

  /** Writes the scaled rewards, cut to ± `NORMALIZATION_CLIP`. `out` may be `rewards`. */
  apply(rewards: Float32Array, out: Float32Array): void {
    const { scale } = this;
    for (let i = 0; i < rewards.length; i++) {
      out[i] = Math.max(-NORMALIZATION_CLIP, Math.min(NORMALIZATION_CLIP, rewards[i] * scale));
    }
  }

  /** The moments of returns, by name: what another run needs to scale rewards as this one does. */
  get statistics() {
    const { count, mean, variance } = this.#moments;
    return { return_count: count, return_mean: mean[0], return_variance: variance[0] } satisfies Statistics;
  }

  /**
   * Goes on with the statistics of another run. Its episodes under way stay its own.
   * @throws a usage error where they are no moments
   */
  take({ return_count: count, return_mean: mean, return_variance: variance }: ReturnStatistics): void {
    if (!(count >= 0 && Number.isFinite(mean) && variance >= 0)) {
      throw usageError(
        `initial policy: expected return_count ≥ 0, return_mean and return_variance ≥ 0, got ${count}, ${mean}, ${variance}`,
      );
    }
    this.#moments.restore({
      count: Math.min(count, ROWS_BEFORE),
      mean: Float64Array.of(mean),
      variance: Float64Array.of(variance),
    });
  }

  snapshot() {
    return { moments: this.#moments.snapshot(), returns: this.#returns.slice() } satisfies Snapshot;
  }

  restore(snapshot: Snapshot): void {
    const { moments, returns } = snapshot as ReturnType<ReturnScaler['snapshot']>;
    this.#moments.restore(moments);
    this.#returns.set(returns);
  }
}
