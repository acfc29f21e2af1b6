import { z } from 'zod';
import { defineActor, port } from '../../actors/index.ts';
import { sendOnCredit } from '../../actors/streams/credit.ts';
import { Random } from '../../core/random.ts';
import type { Need } from '../../data/contract.ts';
import { type Cluster, cluster } from './contract.ts';
import type { TuneBatch } from './messages.ts';
import { padRows, type TokenSequence } from './pack.ts';
import { type MixingCaps, mixingRates } from './rates.ts';
import { render } from './render.ts';
import { endOfText, type WordVocabulary, wordVocabulary } from './vocabulary.ts';

const count = z.number().int().positive();
/** What a mixture is spawned with. */
export const mixtureConfig = z.strictObject({
  words: z.array(z.string()).describe('The vocabulary.'),
  clusters: z.array(cluster).min(1).describe('Those to train on.'),
  batch: count.default(48).describe('Examples of a batch, one a row.'),
  examplesPerTask: count.default(30_000).describe('Examples of a task beyond these are left out.'),
  rateCap: count
    .default(3_000)
    .describe('A task is drawn in proportion to its examples, or to this if less.'),
  seed: z.number().int(),
});

/** A row of a mixture: prompt and target as tokens, and whose it is. */
export interface Drawn extends TokenSequence {
  readonly cluster: string;
  readonly task: string;
  readonly fact: string;
  readonly template: number;
}

/**
 * Draws examples: a task by its rate, an example and a template evenly; the options are listed in a random order.
 * @returns what draws one
 */
export function mixtureOf(
  clusters: readonly Cluster[],
  vocabulary: WordVocabulary,
  caps: MixingCaps,
  seed: number,
): (random: Random) => Drawn {
  const order = Random.fromSeed(seed).split('kept examples');
  const tasks = clusters.flatMap(({ name, tasks }) =>
    tasks.map(task => {
      // Which examples stay is drawn once: the first ones may be alike.
      const all = order.split(name, task.name).shuffle([...task.examples]);
      return { ...task, cluster: name, examples: all.slice(0, caps.examplesPerTask) };
    }),
  );
  const rates = mixingRates(
    tasks.map(({ examples }) => examples.length),
    caps,
  );
  const below = rates.map((_, i) => rates.slice(0, i + 1).reduce((sum, rate) => sum + rate, 0));
  return random => {
    const place = random.uniform();
    const drawn = below.findIndex(end => place < end);
    // The last sum may be a little under 1.
    const { cluster, name, examples, templates } = tasks[drawn < 0 ? tasks.length - 1 : drawn];
    const example = examples[random.integer(examples.length)];
    const template = random.integer(templates.length);
    const options = example.options && random.shuffle([...example.options]);
    const { input, target } = render(templates[template], example, options);
    const prompt = vocabulary.encode(input);
    return {
      ids: [...prompt, ...vocabulary.encode(target), endOfText],
      from: prompt.length,
      cluster,
      task: name,
      fact: example.fact,
      template,
    };
  };
}

/** The longest row that a mixture can draw. */
export function longestRow(clusters: readonly Cluster[], { encode }: WordVocabulary): number {
  let longest = 0;
  for (const { templates, examples } of clusters.flatMap(({ tasks }) => tasks)) {
    for (const template of templates) {
      for (const example of examples) {
        const { input, target } = render(template, example);
        longest = Math.max(longest, encode(input).length + encode(target).length + 1);
      }
    }
  }
  return longest;
}

/**
 * Renders and mixes the tasks of some clusters: sends batches of one example a row, loss on targets alone, as far as it was given
 * credit. What is in a batch follows from its number and the settings.
 */
export const mixture = defineActor(import.meta.url, {
  name: 'mixture',
  config: mixtureConfig,
  inputs: { needs: port<Need>() },
  outputs: { batches: port<TuneBatch>() },
  start(context) {
    const { config, outputs } = context;
    const { words, clusters, batch, seed } = config;
    const vocabulary = wordVocabulary(words);
    const length = longestRow(clusters, vocabulary);
    const draw = mixtureOf(clusters, vocabulary, config, seed);
    const random = Random.fromSeed(seed).split('mixture');
    return sendOnCredit(context, outputs.batches, index => {
      const own = random.split(index);
      const drawn = Array.from({ length: batch }, () => draw(own));
      return {
        index,
        ...padRows(drawn, length),
        clusters: drawn.map(one => one.cluster),
        tasks: drawn.map(one => one.task),
        facts: drawn.map(one => one.fact),
      };
    });
  },
});
