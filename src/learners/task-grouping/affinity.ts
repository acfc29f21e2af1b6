import { usageError } from '../../core/errors.ts';

/** Numbers by task: row = target j, column = source i. */
export type TaskMatrix = readonly (readonly number[])[];

/** Where a task is as good as solved its loss is taken for this much, so that the ratio stays one of numbers. */
export const smallestLoss = 1e-4;

/** The affinities of one probe round. */
export interface ProbeRound {
  readonly z: TaskMatrix;
  /** Tasks whose loss was below `smallestLoss`. */
  readonly clamped: number;
}

/**
 * Z_{i→j} = 1 − L_j(x, θ|i, φ_j) / L_j(x, θ, φ_j): by how much of its loss task j gains when the trunk takes a step for
 * task i alone (Fifty et al. 2021, eq. 1). Positive: i's step helps j.
 * @param before L_j at the trunk as it is, by target j; losses are ≥ 0
 * @param after L_j at the trunk after a step for i: row j, column i; more columns than tasks are taken alike
 */
export function affinities(before: readonly number[], after: TaskMatrix): ProbeRound {
  let clamped = 0;
  const z = after.map((row, j) => {
    const loss = before[j];
    if (!(Number.isFinite(loss) && loss >= 0)) {
      throw usageError(`affinities: before[${j}] = ${loss}: expected a loss, 0 or more`);
    }
    if (row.length < before.length || after.length !== before.length) {
      throw usageError(
        `affinities: after: expected ${before.length} rows of as many, got ${after.length}, one of ${row.length}`,
      );
    }
    if (loss < smallestLoss) clamped++;
    const safe = Math.max(loss, smallestLoss);
    return row.map((value, i) => {
      if (!Number.isFinite(value)) {
        throw usageError(`affinities: after[${j}][${i}] = ${value}: expected a finite loss`);
      }
      return (safe - value) / safe;
    });
  });
  return { z, clamped };
}

/** Â[j][i], the mean of Z_{i→j} over probe rounds, taken in as they come. */
export class MeanAffinity {
  /** Rounds so far. */
  rounds = 0;
  readonly #sums: number[][];

  constructor(tasks: number) {
    this.#sums = Array.from({ length: tasks }, () => new Array<number>(tasks).fill(0));
  }

  push(z: TaskMatrix): void {
    this.rounds++;
    this.#sums.forEach((row, j) => {
      for (let i = 0; i < row.length; i++) row[i] += z[j][i];
    });
  }

  /** @throws a usage error before the first round */
  get mean(): TaskMatrix {
    if (this.rounds === 0) throw usageError('mean affinity: rounds = 0: expected one probe round or more');
    return this.#sums.map(row => row.map(sum => sum / this.rounds));
  }
}

/**
 * Affinities less what momentum does by itself. With momentum in the step ahead, all of a row is shifted alike; that changes no
 * choice of groups (scores are means along rows), but hides which task helps which.
 */
export const ownAffinity = (matrix: TaskMatrix, drift: readonly number[]): TaskMatrix =>
  matrix.map((row, j) => row.map(value => value - drift[j]));

/** How a matrix of affinities falls into blocks of tasks. */
export interface BlockStructure {
  /** Mean off the diagonal, within blocks. */
  readonly within: number;
  /** Mean size across blocks. */
  readonly across: number;
  /** within / across; 0 where across is 0 and within is not above it. */
  readonly ratio: number;
}

/** How much more tasks of a block help each other than others. @param blockOf each task's block, by number; at least one block has two tasks, and there are two blocks */
export function blockStructure(matrix: TaskMatrix, blockOf: readonly number[]): BlockStructure {
  const means = { within: [0, 0], across: [0, 0] };
  matrix.forEach((row, j) => {
    row.forEach((value, i) => {
      if (i === j) return;
      const same = blockOf[i] === blockOf[j];
      const mean = same ? means.within : means.across;
      mean[0] += same ? value : Math.abs(value);
      mean[1]++;
    });
  });
  const { within, across } = means;
  if (within[1] === 0 || across[1] === 0) {
    throw usageError(
      `block structure: blocks = ${blockOf.join(', ')}: expected two or more, one of two tasks`,
    );
  }
  const [inside, outside] = [within[0] / within[1], across[0] / across[1]];
  return { within: inside, across: outside, ratio: inside / Math.max(outside, 1e-12) };
}
