import { usageError } from '../../core/errors.ts';
import type { TaskMatrix } from './affinity.ts';

/** Tasks by number, ascending. */
export type Group = readonly number[];

/** How well a task should do in a group that it is in. Higher is better. */
export interface GroupScores {
  readonly tasks: number;
  /** @param task one of `group` */
  of(task: number, group: Group): number;
}

/** A task alone has no affinity to go by: the source puts it here, so that it is never chosen where it can be avoided. */
export const singletonScore = -1e6;

/** Scores beyond this are no affinities, and would drown in what stands for tasks alone. */
const largestScore = 1e5;

/** score(j, G) = mean over the others i of G of A[j][i]; row = target. */
export function affinityScores(matrix: TaskMatrix): GroupScores {
  expectScores(matrix);
  return {
    tasks: matrix.length,
    of: (task, group) => (group.length === 1 ? singletonScore : meanOfOthers(matrix[task], task, group)),
  };
}

/**
 * Higher-order approximation (Standley et al. 2020): a task's loss in a group is taken for the mean of its losses in the pairs
 * of that group. Scores are negative losses.
 * @param pairs row j, column i: task j's loss in the network of i and j; on the diagonal, in its own
 */
export function pairScores(pairs: TaskMatrix): GroupScores {
  expectScores(pairs);
  return {
    tasks: pairs.length,
    of: (task, group) => (group.length === 1 ? -pairs[task][task] : -meanOfOthers(pairs[task], task, group)),
  };
}

function meanOfOthers(row: readonly number[], task: number, group: Group): number {
  let sum = 0;
  for (const other of group) if (other !== task) sum += row[other];
  return sum / (group.length - 1);
}

function expectScores(matrix: TaskMatrix): void {
  if (matrix.length === 0) throw usageError('scores: matrix: expected one task or more, got none');
  matrix.forEach((row, j) => {
    if (row.length !== matrix.length) {
      throw usageError(
        `scores: matrix[${j}]: expected a square, ${matrix.length} columns, got ${row.length}`,
      );
    }
    row.forEach((value, i) => {
      if (!(Math.abs(value) <= largestScore)) {
        throw usageError(`scores: matrix[${j}][${i}] = ${value}: expected a number within ± ${largestScore}`);
      }
    });
  });
}

/** The same matrix with its tasks renamed: task t of the result is task `order[t]` of the matrix. A control. */
export const relabelled = (matrix: TaskMatrix, order: readonly number[]): TaskMatrix =>
  order.map(j => order.map(i => matrix[j][i]));

/** All groups of so many tasks, 2ⁿ − 1, in the order of their bits: {0}, {1}, {0, 1}, {2}, … */
export function allGroups(tasks: number): Group[] {
  if (!(Number.isInteger(tasks) && tasks >= 1 && tasks <= 16)) {
    throw usageError(`groups: tasks = ${tasks}: expected 1 to 16`);
  }
  return Array.from({ length: 2 ** tasks - 1 }, (_, i) => groupOf(i + 1));
}

/** The tasks whose bits are set. */
export function groupOf(bits: number): Group {
  const group: number[] = [];
  for (let task = 0; bits >> task > 0; task++) if ((bits >> task) & 1) group.push(task);
  return group;
}

/** A group as a key: `0+2+5`. */
export const keyOf = (group: Group): string => group.join('+');
