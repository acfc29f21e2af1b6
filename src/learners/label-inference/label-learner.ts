import { defineActor, port } from '../../actors/index.ts';
import { pull } from '../../actors/streams/index.ts';
import type { LabelledBatch, Need, UnlabelledBatch } from '../../data/index.ts';
import { initTensors } from '../../tensors/index.ts';
import { labelConfig } from './config.ts';
import { inferLabels } from './few-labels.ts';
import { gather } from './gather.ts';
import type { Inferred, RotationFeatures } from './messages.ts';
import { featuresFor, seen } from './seeing.ts';

/**
 * Infers the labels of all images from those of a few, with a classifier on top of the features of rotations (S2GAN: Lucic
 * et al., ICML 2019). Labels that people gave stay as they are. It never hears which inferred ones are right.
 */
export const labelLearner = defineActor(import.meta.url, {
  name: 'label learner',
  config: labelConfig,
  inputs: {
    features: port<RotationFeatures>(),
    labelled: port<LabelledBatch>(),
    unlabelled: port<UnlabelledBatch>(),
  },
  outputs: { labelledNeeds: port<Need>(), unlabelledNeeds: port<Need>(), inferred: port<Inferred>() },
  async start({ config, inputs, outputs, random }) {
    await initTensors(config.executor);
    const arriving = featuresFor(config, inputs.features);
    const labelledBatches = pull(inputs.labelled, outputs.labelledNeeds, { ahead: 0 });
    const unlabelledBatches = pull(inputs.unlabelled, outputs.unlabelledNeeds, { ahead: 0 });
    return {
      /**
       * Waits for features, if it sees any, learns from the labelled images, labels the others, and sends both.
       * @throws a usage error where a class has no label, or an image comes twice
       */
      async infer(): Promise<readonly Inferred[]> {
        const features = await arriving;
        const labelled = await gather('labelled', labelledBatches, config.labelledBatches);
        const unlabelled = await gather('unlabelled', unlabelledBatches, config.unlabelledBatches);
        const [few, many] = await seen([labelled.x, unlabelled.x], features, config);
        const { y, conf } = await inferLabels(few, labelled.y, many, config, random);
        const known = new Set(labelled.ids);
        const open = Int32Array.from(unlabelled.ids.keys()).filter(at => !known.has(unlabelled.ids[at]));
        const labels: readonly Inferred[] = [
          {
            source: 'human',
            ids: labelled.ids,
            y: labelled.y,
            conf: new Float32Array(labelled.ids.length).fill(1),
          },
          {
            source: 'inferred',
            ids: open.map(at => unlabelled.ids[at]),
            y: open.map(at => y[at]),
            conf: Float32Array.from(open, at => conf[at]),
          },
        ];
        for (const part of labels) outputs.inferred.next(part);
        return labels;
      },
    };
  },
});
