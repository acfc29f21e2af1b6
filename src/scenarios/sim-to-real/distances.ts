import type { Robot } from '../../learners/simgan/robots.ts';
import { type Tuples, transitionsOf } from '../../learners/simgan/tuples.ts';
import { wassersteinDistance } from '../../learners/simgan/wasserstein.ts';
import type { LabelledSample } from './fresh-classifier.ts';
import type { TrainedForTarget } from './results.ts';

/** What is held against the target's data. */
export const sampleNames = ['source', 'untrained', 'hybrid', 'constant', 'floor'] as const;
/** `floor`: a second sample of the target itself. `constant`: the hybrid simulator with parameters that follow from nothing. */
export type SampleName = (typeof sampleNames)[number];

/** How far a sample is from the target's. */
export interface Likeness {
  readonly name: SampleName;
  /** W1: mean over the numbers of `[s, a, s′]` of the 1-D Wasserstein distance, in deviations of the target's. */
  readonly distance: number;
  /** Of a classifier trained anew, on episodes that it was not trained on; 0.5 where it can tell nothing. */
  readonly auc: number;
}

/** The samples of one seed of identification, as transitions. */
export interface SeedSamples {
  readonly real: LabelledSample;
  /** The part of the real set that the source policy gathered: what the source is held against. */
  readonly first: LabelledSample;
  readonly others: readonly { readonly name: SampleName; readonly sample: LabelledSample }[];
}

/** A sample of transitions with its episodes. */
export const labelled = (tuples: Tuples, robot: Robot): LabelledSample => ({
  ...transitionsOf(tuples, robot),
  lengths: tuples.lengths,
});

/** All samples of a seed of identification. @param floor a second sample of the target */
export function samplesOf(
  { simGan, sysIdConst, source }: Pick<TrainedForTarget, 'simGan' | 'sysIdConst' | 'source'>,
  seed: number,
  floor: Tuples,
  robot: Robot,
): SeedSamples {
  const { rounds } = simGan[seed];
  const last = rounds[rounds.length - 1];
  const constant = sysIdConst.at(seed)?.rounds.at(-1);
  const tuples: readonly (readonly [SampleName, Tuples | undefined])[] = [
    ['source', source],
    ['untrained', last.identified.untrained],
    ['hybrid', last.identified.hybrid],
    ['constant', constant?.identified.hybrid],
    ['floor', floor],
  ];
  return {
    real: labelled(last.real, robot),
    first: labelled(rounds[0].real, robot),
    others: tuples.flatMap(([name, its]) => (its ? [{ name, sample: labelled(its, robot) }] : [])),
  };
}

/**
 * How far each sample is from the real one.
 * @param auc asks a classifier that was trained anew
 */
export async function likenessOf(
  { real, first, others }: SeedSamples,
  auc: (real: LabelledSample, fake: LabelledSample) => Promise<number>,
): Promise<Likeness[]> {
  const found: Likeness[] = [];
  for (const { name, sample } of others) {
    const against = name === 'source' ? first : real;
    found.push({ name, distance: wassersteinDistance(sample, against), auc: await auc(against, sample) });
  }
  return found;
}
