import { z } from 'zod';
import { cloningConfig } from '../learners/behavior-cloning/config.ts';
import { playCloning } from './behavior-cloning/play.ts';
import { scenario } from './contract.ts';
import { ppoOptions } from './ppo-options.ts';

const count = z.number().int().positive();

export default scenario({
  name: 'behavior-cloning',
  summary: 'A policy is cloned from a recording of what another one did, without a single reward.',
  options: z.object({
    from: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('Folder of a run whose policy is cloned; null: PPO teaches one on cart-pole first.'),
    teacher: ppoOptions({
      steps: 50_000,
      ppo: {
        workers: 1,
        environments: 8,
        horizon: 64,
        minibatch: 128,
        epochs: 10,
        learningRate: 2e-3,
        gamma: 0.98,
        lambda: 0.8,
        clipSchedule: 'linear',
      },
    })
      .prefault({ stopAt: 475 })
      .describe('How the teacher is taught, where none is given.'),
    episodes: count.default(10).describe('Episodes of the teacher that are recorded.'),
    few: count.default(10).describe('Steps of them that the control learns from, which are too few.'),
    batches: count.default(3_000).describe('Gradient steps of each clone.'),
    batch: count.default(64).describe('Recorded steps a gradient step; of the control, at most all it has.'),
    judged: count.default(100).describe('Fresh episodes that each policy is judged by.'),
    cloning: cloningConfig.prefault({}),
  }),
  smoke: { teacher: { steps: 20_480, stopAt: 150 }, batches: 400, judged: 20 },
  play: playCloning,
  checks: [
    { name: 'share of the teacher’s return', value: result => result.share.clone, atLeast: 0.95 },
    {
      name: 'control: too few demonstrations',
      value: result => result.share.few,
      atMost: 0.7,
      // Ten steps may happen to tell it all.
      over: 'median',
    },
    { name: 'control: random actions', value: result => result.share.random, atMost: 0.3 },
  ],
});
