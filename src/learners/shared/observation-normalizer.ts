import type { Snapshot } from '../../core/snapshot.ts';
import { NORMALIZATION_EPSILON, ROWS_BEFORE, RunningMoments } from './normalization.ts';

/** Running statistics of observations, in the form in which networks use them and policies carry them. */
export class ObservationNormalizer {
  /** (observation − mean) · scale has mean 0 and deviation 1. */
  readonly tensors;
  readonly #moments: RunningMoments;

  /** @param size floats in an observation */
  constructor(size: number) {
    this.#moments = new RunningMoments(size);
    this.tensors = {
      mean: { shape: [size], data: new Float32Array(size) },
      scale: { shape: [size], data: new Float32Array(size).fill(1) },
    };
  }

  /** How many of a policy's parameters are these statistics. */
  get parameters(): number {
    return 2 * this.#moments.size;
  }

  /** Merges rows of raw observations. */
  update(rows: readonly Float32Array[]): void {
    for (const part of rows) this.#moments.update(part);
    this.#moments.write(this.tensors.mean.data, this.tensors.scale.data);
  }

  /** Writes mean, then scale. */
  writeParameters(out: Float32Array): void {
    out.set(this.tensors.mean.data, 0);
    out.set(this.tensors.scale.data, this.#moments.size);
  }

  /** Starts from the statistics of another policy: mean, then scale. */
  takeParameters(from: Float32Array): void {
    const { mean, scale } = this.tensors;
    mean.data.set(from.subarray(0, this.#moments.size));
    scale.data.set(from.subarray(this.#moments.size));
    this.#moments.restore({
      count: ROWS_BEFORE,
      mean: Float64Array.from(mean.data),
      variance: Float64Array.from(scale.data, varianceOf),
    });
  }

  snapshot(): Snapshot {
    return this.#moments.snapshot();
  }

  restore(snapshot: Snapshot): void {
    this.#moments.restore(snapshot);
    if (this.#moments.count > 0) this.#moments.write(this.tensors.mean.data, this.tensors.scale.data);
  }
}

/** The variance that a scale was made of: what was added to it is taken off, or features that stand still would grow. */
const varianceOf = (scale: number): number => Math.max(0, 1 / scale ** 2 - NORMALIZATION_EPSILON);
