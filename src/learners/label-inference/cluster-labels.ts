import { defineActor, port } from '../../actors/index.ts';
import { pull } from '../../actors/streams/index.ts';
import type { Need, UnlabelledBatch } from '../../data/index.ts';
import { initTensors } from '../../tensors/index.ts';
import { clusterConfig } from './config.ts';
import { gather } from './gather.ts';
import { kMeans } from './k-means.ts';
import type { Inferred, RotationFeatures } from './messages.ts';
import { featuresFor, seen } from './seeing.ts';

/**
 * Makes labels up where there are none: the clusters of k-means over the features of rotations, or over pixels (the clustering
 * variant of Lucic et al., ICML 2019). Which cluster is which class nobody knows.
 */
export const clusterLabels = defineActor(import.meta.url, {
  name: 'cluster labels',
  config: clusterConfig,
  inputs: { features: port<RotationFeatures>(), unlabelled: port<UnlabelledBatch>() },
  outputs: { unlabelledNeeds: port<Need>(), inferred: port<Inferred>() },
  async start({ config, inputs, outputs, random }) {
    await initTensors(config.executor);
    const arriving = featuresFor(config, inputs.features);
    const batches = pull(inputs.unlabelled, outputs.unlabelledNeeds, { ahead: 0 });
    return {
      /** Waits for features, if it sees any, and sends the cluster of each image. How sure it is, it does not know: 1. */
      async infer(): Promise<readonly Inferred[]> {
        const features = await arriving;
        const { ids, x } = await gather('unlabelled', batches, config.unlabelledBatches);
        const [rows] = await seen([x], features, config);
        const { assigned } = kMeans(rows, config.clusters, random, config.rounds);
        const labels: Inferred = {
          source: 'inferred',
          ids,
          y: assigned,
          conf: new Float32Array(ids.length).fill(1),
        };
        outputs.inferred.next(labels);
        return [labels];
      },
    };
  },
});
