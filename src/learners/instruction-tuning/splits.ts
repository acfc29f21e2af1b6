import { usageError } from '../../core/errors.ts';
import type { Cluster } from './contract.ts';

/** What is held out, and what to do about a task that would be on both sides. */
export interface SplitOptions {
  /** Names of the clusters that are held out. */
  readonly test: readonly string[];
  /**
   * A task that is tested, and in a training cluster too: `error` refuses the split, `remove` takes it out of training, `allow`
   * leaves it there.
   */
  readonly overlap: 'error' | 'remove' | 'allow';
}

/** Clusters to train on and clusters to test on. */
export interface Split {
  readonly train: readonly Cluster[];
  readonly test: readonly Cluster[];
}

/**
 * Inter-cluster split: test are the named clusters, train all others but those that are related to a tested one, whichever of
 * the two says so. A cluster that loses all its tasks is left out.
 * @throws a usage error where a name is unknown, a cluster may not be tested, nothing is left, or tasks overlap under `error`
 */
export function splitClusters(clusters: readonly Cluster[], { test, overlap }: SplitOptions): Split {
  const named = new Map(clusters.map(one => [one.name, one]));
  if (named.size < clusters.length) throw usageError('clusters: expected each name once');
  const tested = test.map(name => {
    const found = named.get(name);
    if (!found)
      throw usageError(`test = ${name}: expected one of the clusters ${[...named.keys()].join(', ')}`);
    if (found.neverTested) throw usageError(`test = ${name}: expected a cluster that may be held out`);
    return found;
  });
  const related = (one: Cluster) =>
    tested.some(other => one.related.includes(other.name) || other.related.includes(one.name));
  const tasks = new Set(tested.flatMap(one => one.tasks.map(({ name }) => name)));
  const train = clusters
    .filter(one => !test.includes(one.name) && !related(one))
    .map(one => {
      const shared = one.tasks.filter(({ name }) => tasks.has(name)).map(({ name }) => name);
      if (shared.length === 0 || overlap === 'allow') return one;
      if (overlap === 'error') {
        throw usageError(
          `cluster ${one.name}: tasks = ${shared.join(', ')}: expected none that is tested; overlap = remove takes them out`,
        );
      }
      return { ...one, tasks: one.tasks.filter(({ name }) => !tasks.has(name)) };
    })
    .filter(one => one.tasks.length > 0);
  if (train.length === 0) throw usageError(`test = ${test.join(', ')}: expected something left to train on`);
  return { train, test: tested };
}
