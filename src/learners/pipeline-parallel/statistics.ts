/**
 * Deferred batch normalisation (torchgpipe): micro-batches are normalised by themselves, while the running statistics move once a
 * mini-batch, by what all of its micro-batches together say. Sums come in once each, however often they are computed.
 */

/** What a layer has seen of a mini-batch: sums and sums of squares by channel, [2, channels]. */
export interface DeferredSums {
  /** Values of each channel. */
  n: number;
  readonly sums: Float64Array;
}

/** Sums of nothing yet, for so many channels. */
export const deferredSums = (channels: number): DeferredSums => ({
  n: 0,
  sums: new Float64Array(2 * channels),
});

/** Counts a micro-batch. @param n values of each channel @param sums [2, channels] */
export function addSums(into: DeferredSums, n: number, sums: ArrayLike<number>): void {
  into.n += n;
  for (let i = 0; i < into.sums.length; i++) into.sums[i] += sums[i];
}

/** Mean and biased variance by channel, [2, channels]: Σx / n and Σx² / n - mean². A channel without values: mean 0, variance 0. */
export function momentsOf({ n, sums }: DeferredSums): Float64Array {
  const channels = sums.length / 2;
  const moments = new Float64Array(sums.length);
  if (n === 0) return moments;
  for (let c = 0; c < channels; c++) {
    const mean = sums[c] / n;
    moments[c] = mean;
    moments[channels + c] = Math.max(0, sums[channels + c] / n - mean * mean);
  }
  return moments;
}

/** Running statistics before the first mini-batch, [2, channels]: mean 0, variance 1. */
export const initialStatistics = (channels: number): Float32Array =>
  new Float32Array(2 * channels).fill(1, channels);

/** running ← (1 - momentum) · running + momentum · moments, in place. */
export function moveStatistics(running: Float32Array, moments: ArrayLike<number>, momentum: number): void {
  for (let i = 0; i < running.length; i++) running[i] += momentum * (moments[i] - running[i]);
}
