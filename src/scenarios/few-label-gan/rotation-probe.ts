import { labelledStream, unlabelledStream } from '../../actors/streams/index.ts';
import { TroupeError } from '../../core/errors.ts';
import { openData, type TrainRef } from '../../data/open.ts';
import { labelJudge, labelLearner, rotationLearner } from '../../learners/label-inference/index.ts';
import type { Arm, Lane } from '../arms/index.ts';

/** How large the probe is, and on what. */
export interface RotationProbe {
  /** Images of 14 by 14 pixels. */
  readonly data: TrainRef;
  /** Widths of the net that tells rotations apart; the last one gives the features. */
  readonly hidden: readonly number[];
  /** Updates of the rotation learner. */
  readonly steps: number;
  /** Pixels that images are moved by at most before they are turned. */
  readonly shift: number;
  /** Images without labels that it learns from. */
  readonly images: number;
  /** Labels of each class that a probe learns from. */
  readonly perClass: number;
  /** Nets from different random starts, and choices of labelled images for each: accuracies are means over both. */
  readonly nets: number;
  readonly draws: number;
  /** Images that a choice is made from. */
  readonly drawnFrom: number;
  /** Other images, that probes are tried on. */
  readonly tried: number;
  readonly executor: string;
}

/**
 * 100 labels of ten classes, three times, for three nets. Of clothing, which has an upright: digits such as 0, 1 and 8 hardly have.
 */
export const rotationProbe: RotationProbe = {
  data: { name: 'fashion-mnist', size: 14, split: 'train' },
  // Of wide random features a linear probe can take what it needs; narrow ones must be chosen well.
  hidden: [256, 48],
  steps: 1500,
  shift: 2,
  images: 30_000,
  perClass: 10,
  nets: 3,
  draws: 3,
  drawnFrom: 1000,
  tried: 5000,
  executor: 'auto',
};

/** Accuracies of linear probes on images that nothing learned from, in [0, 1]. */
export interface RotationProbeResult {
  /** Why it was not played: a package is missing. Then there is nothing else. */
  readonly skipped?: string;
  /** On features of a net that learned to tell rotations apart. */
  readonly rotation?: number;
  /** On those of a net like it that learned nothing. */
  readonly random?: number;
  /** On pixels. */
  readonly pixels?: number;
  /** How well rotations are told apart in the end. */
  readonly rotations?: number;
}

const shape: [number, number, number] = [14, 14, 1];
const netOf = (hidden: readonly number[]) => ({ kind: 'mlp' as const, hidden: [...hidden] });
/** A linear probe. */
const probe = { hidden: [], steps: 400, batch: 50, learningRate: 3e-3, weightDecay: 0.01 };

/**
 * Whether rotations teach anything: linear probes from few labels, on features of a rotation learner and on those of a
 * random net of the same form. Skips itself, by name, where Fashion-MNIST is not installed.
 */
export const rotationProbeArm = (changes: Partial<RotationProbe> = {}): Arm<RotationProbeResult> => {
  const settings = { ...rotationProbe, ...changes };
  return {
    name: 'rotation probe',
    steps: settings.nets * settings.steps,
    play: lane => play(lane, settings),
  };
};

async function play(lane: Lane, settings: RotationProbe): Promise<RotationProbeResult> {
  const { data, steps, nets, draws } = settings;
  const skipped = missing(data);
  if (skipped !== undefined) return { skipped };
  const judge = await lane.spawn(labelJudge, { data });
  const sums = { rotation: 0, random: 0, pixels: 0 };
  let rotations = 0;

  async function probeOn(kind: keyof typeof sums, net: number, learner?: RotationLearner): Promise<void> {
    const probes = [];
    for (let draw = 0; draw < draws; draw++) {
      probes.push(await castProbe(lane, `${kind} ${net} ${draw}`, settings, draw, learner));
    }
    const told = await learner?.call.learn();
    if (told && kind === 'rotation') rotations += told.accuracy / nets;
    for (const probe of probes) {
      const [, inferred] = await probe.call.infer();
      sums[kind] += (await judge.call.judge(inferred)).accuracy / draws;
    }
  }

  for (let net = 0; net < nets; net++) {
    await probeOn('rotation', net, await castRotations(lane, `rotation ${net}`, settings, steps));
    await probeOn('random', net, await castRotations(lane, `random ${net}`, settings, 0));
    lane.progress((net + 1) * steps);
  }
  await probeOn('pixels', 0);
  const result = {
    rotation: sums.rotation / nets,
    random: sums.random / nets,
    pixels: sums.pixels,
    rotations,
  };
  lane.row(nets * steps, result);
  return result;
}

/** Why the images cannot be had, if they cannot. */
function missing(data: TrainRef): string | undefined {
  try {
    openData(data);
    return undefined;
  } catch (error) {
    if (error instanceof TroupeError && error.kind === 'usage') return error.message;
    throw error;
  }
}

type RotationLearner = Awaited<ReturnType<typeof castRotations>>;

/** A learner of rotations on images of its own: behind those that labels are drawn from and those that probes are tried on. */
async function castRotations(lane: Lane, name: string, settings: RotationProbe, steps: number) {
  const { data, images, shift, hidden, draws, drawnFrom, tried, executor } = settings;
  const pool = { from: draws * drawnFrom + tried, count: images };
  const stream = await lane.spawn(
    unlabelledStream,
    { data, pool, batch: 32, seed: lane.seed },
    { name: `${name} images` },
  );
  const learner = await lane.learner(
    rotationLearner,
    { net: netOf(hidden), shape, steps, shift, executor },
    { name: `${name} learner` },
  );
  lane.link(stream.outputs.batches, learner.inputs.batches);
  lane.link(learner.outputs.needs, stream.inputs.needs);
  return learner;
}

/** A linear probe, on the features of a rotation learner or, without one, on pixels. */
async function castProbe(
  lane: Lane,
  name: string,
  settings: RotationProbe,
  draw: number,
  features?: RotationLearner,
) {
  const { data, hidden, draws, drawnFrom, tried, perClass, executor } = settings;
  const { classes } = openData(data).labellings[0];
  const labelled = await lane.spawn(
    labelledStream,
    {
      data,
      pool: { from: draw * drawnFrom, count: drawnFrom },
      perClass,
      batch: classes * perClass,
      seed: lane.seed,
    },
    { name: `${name} labels` },
  );
  const unlabelled = await lane.spawn(
    unlabelledStream,
    { data, pool: { from: draws * drawnFrom, count: tried }, batch: tried, seed: lane.seed },
    { name: `${name} tried` },
  );
  const inputs = features ? 'features' : 'image';
  const learner = await lane.learner(
    labelLearner,
    {
      ...probe,
      net: netOf(hidden),
      shape,
      classes,
      inputs,
      labelledBatches: 1,
      unlabelledBatches: 1,
      executor,
    },
    { name: `${name} probe` },
  );
  lane.link(labelled.outputs.batches, learner.inputs.labelled);
  lane.link(learner.outputs.labelledNeeds, labelled.inputs.needs);
  lane.link(unlabelled.outputs.batches, learner.inputs.unlabelled);
  lane.link(learner.outputs.unlabelledNeeds, unlabelled.inputs.needs);
  if (features) lane.link(features.outputs.features, learner.inputs.features);
  return learner;
}
