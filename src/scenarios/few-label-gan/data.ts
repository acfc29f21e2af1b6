import { poolIds, type StreamConfig } from '../../actors/streams/index.ts';
import { usageError } from '../../core/errors.ts';
import { type DataSource, openData } from '../../data/index.ts';
import type { GanOptions } from './options.ts';
import { plans } from './plans.ts';

/** Which images who sees: slices of one permutation, so that none is in two of them. */
export interface Ground {
  readonly train: Pick<StreamConfig, 'data' | 'pool' | 'seed'>;
  readonly metric: Pick<StreamConfig, 'data' | 'pool' | 'seed'>;
  /** Of those who report, never of a learner. */
  readonly source: DataSource;
  readonly shape: readonly [rows: number, columns: number, channels: number];
  readonly classes: number;
}

/**
 * @param seed of the run: all arms have the same images
 * @throws a usage error where an arm would have too few of them
 */
export function groundOf(options: GanOptions, seed: number): Ground {
  const { data: name, size, images, metricImages } = options;
  const data = { name, size, split: 'train' } as const;
  const source = openData(data);
  const ground: Ground = {
    train: { data, seed, pool: { from: 0, count: images } },
    metric: { data, seed, pool: { from: images, count: metricImages } },
    source,
    shape: [size, size, 1],
    classes: source.labellings[0].classes,
  };
  mustFillBatches(options, ground.classes);
  poolIds(source, { ...ground.metric, perClass: null });
  poolIds(source, { ...ground.train, perClass: options.perClass });
  return ground;
}

/** @throws a usage error where an arm has fewer images than a batch */
export function mustFillBatches(
  { arms, batch, images, perClass }: Pick<GanOptions, 'arms' | 'batch' | 'images' | 'perClass'>,
  classes: number,
): void {
  const least = arms.some(name => plans[name].images === 'labelled') ? classes * perClass : images;
  if (batch <= Math.min(images, least)) return;
  throw usageError(
    `batch = ${batch}: expected at most ${Math.min(images, least)}, the ${least < images ? 'labelled' : 'training'} images of an arm`,
  );
}
