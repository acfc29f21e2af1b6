import type { StreamConfig } from '../../actors/streams/index.ts';
import { type DataSource, openData } from '../../data/index.ts';
import type { GanOptions } from './options.ts';

/** Which images who sees: slices of one permutation, so that none is in two of them. */
export interface Ground {
  readonly train: Pick<StreamConfig, 'data' | 'pool' | 'seed'>;
  readonly metric: Pick<StreamConfig, 'data' | 'pool' | 'seed'>;
  /** Of those who report, never of a learner. */
  readonly source: DataSource;
  readonly shape: readonly [rows: number, columns: number, channels: number];
  readonly classes: number;
}

/** @param seed of the run: all arms have the same images */
export function groundOf({ data: name, size, images, metricImages }: GanOptions, seed: number): Ground {
  const data = { name, size, split: 'train' } as const;
  const source = openData(data);
  return {
    train: { data, seed, pool: { from: 0, count: images } },
    metric: { data, seed, pool: { from: images, count: metricImages } },
    source,
    shape: [size, size, 1],
    classes: source.labellings[0].classes,
  };
}
