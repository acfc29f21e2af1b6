import { z } from 'zod';
import { type groupingConfig, trainingFields } from '../../learners/task-grouping/index.ts';
import { learnersOption } from '../arms/index.ts';

const count = (value: number) => z.number().int().positive().default(value);

/** The options of the scenario. */
export const groupingOptions = z.strictObject({
  tasks: z
    .enum(['digit-pairs', 'scenes', 'both'])
    .default('both')
    .describe('Six tasks on pairs of digits, eight on scenes that Rapier plays, or one after the other.'),
  search: z
    .enum(['all', 'planned'])
    .default('all')
    .describe('`all`: a network for every group there is, as ground truth; `planned`: only what TAG chose.'),
  networks: z
    .array(z.number().int().min(1).max(4))
    .min(1)
    .default([2, 3])
    .describe('k: how many networks may be used at once.'),
  training: trainingFields.default(trainingFields.parse({})).describe('Of every network alike.'),
  probeEvery: count(10).describe('Steps from one probe to the next.'),
  perRate: z
    .boolean()
    .default(false)
    .describe(
      'Affinities divided by the learning rate, as the source does for CelebA: late probes count more.',
    ),
  scenes: z
    .strictObject({
      hidden: z.array(z.number().int().positive()).min(1).default([8]),
      steps: count(300),
      train: count(3_000),
      test: count(2_000),
    })
    .default({ hidden: [8], steps: 300, train: 3_000, test: 2_000 })
    .describe('What is otherwise for scenes, whose tasks are easier, and four times as many groups.'),
  train: count(6_000).describe('Samples to learn from.'),
  test: count(4_000).describe('Samples to judge on, which learners never see.'),
  relabellings: count(10).describe('Controls: selections on affinities whose tasks were renamed at random.'),
  learners: learnersOption,
});
/** `groupingOptions`, parsed. */
export type GroupingOptions = z.output<typeof groupingOptions>;

/** What trunk, heads, trainers and judges are all told. */
export type Grouping = z.input<typeof groupingConfig>;
