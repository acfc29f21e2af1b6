import { concatenate } from '../../core/arrays.ts';
import type { Sample } from './wasserstein.ts';

/** Steps of whole episodes, one episode after the other, as whoever played them saw them. */
export interface Tuples {
  /** s, [n × O], with the noise that observations have. */
  readonly observations: Float32Array;
  /** a as the environment was told, so within its bounds and before its own noise, [n × A]. */
  readonly actions: Float32Array;
  /** s′, [n × O], noisy as s is; the true last observation where an episode ends. */
  readonly next: Float32Array;
  /** Steps of each episode; their sum is n. */
  readonly lengths: readonly number[];
}

/** Episodes of several collections, one after the other. */
export const joinedTuples = (parts: readonly Tuples[]): Tuples => ({
  observations: concatenate(
    'float32',
    parts.map(({ observations }) => observations),
  ),
  actions: concatenate(
    'float32',
    parts.map(({ actions }) => actions),
  ),
  next: concatenate(
    'float32',
    parts.map(({ next }) => next),
  ),
  lengths: parts.flatMap(({ lengths }) => lengths),
});

/**
 * The steps but for the last one of each episode that ended before its time. In the hybrid simulator nobody can judge these, as no
 * trajectory holds the state that an episode ended in: were they among the real ones alone, falling would look real.
 * Lengths are those of the steps left.
 */
export function withoutFalls({ observations, actions, next, lengths }: Tuples, episodeSteps: number): Tuples {
  const rows = lengths.reduce((sum, length) => sum + length, 0);
  const falls = new Set<number>();
  let end = 0;
  for (const length of lengths) {
    end += length;
    if (length < episodeSteps) falls.add(end - 1);
  }
  const left = (column: Float32Array): Float32Array => {
    const width = column.length / rows;
    return column.filter((_, i) => !falls.has(Math.floor(i / width)));
  };
  return {
    ...{ observations: left(observations), actions: left(actions), next: left(next) },
    lengths: lengths.map(length => (length < episodeSteps ? length - 1 : length)),
  };
}

/** Transitions as the discriminator sees them: `[s, a, s′]`, one after the other. */
export function transitionsOf(
  { observations, actions, next }: Omit<Tuples, 'lengths'>,
  robot: { readonly observations: number; readonly actions: number },
): Sample & { readonly values: Float32Array } {
  const [o, a] = [robot.observations, robot.actions];
  const size = 2 * o + a;
  const rows = observations.length / o;
  const values = new Float32Array(rows * size);
  for (let row = 0; row < rows; row++) {
    values.set(observations.subarray(row * o, (row + 1) * o), row * size);
    values.set(actions.subarray(row * a, (row + 1) * a), row * size + o);
    values.set(next.subarray(row * o, (row + 1) * o), row * size + o + a);
  }
  return { values, size };
}
