import { usageError } from '../../core/errors.ts';
import type { Inferred } from './messages.ts';

/**
 * The share of labels that are right. For whoever reports on a run: no learner may ask.
 * @param labelOf the true label of a sample
 */
export function labelAccuracy({ ids, y }: Inferred, labelOf: (id: number) => number): number {
  if (ids.length === 0) throw usageError('label accuracy: no labels: expected at least one');
  let right = 0;
  ids.forEach((id, i) => {
    if (labelOf(id) === y[i]) right++;
  });
  return right / ids.length;
}

/**
 * The share of samples that lie in a cluster mostly of their own class (purity): what labels that were made up are worth.
 * @param labelOf the true label of a sample
 */
export function clusterPurity(clusters: Inferred, labelOf: (id: number) => number): number {
  if (clusters.ids.length === 0) throw usageError('cluster purity: no samples: expected at least one');
  const counts = new Map<number, Map<number, number>>();
  clusters.ids.forEach((id, i) => {
    const classes = counts.get(clusters.y[i]) ?? new Map<number, number>();
    counts.set(clusters.y[i], classes);
    const label = labelOf(id);
    classes.set(label, (classes.get(label) ?? 0) + 1);
  });
  let right = 0;
  for (const classes of counts.values()) right += Math.max(...classes.values());
  return right / clusters.ids.length;
}
