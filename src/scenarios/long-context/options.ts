import { z } from 'zod';
import { languageModelConfig } from '../../learners/language-model/index.ts';
import { xlConfig } from '../../learners/transformer-xl/index.ts';
import { learnersOption } from '../arms/index.ts';

const count = z.number().int().positive();

/** What can be played, in parts. */
export const parts = ['language', 'recall', 'speed'] as const;
/** One of them. */
export type Part = (typeof parts)[number];

// Said here too: a net is made when its arm begins, and that may be late.
const modelOption = languageModelConfig.refine(({ width, heads }) => width % heads === 0, {
  path: ['width'],
  message: 'expected a multiple of heads',
});

/** The options of the scenario. */
export const options = z.strictObject({
  arms: z
    .array(z.enum(parts))
    .min(1)
    .default([...parts])
    .describe('What to play: a language model of a text, recall of what is far back, the speed of reading.'),
  text: z
    .string()
    .min(1)
    .default('moby-dick')
    .describe(
      'moby-dick or sotu (addresses to the Union, 1790 to 2021), in small letters; or the path of a text file.',
    ),
  tokenizer: z
    .enum(['characters', 'byte-pairs', 'words'])
    .default('characters')
    .describe(
      'What a token is: a character, bytes that stand together often, or a word (rare ones are all one token).',
    ),
  vocabulary: z.number().int().min(256).default(512).describe('Tokens in all, of byte pairs and words.'),
  model: modelOption
    .prefault({ layers: 3, width: 64, heads: 4, inner: 256, deviation: 0.1 })
    .describe('Of the language models.'),
  segment: count.default(16).describe('L: tokens that are read at once.'),
  memory: count.default(48).describe('M: tokens that each block remembers of the segments before.'),
  lanes: count.default(32).describe('B: places of the text that are read side by side.'),
  steps: count.default(1_500).describe('Gradient steps of each language model.'),
  training: xlConfig.prefault({}).describe('Of the language models.'),
  testTokens: count.nullable().default(null).describe('Tokens of the held-out text to judge on; null: all.'),
  recall: z
    .strictObject({
      distances: z
        .array(count)
        .min(1)
        .refine(values => new Set(values).size === values.length, 'expected distances that differ')
        .default([8, 16, 32, 48, 64])
        .describe('D: tokens from a payload to the question for it, an arm each.'),
      steps: count.default(300).describe('Gradient steps of each arm.'),
      model: modelOption.prefault({ layers: 2, width: 32, heads: 2, inner: 128, deviation: 0.1 }),
      training: xlConfig.prefault({}),
    })
    .prefault({})
    .describe('One of eight payloads stands behind a mark, and is asked for D tokens later.'),
  speed: z
    .strictObject({
      attention: z
        .array(count)
        .min(1)
        .refine(values => new Set(values).size === values.length, 'expected lengths that differ')
        .default([32, 64, 128, 256, 512])
        .describe('A: attention lengths to read with.'),
      segment: count.default(32).describe('L: tokens that are read at once with a memory.'),
      model: modelOption.prefault({ layers: 3, width: 128, heads: 4, inner: 512 }),
    })
    .prefault({})
    .describe('Reading with a memory against a sliding window, with untrained weights.'),
  learners: learnersOption,
});
/** `options`, parsed. */
export type Options = z.output<typeof options>;
