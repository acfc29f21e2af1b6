import { z } from 'zod';

const positive = z.number().int().positive();

/** What decides the generator as a function: all that sampling needs beside its parameters. */
export const generatorConfig = z.strictObject({
  size: z
    .union([z.literal(14), z.literal(28)])
    .default(14)
    .describe('Pixels a side: dense nets at 14, convolutions at 28.'),
  classes: positive.default(10).describe('Classes that it can be asked for.'),
  conditional: z
    .boolean()
    .default(true)
    .describe('Whether it is told a class, by an embedding beside the noise.'),
  noise: positive.default(24).describe('Length of the noise vector, standard normal.'),
  embedding: positive.default(16).describe('Length of a class’s vector.'),
  hidden: z
    .array(positive)
    .min(2)
    .nullable()
    .default(null)
    .describe(
      'Widths of the hidden layers, null: [128, 196]. At 28, channels at 7×7 and 14×14 points, null: [32, 16].',
    ),
});
/** `generatorConfig`, parsed. */
export type GeneratorConfig = z.output<typeof generatorConfig>;
