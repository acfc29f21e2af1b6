import { z } from 'zod';

const count = (value: number) => z.number().int().positive().default(value);
const rate = (value: number) => z.number().positive().default(value);

/**
 * The settings of instruction tuning. [P]: Wei et al. 2022; [C]: the original's published code; [here]: set for models of 0.1 M
 * parameters.
 */
export const instructionTuningConfig = z.strictObject({
  length: count(36).describe('Tokens of a row of declarative text. [here]; [P] 1,024 and 256.'),
  fillerShare: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.15)
    .describe('Of the sentences of declarative text: filler with the words of instructions. [here]'),
  pretraining: z
    .strictObject({
      steps: count(1_600).describe('Gradient steps. [here]'),
      batch: count(32).describe('Rows a step. [here]'),
      learningRate: rate(1e-2).describe('Of Adam; half a cosine to 0. [here]'),
    })
    .prefault({}),
  tuning: z
    .strictObject({
      steps: count(1_000).describe('Gradient steps, those of replay among them. [here]; [P] 30,000.'),
      batch: count(48).describe('Examples a step. [here]; [P] 8,192 tokens.'),
      learningRate: rate(1e-2).describe('Of Adam, a straight line to 0. [here]; [P] Adafactor at 3e-5.'),
      weightDecay: z
        .number()
        .min(0)
        .default(0.3)
        .describe('Of AdamW, on matrices alone: times the learning rate, each step. [here]; [P] none.'),
      replay: z
        .number()
        .min(0)
        .max(0.9)
        .default(0.45)
        .describe('Share of the steps that read declarative text again. [here]; [P] none.'),
    })
    .prefault({}),
  examplesPerTask: count(30_000).describe('Training examples of a task beyond these are left out. [P]'),
  rateCap: count(3_000).describe('A task is drawn in proportion to its examples, or to this if less. [P]'),
});
/** `instructionTuningConfig`, parsed. */
export type InstructionTuningConfig = z.output<typeof instructionTuningConfig>;
