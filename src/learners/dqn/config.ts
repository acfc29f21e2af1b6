import { z } from 'zod';

const positive = z.number().int().positive();

/** The settings one by one. */
export const dqnFields = z.strictObject({
  learningRate: z.number().positive().default(2.5e-4).describe('Adam’s step size. [M], [C]'),
  learningRateSchedule: z
    .enum(['constant', 'linear'])
    .default('constant')
    .describe('`linear`: to zero over the run. [M] constant.'),
  adamEpsilon: z.number().positive().default(1e-8).describe('Adam’s epsilon. [C], [SB3]'),
  maxGradientNorm: z
    .number()
    .positive()
    .nullable()
    .default(10)
    .describe('Gradients of all parameters together are cut to this length; null: never. [W], [SB3]'),
  loss: z
    .enum(['huber', 'squared'])
    .default('huber')
    .describe('Of a TD error: `huber`: ½ e² within ± 1, |e| − ½ beyond, which clips the gradient [M].'),
  double: z
    .boolean()
    .default(true)
    .describe(
      'The online network chooses the next action, the target network values it [H]; false: the target network does both [M].',
    ),
  target: z
    .enum(['copies', 'average'])
    .default('copies')
    .describe('The target network: now and then a copy of the online one [M], or its moving average [L].'),
  targetEvery: positive
    .default(100)
    .describe(
      'Gradient steps between `copies`. [M] 10,000 on Atari; [C] 50 and [SB3] 10,000, for classic control the zoo 10.',
    ),
  targetRate: z
    .number()
    .positive()
    .max(1)
    .default(0.005)
    .describe(
      'Share of the online network that an `average` takes in a gradient step. [L] 0.001, SAC 0.005.',
    ),
  hidden: z
    .array(positive)
    .min(1)
    .default([120, 84])
    .describe('Widths of the hidden layers. [C] for classic control.'),
  activation: z.enum(['relu', 'tanh', 'elu']).default('relu').describe('Of the hidden layers. [M]'),
  dueling: z
    .boolean()
    .default(false)
    .describe(
      'Values of states and advantages of actions in streams of their own, of the last width each. [W]',
    ),
});

/** Every setting of DQN, with where its default comes from. What it draws from the replay is the replay’s to say. */
export const dqnConfig = dqnFields.describe(
  'Where a default comes from: [M] Mnih et al. 2015, [H] van Hasselt et al. 2016 (double), [W] Wang et al. 2016 (duelling), [L] Lillicrap et al. 2016 (DDPG), [C] CleanRL’s dqn.py, [SB3] Stable-Baselines3’s DQN.',
);

/** The settings of DQN, parsed: defaults filled in, every field within its range. */
export type DqnConfig = z.output<typeof dqnConfig>;
