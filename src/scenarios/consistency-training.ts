import { z } from 'zod';
import { consistencyConfig } from '../learners/consistency-training/index.ts';
import { type Arm, learnersOption, openArms } from './arms/index.ts';
import { type ArmPlan, imageArms, mailArms } from './consistency-training/arms.ts';
import { type ArmDone, playArm } from './consistency-training/cast.ts';
import { writeExhibits } from './consistency-training/exhibits.ts';
import { ahead, type ConsistencyFigures, figuresOf } from './consistency-training/figures.ts';
import { type Ground, imageGround, mailGround } from './consistency-training/grounds.ts';
import { type Check, scenario } from './contract.ts';

const count = z.number().int().positive();
const options = z.strictObject({
  data: z
    .enum(['mnist', 'fashion-mnist', 'glyphs'])
    .default('mnist')
    .describe('Which images. Glyphs are drawn as they are needed and want no package.'),
  images: z.literal([14, 28]).default(14).describe('Pixels a side; glyphs have 14.'),
  net: z
    .enum(['mlp', 'conv'])
    .default('mlp')
    .describe('Of the arms with images: dense layers of 256 and 128, or two small convolutions.'),
  steps: count.default(1_500).describe('Gradient steps of each arm with images.'),
  batch: count.default(32).describe('Labelled images a step.'),
  unlabelledBatch: count.default(192).describe('Unlabelled images a step.'),
  pool: count
    .default(10_000)
    .describe('Images without labels, and as many others to choose those with labels from.'),
  test: count.default(10_000).describe('Images to judge on.'),
  consistency: consistencyConfig.prefault({}).describe('Of the arms with images.'),
  mails: z
    .strictObject({
      play: z.boolean().default(true).describe('Whether to play the arms with mails.'),
      steps: count.default(300).describe('Gradient steps of each.'),
      unlabelledBatch: count.default(96).describe('Unlabelled mails a step.'),
      replace: z.number().min(0).max(1).default(0.75).describe('Share of the words that are replaced.'),
      consistency: consistencyConfig.prefault({ learningRate: 0.1 }),
    })
    .prefault({})
    .describe('Spam or not, from 20 labels.'),
  learners: learnersOption,
});

type ImageCheck = Check<ConsistencyFigures>;
const points = (
  name: string,
  one: string,
  other: string,
  bars: Pick<ImageCheck, 'atLeast' | 'atMost'>,
): ImageCheck => ({
  name,
  value: figures => ahead(figures, one, other),
  ...bars,
  unit: 'points',
  over: 'median',
});

/**
 * UDA against what it must beat, and against itself with one thing taken away, on images and on mails. Every arm is a
 * student, its teacher, streams, augmenters, schedules, a moving average and a judge; they differ in what is linked.
 */
export default scenario({
  name: 'consistency-training',
  summary: 'UDA learns digits from 50 labels: what is done to an image must not change what it is taken for.',
  options,
  smoke: { steps: 300, test: 2_000, mails: { steps: 60 } },
  async play(stage): Promise<ConsistencyFigures> {
    const { options, executor, seed, folder, record } = stage;
    const mailPlans = options.mails.play ? mailArms : [];
    const steps = imageArms.length * options.steps + mailPlans.length * options.mails.steps;
    const arms = await openArms(stage, { steps, learners: options.learners });
    const ground = imageGround(options, seed, executor);
    const images = await arms.play(imageArms.map(arm => armOn(arm, ground)));
    const mails = await arms.play(mailPlans.map(arm => armOn(arm, mailGround(options.mails, executor))));
    await arms.close();
    record.executor(images['uda-50'].executor);
    writeExhibits(folder, ground, images, mails, seed);
    return figuresOf({ ...images, ...mails });
  },
  checks: [
    points('50 labels: UDA over labels alone', 'uda-50', 'supervised-50', { atLeast: 15 }),
    points('50 labels: UDA over augmented labels', 'uda-50', 'supervised-augmented-50', { atLeast: 10 }),
    points('UDA with 50 over labels alone with 500', 'uda-50', 'supervised-500', { atLeast: 2 }),
    points('UDA with 100 over augmented labels, 500', 'uda-100', 'supervised-augmented-500', { atLeast: -2 }),
    points('control: λ = 0, over augmented labels', 'control-lambda-0-50', 'supervised-augmented-50', {
      atLeast: -4,
      atMost: 4,
    }),
    points(
      'control: nothing augmented, over augmented labels',
      'control-identity-50',
      'supervised-augmented-50',
      {
        atMost: 6,
      },
    ),
    points('control: UDA over shuffled pairs', 'uda-50', 'control-shuffled-50', { atLeast: 15 }),
    {
      name: 'targets that count at the end',
      value: ({ keptAtEnd }) => keptAtEnd['uda-50'],
      atLeast: 0.6,
      over: 'median',
    },
    {
      name: 'more targets count than at first',
      value: ({ keptAtFirst, keptAtEnd }) => keptAtEnd['uda-50'] - keptAtFirst['uda-50'],
      atLeast: 0.3,
      over: 'median',
    },
    points('mails, 20 labels: UDA over labels alone', 'mail-uda-20', 'mail-supervised-20', { atLeast: 3 }),
    points('control: mails, UDA over nothing augmented', 'mail-uda-20', 'mail-control-identity-20', {
      atLeast: 3,
    }),
  ],
});

/** An arm as it is played on a lane. */
const armOn = (arm: ArmPlan, ground: Ground): Arm<ArmDone> => ({
  name: arm.name,
  steps: ground.steps,
  play: lane => playArm(lane, arm, ground),
});
