import { z } from 'zod';
import { instructionTuningConfig, worldSizes } from '../../learners/instruction-tuning/index.ts';
import { languageModelConfig } from '../../learners/language-model/index.ts';
import { learnersOption } from '../arms/index.ts';
import { tuningArms } from './plans.ts';

const count = z.number().int().positive();
const differ = (values: readonly unknown[]): boolean => new Set(values).size === values.length;

/** What `--set` may change. */
export const options = z.strictObject({
  world: worldSizes.prefault({}).describe('Who and what facts are about.'),
  heldOut: count.default(4).describe('Relations that no arm is tuned on: the last ones.'),
  model: languageModelConfig
    .omit({ deviation: true })
    .prefault({})
    .describe('Of all arms but those of other sizes. Weights start from N(0, 1/width).'),
  ...instructionTuningConfig.shape,
  arms: z
    .array(z.enum(tuningArms))
    .min(1)
    .refine(differ, 'expected arms that differ')
    .default(tuningArms)
    .describe('Which arms to tune. Bars that are about others are then not made.'),
  sizes: z
    .array(count)
    .refine(differ, 'expected widths that differ')
    .default([16, 32])
    .describe('Widths of other models that are pre-trained and tuned on all clusters.'),
  planted: z.boolean().default(true).describe('Plant a held-out cluster in the mixture of one more arm.'),
  judgeEvery: count.default(200).describe('Steps of tuning between two judgements.'),
  words: z
    .strictObject({
      play: z
        .boolean()
        .default(true)
        .describe('Whether to ask about real words, too, where their packages are installed.'),
      facts: z.number().int().min(3).default(40).describe('Of each of the six clusters.'),
      pretraining: count.default(700).describe('Gradient steps.'),
      tuning: count.default(200).describe('Gradient steps of each arm; each holds out another cluster.'),
    })
    .prefault({})
    .describe('Six clusters of questions about real words. No bar stands on them.'),
  learners: learnersOption,
});
/** `options`, parsed. */
export type Options = z.output<typeof options>;
