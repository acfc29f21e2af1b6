import { usageError } from '../../core/errors.ts';

/** A micro-batch and the stage that works on it. */
export type Slot = readonly [micro: number, stage: number];

/**
 * Who works on what in each tick of the forward pass: stage j on micro-batch c - j in tick c = 0 ... M + K - 2 (Huang et al., 2019). The
 * backward pass is the same read from its end.
 */
export function clockSchedule(micro: number, stages: number): readonly (readonly Slot[])[] {
  checkCounts(micro, stages);
  return Array.from({ length: micro + stages - 1 }, (_, tick) => {
    const slots: Slot[] = [];
    for (let stage = 0; stage < stages; stage++) {
      const i = tick - stage;
      if (i >= 0 && i < micro) slots.push([i, stage]);
    }
    return slots;
  });
}

/** The share of all stages' time in which they have nothing to do: (K - 1) / (M + K - 1). */
export function bubbleFraction(micro: number, stages: number): number {
  checkCounts(micro, stages);
  return (stages - 1) / (micro + stages - 1);
}

/** How much faster K stages are than the same stages one after the other (M = 1): M · K / (M + K - 1). */
export const idealSpeed = (micro: number, stages: number): number =>
  stages * (1 - bubbleFraction(micro, stages));

/** What a pass of one micro-batch through one stage takes, in any unit. */
export interface PassTimes {
  readonly forward: number;
  readonly backward: number;
}

/**
 * The time of a mini-batch: (M + K - 1) · (f + b), and with recomputation, which overlaps with waiting and is spared for the last
 * micro-batch, (M - 1) · f more.
 */
export function stepTime(
  micro: number,
  stages: number,
  { forward, backward }: PassTimes,
  recompute: boolean,
): number {
  checkCounts(micro, stages);
  return (micro + stages - 1) * (forward + backward) + (recompute ? (micro - 1) * forward : 0);
}

/**
 * Peak activations of a stage, in units of one layer's for one row: with recomputation N + (L / K) · (N / M), the inputs of all
 * micro-batches and the layers of one; without, N · L / K.
 */
export function activationUnits(
  sizes: { readonly rows: number; readonly layers: number; readonly stages: number; readonly micro: number },
  recompute: boolean,
): number {
  const { rows, layers, stages, micro } = sizes;
  checkCounts(micro, stages);
  return recompute ? rows + (layers / stages) * (rows / micro) : (rows * layers) / stages;
}

/**
 * Rows of the micro-batches of a mini-batch. They differ by one at most, larger ones first.
 * @throws a usage error where there are fewer rows than micro-batches
 */
export function microRows(rows: number, micro: number): readonly number[] {
  if (!(Number.isInteger(rows) && rows >= micro)) {
    throw usageError(
      `mini-batch: rows: expected at least one for each of ${micro} micro-batches, got ${rows}`,
    );
  }
  checkCounts(micro, 1);
  const least = Math.floor(rows / micro);
  const larger = rows % micro;
  return Array.from({ length: micro }, (_, i) => (i < larger ? least + 1 : least));
}

function checkCounts(micro: number, stages: number): void {
  if (!(Number.isInteger(micro) && micro >= 1)) {
    throw usageError(`schedule: micro: expected a positive integer, got ${micro}`);
  }
  if (!(Number.isInteger(stages) && stages >= 1)) {
    throw usageError(`schedule: stages: expected a positive integer, got ${stages}`);
  }
}
