import { z } from 'zod';
import { usageError } from '../core/errors.ts';
import { mailFolder } from '../data/index.ts';
import { consistencyConfig } from '../learners/consistency-training/index.ts';
import { type Arm, learnersOption, openArms } from './arms/index.ts';
import { type ArmPlan, allArms, imageArms, mailArms } from './consistency-training/arms.ts';
import { type ArmDone, playArm } from './consistency-training/cast.ts';
import { checks, short } from './consistency-training/checks.ts';
import { writeExhibits } from './consistency-training/exhibits.ts';
import { type ConsistencyFigures, figuresOf } from './consistency-training/figures.ts';
import {
  type Ground,
  imageGround,
  mailGround,
  mustFillBatches,
  mustHaveEnough,
} from './consistency-training/grounds.ts';
import { scenario } from './contract.ts';

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
      play: z.boolean().default(true).describe('Whether to play those of the arms that learn from mails.'),
      steps: count.default(300).describe('Gradient steps of each.'),
      unlabelledBatch: count.default(96).describe('Unlabelled mails a step.'),
      replace: z.number().min(0).max(1).default(0.75).describe('Share of the words that are replaced.'),
      consistency: consistencyConfig.prefault({ learningRate: 0.1 }).describe('Of these arms.'),
    })
    .prefault({})
    .describe('Spam or not, from 20 labels.'),
  arms: z
    .array(z.enum(allArms.map(({ name }) => name)))
    .min(1)
    .default(allArms.map(({ name }) => name))
    .describe('Which arms to play. Bars that are about others are then not made.'),
  learners: learnersOption,
});

/**
 * UDA against what it must beat, and against itself with one thing taken away, on images and on mails. Every arm is a
 * student, its teacher, streams, augmenters, schedules, a moving average and a judge; they differ in what is linked.
 */
export default scenario({
  name: 'consistency-training',
  summary: 'UDA learns digits from 50 labels: what is done to an image must not change what it is taken for.',
  options,
  smoke: {
    arms: ['uda-50', 'control-shuffled-50', 'supervised-50', 'mail-uda-20', 'mail-supervised-20'],
    steps: short.images,
    test: 2_000,
    mails: { steps: short.mails },
  },
  async play(stage): Promise<ConsistencyFigures> {
    const { options, executor, seed, folder, record } = stage;
    const played = (plans: readonly ArmPlan[]) => plans.filter(({ name }) => options.arms.includes(name));
    const imagePlans = played(imageArms);
    const mailPlans = options.mails.play ? played(mailArms) : [];
    if (imagePlans.length + mailPlans.length === 0) {
      throw usageError(
        `arms = [${options.arms.join(', ')}], mails.play = false: expected at least one arm with images`,
      );
    }
    const ground = imageGround(options, seed, executor);
    const mailed = mailGround(options.mails, executor);
    if (imagePlans.length > 0) mustHaveEnough(ground, imagePlans, seed);
    if (mailPlans.length > 0) {
      // Their pools are no option, and mails take seconds to read: whether they are there must do.
      mailFolder();
      mustFillBatches(mailed);
    }
    const trained = { images: options.steps, mails: options.mails.steps };
    const steps = imagePlans.length * trained.images + mailPlans.length * trained.mails;
    const arms = await openArms(stage, { steps, learners: options.learners });
    try {
      const images = await arms.play(imagePlans.map(arm => armOn(arm, ground)));
      const mails = await arms.play(mailPlans.map(arm => armOn(arm, mailed)));
      const done = { ...images, ...mails };
      record.executor(Object.values(done)[0].executor);
      writeExhibits(folder, ground, done, seed);
      return figuresOf(done, trained);
    } finally {
      await arms.close();
    }
  },
  checks,
});

/** An arm as it is played on a lane. */
const armOn = (arm: ArmPlan, ground: Ground): Arm<ArmDone> => ({
  name: arm.name,
  steps: ground.steps,
  play: lane => playArm(lane, arm, ground),
});
