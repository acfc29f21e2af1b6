import { z } from 'zod';

/** One example of a task, before any template: what is asked in slots, and the right answer. */
export const rawExample = z.strictObject({
  fact: z
    .string()
    .describe('What is asked, whatever the template: equal where two examples ask for the same thing.'),
  fields: z
    .record(z.string(), z.string())
    .describe('For the slots of templates. `answer` and `options_` are added.'),
  options: z
    .array(z.string())
    .min(2)
    .optional()
    .describe('What there is to choose from, the answer among it.'),
  answer: z.string().min(1),
  also: z.array(z.string()).optional().describe('Other options that are right, too.'),
});
/** `rawExample`, parsed. */
export type RawExample = z.output<typeof rawExample>;

/** A pair of texts with `{field}` slots; `{options_}` stands for the list of options. */
export const template = z.strictObject({
  input: z.string(),
  target: z.string().default('{answer}'),
  inverted: z
    .boolean()
    .default(false)
    .describe('Asks the other way round, for the question by its answer: for training only.'),
});
/** `template`, parsed. */
export type Template = z.output<typeof template>;

/** A task: a dataset in the paper's words. */
export const task = z.strictObject({
  name: z.string().min(1).describe('Tasks of one name are one task, in whichever cluster.'),
  templates: z.array(template).min(1),
  examples: z.array(rawExample).min(1),
});
/** `task`, parsed. */
export type Task = z.output<typeof task>;

/** Tasks of one kind: what is held out is always a whole cluster. */
export const cluster = z.strictObject({
  name: z.string().min(1),
  tasks: z.array(task).min(1),
  related: z
    .array(z.string())
    .default([])
    .describe('Clusters that must not be trained where this one is tested, and the other way round.'),
  neverTested: z.boolean().default(false).describe('Too mixed to be held out: training only.'),
});
/** `cluster`, parsed. */
export type Cluster = z.output<typeof cluster>;

/** A text that leaves its end out, to see whether a model knows it. */
export const probe = z.strictObject({
  cluster: z.string(),
  fact: z.string(),
  prompt: z.string(),
  answer: z.string(),
});
/** `probe`, parsed. */
export type Probe = z.output<typeof probe>;

/**
 * What a run of instruction tuning is about: words, texts that teach facts, and clusters of tasks about them. Plain data, so that
 * it fits into an actor's config.
 */
export interface Ground {
  /** All words of texts, templates and examples (see `wordsOf`). */
  readonly words: readonly string[];
  /** Declarative sentences, of pre-training. */
  readonly statements: readonly string[];
  /** Sentences that say nothing, for the words of later instructions. */
  readonly filler: readonly string[];
  readonly clusters: readonly Cluster[];
  /** Whether the statements were learned. */
  readonly probes: readonly Probe[];
}
