import type { z } from 'zod';
import type { System } from '../../../src/actors/index.ts';
import { labelledStream, unlabelledStream } from '../../../src/actors/streams/index.ts';
import type { trainRef } from '../../../src/data/open.ts';
import {
  type clusterConfig,
  clusterLabels,
  type labelConfig,
  labelJudge,
  labelLearner,
  type metricConfig,
  metricLearner,
  type rotationConfig,
  rotationLearner,
} from '../../../src/learners/label-inference/index.ts';

/** What the actors of label inference are spawned with in tests. */
export interface LabelCast {
  readonly data: z.input<typeof trainRef>;
  readonly images: number;
  readonly perClass: number;
  readonly seed: number;
  readonly rotation?: Omit<z.input<typeof rotationConfig>, 'shape'>;
  readonly labels?: Omit<
    z.input<typeof labelConfig>,
    'shape' | 'net' | 'labelledBatches' | 'unlabelledBatches'
  >;
  readonly clusters?: Omit<z.input<typeof clusterConfig>, 'shape' | 'net' | 'unlabelledBatches'>;
}

const shape: [number, number, number] = [14, 14, 1];
const on = { on: 'main' } as const;
const deep = { depth: 64 };

/** Streams, the rotation learner, and whoever makes labels of it, linked. */
export async function castLabels(system: System, plan: LabelCast) {
  const { data, images, perClass, seed } = plan;
  const pool = { from: 0, count: images };
  const unlabelled = (name: string, batch: number) =>
    system.spawn(unlabelledStream, { data, pool, batch, seed }, { ...on, name });
  const net = plan.rotation?.net;
  const turned = await unlabelled('to turn', 32);
  const rotation = await system.spawn(rotationLearner, { ...plan.rotation, shape }, on);
  system.link(turned.outputs.batches, rotation.inputs.batches, deep);
  system.link(rotation.outputs.needs, turned.inputs.needs, deep);

  const few = await system.spawn(
    labelledStream,
    { data, pool, perClass, batch: 10 * perClass, seed },
    { ...on, name: 'labelled' },
  );
  const toLabel = await unlabelled('to label', images / 10);
  const labeller = await system.spawn(
    labelLearner,
    { ...plan.labels, net, shape, labelledBatches: 1, unlabelledBatches: 10 },
    on,
  );
  system.link(few.outputs.batches, labeller.inputs.labelled, deep);
  system.link(labeller.outputs.labelledNeeds, few.inputs.needs, deep);
  system.link(toLabel.outputs.batches, labeller.inputs.unlabelled, deep);
  system.link(labeller.outputs.unlabelledNeeds, toLabel.inputs.needs, deep);
  system.link(rotation.outputs.features, labeller.inputs.features, deep);

  const toCluster = await unlabelled('to cluster', images / 10);
  const clusters = await system.spawn(
    clusterLabels,
    { ...plan.clusters, net, shape, unlabelledBatches: 10 },
    on,
  );
  system.link(toCluster.outputs.batches, clusters.inputs.unlabelled, deep);
  system.link(clusters.outputs.unlabelledNeeds, toCluster.inputs.needs, deep);
  system.link(rotation.outputs.features, clusters.inputs.features, deep);
  const judge = await system.spawn(labelJudge, { data }, on);
  return { rotation, few, labeller, clusters, judge };
}

/** The metric learner on images of its own. */
export async function castMetric(
  system: System,
  data: z.input<typeof trainRef>,
  pool: { readonly from: number; readonly count: number },
  seed: number,
  metric: Omit<z.input<typeof metricConfig>, 'shape'> = {},
) {
  const stream = await system.spawn(
    labelledStream,
    { data, pool, batch: 64, seed },
    { ...on, name: 'to measure by' },
  );
  const learner = await system.spawn(metricLearner, { ...metric, shape: [...shape] }, on);
  system.link(stream.outputs.batches, learner.inputs.batches, deep);
  system.link(learner.outputs.needs, stream.inputs.needs, deep);
  return learner;
}
