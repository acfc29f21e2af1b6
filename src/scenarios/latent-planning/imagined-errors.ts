/** Mean squared errors by step ahead, means over open loops; of observations the sum over their numbers. */
export interface ErrorsByStep {
  /** [H] */
  readonly observation: readonly number[];
  readonly reward: readonly number[];
}

/** Rows of an open loop. */
export interface Rows {
  /** [H × O] */
  readonly observations: Float32Array;
  /** [H] */
  readonly rewards: Float32Array;
}

/** Adds up squared errors of open loops, step by step. */
export class ErrorSums {
  readonly #size: number;
  readonly #observation: Float64Array;
  readonly #reward: Float64Array;
  #count = 0;

  /** @param horizon H @param size O */
  constructor(horizon: number, size: number) {
    this.#size = size;
    this.#observation = new Float64Array(horizon);
    this.#reward = new Float64Array(horizon);
  }

  add(truth: Rows, predicted: Rows): void {
    const size = this.#size;
    for (let t = 0; t < this.#reward.length; t++) {
      let sum = 0;
      for (let k = t * size; k < (t + 1) * size; k++) {
        sum += (predicted.observations[k] - truth.observations[k]) ** 2;
      }
      this.#observation[t] += sum;
      this.#reward[t] += (predicted.rewards[t] - truth.rewards[t]) ** 2;
    }
    this.#count++;
  }

  /** Open loops that were added. */
  get count(): number {
    return this.#count;
  }

  means(): ErrorsByStep {
    const mean = (sums: Float64Array) => Array.from(sums, sum => sum / Math.max(1, this.#count));
    return { observation: mean(this.#observation), reward: mean(this.#reward) };
  }
}

/** Of the best constant: the mean of each number over all steps of all open loops. */
export function constantErrors(truths: readonly Rows[], horizon: number, size: number): ErrorsByStep {
  const observation = new Float64Array(size);
  let reward = 0;
  const rows = truths.length * horizon;
  for (const truth of truths) {
    for (let k = 0; k < horizon * size; k++) observation[k % size] += truth.observations[k] / rows;
    for (let t = 0; t < horizon; t++) reward += truth.rewards[t] / rows;
  }
  const constant = repeated(
    { observations: Float32Array.from(observation), rewards: Float32Array.of(reward) },
    horizon,
  );
  return errorsOf(truths, () => constant, horizon, size);
}

/** Of the last row that was seen, repeated. @param last one row each */
export const lastSeenErrors = (
  truths: readonly Rows[],
  last: readonly Rows[],
  horizon: number,
  size: number,
): ErrorsByStep => errorsOf(truths, i => repeated(last[i], horizon), horizon, size);

function errorsOf(
  truths: readonly Rows[],
  predicted: (i: number) => Rows,
  horizon: number,
  size: number,
): ErrorsByStep {
  const sums = new ErrorSums(horizon, size);
  truths.forEach((truth, i) => {
    sums.add(truth, predicted(i));
  });
  return sums.means();
}

function repeated({ observations, rewards }: Rows, times: number): Rows {
  const all = new Float32Array(times * observations.length);
  for (let t = 0; t < times; t++) all.set(observations, t * observations.length);
  return { observations: all, rewards: new Float32Array(times).fill(rewards[0]) };
}

/**
 * An error over another, the first steps ahead together.
 * @param steps at most; default all
 * @returns 0 where the other is 0 as well: both are right then
 */
export function errorRatio(
  errors: readonly number[],
  others: readonly number[],
  steps = errors.length,
): number {
  const sum = (values: readonly number[]) => values.slice(0, steps).reduce((all, value) => all + value, 0);
  const [own, other] = [sum(errors), sum(others)];
  if (other > 0) return own / other;
  return own === 0 ? 0 : Number.MAX_VALUE;
}
