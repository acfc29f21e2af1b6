import { z } from 'zod';
import { defineActor, port } from '../../actors/index.ts';
import type { LabelledBatch } from '../../data/contract.ts';
import { openData, trainRef } from '../../data/open.ts';
import { labelNoise } from './config.ts';
import { labelsWith } from './label-noise.ts';

/** What `noisyLabels` is spawned with. */
export const noisyLabelsConfig = z.object({
  data: trainRef.describe('What the stream before it sends.'),
  noise: labelNoise,
});

/** Stands between a stream and a world's learner where some labels are wrong on purpose. */
export const noisyLabels = defineActor(import.meta.url, {
  name: 'noisy-labels',
  config: noisyLabelsConfig,
  inputs: { samples: port<LabelledBatch>() },
  outputs: { batches: port<LabelledBatch>() },
  start({ config, inputs, outputs }) {
    const { name, labellings } = openData(config.data);
    const width = labellings.length;
    const labelOf = labelsWith(config.noise, name, labellings[0].classes);
    inputs.samples.subscribe(batch => {
      const y = batch.y.slice();
      batch.ids.forEach((id, i) => {
        y[i * width] = labelOf(id, y[i * width]);
      });
      outputs.batches.next({ ...batch, y });
    });
  },
});
