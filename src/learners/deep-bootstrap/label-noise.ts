import { Random } from '../../core/random.ts';
import type { LabelNoise } from './config.ts';

/**
 * The labels that samples have where some are wrong on purpose: with probability `share` one of the other classes, each as
 * likely. A label follows from the noise's seed, the source and the sample's number, so that a sample that is drawn again
 * has the same label again, and a judge has the labels of the same world.
 * @param source the name of the source
 * @returns a sample's label, from its number and its right label
 */
export function labelsWith(
  noise: LabelNoise | null,
  source: string,
  classes: number,
): (id: number, label: number) => number {
  if (noise === null || noise.share === 0) return (_, label) => label;
  const all = Random.fromSeed(noise.seed).split('label noise', source);
  return (id, label) => {
    const random = all.split(id);
    if (random.uniform() >= noise.share) return label;
    return (label + 1 + random.integer(classes - 1)) % classes;
  };
}
