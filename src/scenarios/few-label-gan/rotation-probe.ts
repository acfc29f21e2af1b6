import type { z } from 'zod';
import { labelledStream, unlabelledStream } from '../../actors/streams/index.ts';
import { TroupeError } from '../../core/errors.ts';
import type { TrainRef } from '../../data/open.ts';
import { openData } from '../../data/open.ts';
import {
  type labelConfig,
  labelJudge,
  labelLearner,
  rotationLearner,
} from '../../learners/label-inference/index.ts';
import type { Arm, Lane } from '../arms/index.ts';

/** How large the probe is. */
export interface RotationProbe {
  /** Updates of the rotation learner. */
  readonly steps: number;
  /** Images without labels that it learns from. */
  readonly images: number;
  /** Labels of each class that a probe learns from. */
  readonly perClass: number;
  /** Choices of labelled images: accuracies are means over them. */
  readonly draws: number;
}

/** 100 labels of ten classes, five times. */
export const rotationProbe: RotationProbe = { steps: 1500, images: 30_000, perClass: 10, draws: 5 };

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

/** Clothing has an upright: digits such as 0, 1 and 8 hardly have. */
const data: TrainRef = { name: 'fashion-mnist', size: 14, split: 'train' };
const shape: [number, number, number] = [14, 14, 1];
/** A narrow net: of a wide random one a linear probe can take what it needs. */
const net = { kind: 'mlp' as const, hidden: [256, 48] };
/** Images that labels are drawn from, a draw; and how many of them probes are tried on. */
const drawn = 1000;
const tried = 5000;
/** A linear probe. */
const probe = { hidden: [], steps: 400, batch: 50, learningRate: 3e-3, weightDecay: 0.01 };

/**
 * Whether rotations teach anything: linear probes from few labels, on features of a rotation learner and on those of a
 * random net of the same form. Skips itself, by name, where Fashion-MNIST is not installed.
 */
export const rotationProbeArm = (settings: RotationProbe = rotationProbe): Arm<RotationProbeResult> => ({
  name: 'rotation probe',
  steps: settings.steps,
  async play(lane) {
    const skipped = missing();
    if (skipped !== undefined) return { skipped };
    const from = settings.draws * drawn;
    const rotation = await castRotations(lane, 'rotation', from + tried, settings.images, settings.steps);
    const random = await castRotations(lane, 'random', from + tried, settings.images, 0);
    const judge = await lane.spawn(labelJudge, { data });
    const kinds = [
      { name: 'rotation', inputs: 'features', learner: rotation },
      { name: 'random', inputs: 'features', learner: random },
      { name: 'pixels', inputs: 'image', learner: undefined },
    ] as const;
    const probes = [];
    for (const { name, inputs, learner } of kinds) {
      for (let draw = 0; draw < settings.draws; draw++) {
        probes.push({
          name,
          cast: await castProbe(lane, `${name} ${draw}`, draw, from, settings, inputs, learner),
        });
      }
    }
    await random.call.learn();
    const { accuracy: rotations } = await rotation.call.learn();
    const sums = { rotation: 0, random: 0, pixels: 0 };
    for (const { name, cast } of probes) {
      const [, inferred] = await cast.call.infer();
      sums[name] += (await judge.call.judge(inferred)).accuracy / settings.draws;
    }
    lane.row(settings.steps, { ...sums, rotations });
    return { ...sums, rotations };
  },
});

function missing(): string | undefined {
  try {
    openData(data);
    return undefined;
  } catch (error) {
    if (error instanceof TroupeError && error.kind === 'usage') return error.message;
    throw error;
  }
}

async function castRotations(lane: Lane, name: string, from: number, count: number, steps: number) {
  const stream = await lane.spawn(
    unlabelledStream,
    { data, pool: { from, count }, batch: 32, seed: lane.seed },
    { name: `${name} images` },
  );
  const learner = await lane.learner(
    rotationLearner,
    { net, shape, steps, policy: 'flip-crop' },
    { name: `${name} learner` },
  );
  lane.link(stream.outputs.batches, learner.inputs.batches);
  lane.link(learner.outputs.needs, stream.inputs.needs);
  return learner;
}

/** A linear probe: labels of one draw, tried on images of its own. */
async function castProbe(
  lane: Lane,
  name: string,
  draw: number,
  from: number,
  { perClass }: RotationProbe,
  inputs: z.input<typeof labelConfig>['inputs'],
  features: Awaited<ReturnType<typeof castRotations>> | undefined,
) {
  const common = { data, seed: lane.seed };
  const labelled = await lane.spawn(
    labelledStream,
    { ...common, pool: { from: draw * drawn, count: drawn }, perClass, batch: 10 * perClass },
    { name: `${name} labels` },
  );
  const unlabelled = await lane.spawn(
    unlabelledStream,
    { ...common, pool: { from, count: tried }, batch: tried / 5 },
    { name: `${name} tried` },
  );
  const learner = await lane.learner(
    labelLearner,
    { ...probe, net, shape, inputs, labelledBatches: 1, unlabelledBatches: 5 },
    { name: `${name} probe` },
  );
  lane.link(labelled.outputs.batches, learner.inputs.labelled);
  lane.link(learner.outputs.labelledNeeds, labelled.inputs.needs);
  lane.link(unlabelled.outputs.batches, learner.inputs.unlabelled);
  lane.link(learner.outputs.unlabelledNeeds, unlabelled.inputs.needs);
  if (features) lane.link(features.outputs.features, learner.inputs.features);
  return learner;
}
