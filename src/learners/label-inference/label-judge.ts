import { z } from 'zod';
import { defineActor, port } from '../../actors/index.ts';
import { openData, trainRef } from '../../data/open.ts';
import { clusterPurity, labelAccuracy } from './inferred.ts';
import type { Inferred } from './messages.ts';

/** How good labels are. */
export interface LabelVerdict {
  readonly source: Inferred['source'];
  readonly images: number;
  /** Share of the labels that are right, in [0, 1]. */
  readonly accuracy: number;
  /** Share of images that lie in a cluster mostly of their own class, in [0, 1]: for labels without names. */
  readonly purity: number;
}

/** Holds the true labels of training images, and says how many of the inferred ones are right. It tells no learner. */
export const labelJudge = defineActor(import.meta.url, {
  name: 'label judge',
  config: z.strictObject({ data: trainRef.describe('Where the images come from.') }),
  inputs: { inferred: port<Inferred>() },
  outputs: { verdicts: port<LabelVerdict>() },
  start({ config, inputs, outputs }) {
    const source = openData(config.data);
    const labelOf = (id: number) => source.label(id);
    const judge = (labels: Inferred): LabelVerdict => ({
      source: labels.source,
      images: labels.ids.length,
      accuracy: labelAccuracy(labels, labelOf),
      purity: clusterPurity(labels, labelOf),
    });
    inputs.inferred.subscribe(labels => outputs.verdicts.next(judge(labels)));
    return { judge };
  },
});
