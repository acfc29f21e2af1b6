import { z } from 'zod';

const positive = z.number().int().positive();

/** The settings one by one; `ppoConfig` also holds them against each other. */
export const ppoFields = z.strictObject({
  workers: positive
    .nullable()
    .default(null)
    .describe(
      'Rollout workers, each a thread; null: as many as --threads. Part of what decides a run’s bits.',
    ),
  environments: positive
    .default(8)
    .describe('Environment copies, shared out evenly among the workers. [37] 8 for Atari, 1 for MuJoCo.'),
  horizon: positive.default(128).describe('Steps of every copy between two updates. [37]'),
  minibatch: positive
    .default(256)
    .describe('Rows a gradient step; divides environments × horizon. [37]: a quarter of the batch.'),
  epochs: positive.default(4).describe('Passes over the batch an update. [37] 4 for Atari, 10 for MuJoCo.'),

  learningRate: z.number().positive().default(2.5e-4).describe('Adam’s step size. [37] for classic control.'),
  learningRateSchedule: z
    .enum(['linear', 'constant', 'adaptive'])
    .default('linear')
    .describe('`linear`: to zero over the run [37]; `adaptive`: steered by `adaptiveKl` [RSL].'),
  adaptiveKl: z
    .number()
    .positive()
    .default(0.01)
    .describe(
      '`adaptive` divides the rate by 1.5 where an epoch moves the policy more than twice this far (KL divergence, in the mean over the epoch; after it where it is one minibatch) from the one that the update began with, and multiplies it by 1.5 below half of it (rate kept in 1e-5 … 1e-2). [RSL]',
    ),
  adamEpsilon: z
    .number()
    .positive()
    .default(1e-5)
    .describe('Adam’s epsilon. [37], where 1e-8 is the usual one.'),
  maxGradientNorm: z
    .number()
    .positive()
    .nullable()
    .default(0.5)
    .describe('Gradients of all parameters together are cut to this length; null: never. [37]'),

  gamma: z.number().min(0).max(1).default(0.99).describe('Discount a step. [S]'),
  lambda: z
    .number()
    .min(0)
    .max(1)
    .default(0.95)
    .describe('Advantage estimation’s trade of bias for variance. [S]'),
  normalizeAdvantages: z
    .boolean()
    .default(true)
    .describe('Advantages to mean 0 and deviation 1, in each minibatch. [37]'),

  clip: z.number().positive().default(0.2).describe('How far a probability ratio may pay off from 1. [S]'),
  clipSchedule: z
    .enum(['constant', 'linear'])
    .default('constant')
    .describe('`linear`: to zero over the run.'),
  clipValues: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .describe(
      'How far a value may move from its old one in the value loss; null: freely. [SB3] off, [37] 0.2.',
    ),
  valueCoefficient: z.number().min(0).default(0.5).describe('Weight of the value loss. [37]'),
  entropyCoefficient: z
    .number()
    .min(0)
    .default(0)
    .describe('Weight of the entropy bonus. [SB3] 0, [37] 0.01.'),
  targetKl: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .describe('Ends an update after the epoch whose mean KL divergence passes this; null: never. [37]'),

  hidden: z.array(positive).default([64, 64]).describe('Widths of the hidden layers, of both networks. [S]'),
  activation: z.enum(['tanh', 'relu', 'elu']).default('tanh').describe('Of the hidden layers. [S]'),
  initialLogStd: z
    .number()
    .default(0)
    .describe('Logarithm of the deviation that continuous actions start with. [37]'),
  policyGain: z.number().positive().default(0.01).describe('Gain of the policy’s last layer. [37]'),
  deviations: z
    .enum(['shared', 'seen'])
    .default('shared')
    .describe(
      'Deviations of continuous actions: the same whatever is observed [37], or (`seen`) the network’s own outputs, of gain 1 and bias `initialLogStd`.',
    ),
  trunks: z
    .array(positive)
    .nullable()
    .default(null)
    .describe(
      'Networks that the policy is split into: how many continuous actions each gives; null: one for all.',
    ),
  blind: z
    .boolean()
    .default(false)
    .describe('The policy sees zeros, whatever is observed (the value sees all): a search for constants.'),
  normalizeObservations: z
    .boolean()
    .default(false)
    .describe(
      'Observations to mean 0 and deviation 1 by running statistics, kept with the policy. [37] for MuJoCo.',
    ),
  normalizeRewards: z
    .boolean()
    .default(false)
    .describe(
      'Rewards divided by the running deviation of the discounted return, kept beside the policy. [37] for MuJoCo.',
    ),

  overlapped: z
    .boolean()
    .default(false)
    .describe(
      'Collect with the policy before the newest while the newest is being made: faster, a little less apt.',
    ),
});

/** Every setting of PPO, with where its default comes from. */
export const ppoConfig = ppoFields
  .superRefine(({ workers, environments, horizon, minibatch }, { addIssue }) => {
    const expected = (path: string, what: string) =>
      addIssue({ code: 'custom', path: [path], message: what });
    const rows = environments * horizon;
    if (rows % minibatch !== 0)
      expected('minibatch', `expected a divisor of environments × horizon = ${rows}`);
    if (workers !== null && environments % workers !== 0)
      expected('workers', `expected a divisor of environments = ${environments}`);
  })
  .describe(
    'Where a default comes from: [S] Schulman et al. 2017, [37] Huang et al. 2022 (“The 37 implementation details of PPO”), [SB3] Stable-Baselines3’s PPO, [RSL] rsl_rl. Where they differ, it is CleanRL’s, which follows [37].',
  );

/** The settings of PPO, parsed: defaults filled in, every field within its range. */
export type PpoConfig = z.output<typeof ppoConfig>;
