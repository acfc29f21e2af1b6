import { labelledStream, unlabelledStream } from '../../actors/streams/index.ts';
import { concatenate } from '../../core/arrays.ts';
import {
  clusterLabels,
  clusterPurity,
  labelAccuracy,
  labelLearner,
  metricLearner,
  rotationLearner,
} from '../../learners/label-inference/index.ts';
import type { Arm, Lane } from '../arms/index.ts';
import type { Ground } from './data.ts';
import { only } from './figures.ts';
import { readingBatch as batch } from './options.ts';
import type { LabelSource } from './plans.ts';
import { type RotationProbeResult, rotationProbeArm } from './rotation-probe.ts';

/** Labels by the numbers of the images, and how many of the inferred ones are right. */
export interface Labels {
  readonly ids: Int32Array;
  readonly y: Int32Array;
  /** In [0, 1]; of clusters, their purity. */
  readonly accuracy: number;
}

/** What is made before the games, by one arm. */
export interface Prepared {
  /** Of the net that the judge sees through, end to end. */
  readonly params?: Float32Array;
  readonly labels?: Labels;
  readonly probe?: RotationProbeResult;
}

/** What both learners of labels are told of the work before them. */
export interface Inference {
  readonly ground: Ground;
  readonly perClass: number;
  readonly executor: string;
}

/** Updates of the rotation learner. */
const rotationSteps = 1500;

/** The net that FID sees through, from images that no generator learns from. */
export const metricArm = ({ ground, executor }: Inference): Arm<Prepared> => ({
  name: 'metric',
  steps: 2000,
  async play(lane) {
    const images = await lane.spawn(labelledStream, { ...ground.metric, batch: 64 }, { name: 'images' });
    const learner = await lane.learner(metricLearner, {
      shape: [...ground.shape],
      classes: ground.classes,
      executor,
    });
    lane.link(learner.outputs.needs, images.inputs.needs);
    lane.link(images.outputs.batches, learner.inputs.batches);
    return { params: (await learner.call.learn()).params };
  },
});

/** What the judge sees through. @param prepared what came of the preparations, by name */
export function metricOf(prepared: Readonly<Record<string, Prepared>>): Float32Array {
  const { params } = only(prepared, 'metric');
  if (params) return params;
  throw new Error('arm metric: no parameters');
}

/** Labels of all images: inferred on top of what rotations teach, from few labels. */
export const labelArm = (inference: Inference): Arm<Prepared> => ({
  name: 'labels',
  steps: rotationSteps,
  play: async lane => ({ labels: await inferLabels(lane, inference) }),
});

/** Clusters of all images, by what rotations teach. */
export const clusterArm = ({ ground, executor }: Inference): Arm<Prepared> => ({
  name: 'cluster labels',
  steps: rotationSteps,
  async play(lane) {
    const rotations = await rotationsOf(lane, ground, executor);
    const all = await lane.spawn(unlabelledStream, { ...ground.train, batch }, { name: 'all images' });
    const learner = await lane.learner(clusterLabels, {
      shape: [...ground.shape],
      clusters: ground.classes,
      unlabelledBatches: ground.train.pool.count / batch,
      executor,
    });
    lane.link(rotations.outputs.features, learner.inputs.features);
    lane.link(learner.outputs.unlabelledNeeds, all.inputs.needs);
    lane.link(all.outputs.batches, learner.inputs.unlabelled);
    await rotations.call.learn();
    const [clusters] = await learner.call.infer();
    const accuracy = clusterPurity(clusters, id => ground.source.label(id));
    return { labels: { ids: clusters.ids, y: clusters.y, accuracy } };
  },
});

async function inferLabels(lane: Lane, { ground, perClass, executor }: Inference): Promise<Labels> {
  const rotations = await rotationsOf(lane, ground, executor);
  const few = await lane.spawn(
    labelledStream,
    { ...ground.train, perClass, batch: perClass },
    { name: 'labelled images' },
  );
  const all = await lane.spawn(unlabelledStream, { ...ground.train, batch }, { name: 'all images' });
  const learner = await lane.learner(labelLearner, {
    shape: [...ground.shape],
    classes: ground.classes,
    labelledBatches: ground.classes,
    unlabelledBatches: ground.train.pool.count / batch,
    executor,
  });
  lane.link(rotations.outputs.features, learner.inputs.features);
  lane.link(learner.outputs.labelledNeeds, few.inputs.needs);
  lane.link(few.outputs.batches, learner.inputs.labelled);
  lane.link(learner.outputs.unlabelledNeeds, all.inputs.needs);
  lane.link(all.outputs.batches, learner.inputs.unlabelled);
  const { loss, accuracy } = await rotations.call.learn();
  lane.row(rotationSteps, { rotation_loss: loss, rotation_accuracy: accuracy });
  const parts = await learner.call.infer();
  const inferred = parts.find(({ source }) => source === 'inferred');
  return {
    ids: concatenate(
      'int32',
      parts.map(({ ids }) => ids),
    ),
    y: concatenate(
      'int32',
      parts.map(({ y }) => y),
    ),
    accuracy: inferred ? labelAccuracy(inferred, id => ground.source.label(id)) : 1,
  };
}

async function rotationsOf(lane: Lane, ground: Ground, executor: string) {
  const images = await lane.spawn(
    unlabelledStream,
    { ...ground.train, batch: 64 },
    { name: 'images to rotate' },
  );
  const learner = await lane.learner(rotationLearner, {
    shape: [...ground.shape],
    steps: rotationSteps,
    executor,
  });
  lane.link(learner.outputs.needs, images.inputs.needs);
  lane.link(images.outputs.batches, learner.inputs.batches);
  return learner;
}

/** What the games need, as arms that do not wait for each other, and the probe of what rotations teach if it is wanted. */
export function preparations(
  inference: Inference,
  sources: readonly LabelSource[],
  probe: boolean,
): Arm<Prepared>[] {
  const probeArm = rotationProbeArm({ executor: inference.executor });
  return [
    metricArm(inference),
    ...(sources.includes('inferred') ? [labelArm(inference)] : []),
    ...(sources.includes('clusters') ? [clusterArm(inference)] : []),
    ...(probe ? [{ ...probeArm, play: async (lane: Lane) => ({ probe: await probeArm.play(lane) }) }] : []),
  ];
}
