import { usageError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import type { DataSource } from '../../data/contract.ts';
import type { StreamConfig } from './config.ts';

/** Which samples a stream may send, and in which order it chose them. */
export type PoolChoice = Pick<StreamConfig, 'pool' | 'perClass' | 'seed'>;

/**
 * The numbers of the samples that a stream sends: a slice of a permutation of the source, drawn from the seed, so that
 * slices that do not overlap share no sample. Of an endless source they are the slice itself.
 * @throws a usage error where the source has fewer, or a class has fewer than `perClass` among them
 */
export function poolIds(source: DataSource, { pool, perClass, seed }: PoolChoice): Int32Array {
  const { from, count } = pool;
  if (from + count > source.count) {
    throw usageError(
      `${source.name}: pool = ${from} … ${from + count - 1}: expected places below ${source.count}, which is all it has`,
    );
  }
  const ids = new Int32Array(count);
  if (Number.isFinite(source.count)) {
    const all = Int32Array.from({ length: source.count }, (_, id) => id);
    Random.fromSeed(seed).split('pool', source.name).shuffle(all);
    ids.set(all.subarray(from, from + count));
  } else {
    for (let i = 0; i < count; i++) ids[i] = from + i;
  }
  return perClass === null ? ids : balanced(source, ids, perClass);
}

function balanced(source: DataSource, ids: Int32Array, perClass: number): Int32Array {
  const [{ name, classes }] = source.labellings;
  const counts = new Int32Array(classes);
  const kept = ids.filter(id => counts[source.label(id)]++ < perClass);
  const short = counts.findIndex(n => n < perClass);
  if (short >= 0) {
    throw usageError(
      `${source.name}: perClass = ${perClass}: the pool holds ${counts[short]} samples of ${name} ${short}: take a larger pool, or fewer of each class`,
    );
  }
  return kept;
}
