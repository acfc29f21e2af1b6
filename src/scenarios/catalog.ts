import type { Scenario } from './contract.ts';

interface Entry {
  readonly name: string;
  readonly summary: string;
  load(): Promise<Scenario>;
}

/**
 * The scenarios that come with Troupe. Names and summaries stand here a second time, so that listing them loads no
 * learner and no physics; a test holds them equal.
 */
export const catalog: readonly Entry[] = [
  {
    name: 'hopper',
    summary: 'PPO teaches a one-legged robot to hop.',
    load: async () => (await import('./hopper.ts')).default as Scenario,
  },
  {
    name: 'ant',
    summary: 'PPO teaches a four-legged robot to walk.',
    load: async () => (await import('./ant.ts')).default as Scenario,
  },
  {
    name: 'half-cheetah',
    summary: 'PPO teaches a two-legged robot to run.',
    load: async () => (await import('./half-cheetah.ts')).default as Scenario,
  },
  {
    name: 'reacher',
    summary: 'PPO brings the fingertip of a two-link arm to a target.',
    load: async () => (await import('./reacher.ts')).default as Scenario,
  },
  {
    name: 'quadruped',
    summary: 'PPO teaches a robot dog to stand, and to set out, by torques alone.',
    load: async () => (await import('./quadruped.ts')).default as Scenario,
  },
  {
    name: 'cart-pole',
    summary: 'PPO balances a pole on a cart.',
    load: async () => (await import('./cart-pole.ts')).default as Scenario,
  },
  {
    name: 'acrobot',
    summary: 'PPO swings the tip of a two-link arm above a line.',
    load: async () => (await import('./acrobot.ts')).default as Scenario,
  },
  {
    name: 'pendulum',
    summary: 'PPO swings a pendulum up with too little torque, and holds it.',
    load: async () => (await import('./pendulum.ts')).default as Scenario,
  },
  {
    name: 'pendulum-sac',
    summary: 'SAC swings the pendulum up, in a tenth of the steps that PPO takes.',
    load: async () => (await import('./pendulum-sac.ts')).default as Scenario,
  },
  {
    name: 'half-cheetah-sac',
    summary: 'SAC teaches a two-legged robot to run, in a quarter of an hour of its time.',
    load: async () => (await import('./half-cheetah-sac.ts')).default as Scenario,
  },
  {
    name: 'ant-sac',
    summary: 'SAC teaches a four-legged robot to walk, in half an hour of its time.',
    load: async () => (await import('./ant-sac.ts')).default as Scenario,
  },
  {
    name: 'reacher-td3',
    summary: 'TD3 brings the fingertip of a two-link arm to a target, in ten minutes of its time.',
    load: async () => (await import('./reacher-td3.ts')).default as Scenario,
  },
  {
    name: 'cart-pole-dqn',
    summary: 'DQN balances a pole on a cart.',
    load: async () => (await import('./cart-pole-dqn.ts')).default as Scenario,
  },
  {
    name: 'cart-pole-mpc',
    summary: 'CEM, MPPI and random shooting swing a pole up by planning in the true simulator.',
    load: async () => (await import('./cart-pole-mpc.ts')).default as Scenario,
  },
  {
    name: 'latent-planning',
    summary: 'PlaNet learns what follows from its actions, and plans in what it has learned.',
    load: async () => (await import('./latent-planning.ts')).default as Scenario,
  },
  {
    name: 'sim-to-real',
    summary:
      'SimGAN learns from eight minutes of data how a target differs from the simulator, and readies a policy for it.',
    load: async () => (await import('./sim-to-real.ts')).default as Scenario,
  },
  {
    name: 'behavior-cloning',
    summary: 'A policy is cloned from a recording of what another one did, without a single reward.',
    load: async () => (await import('./behavior-cloning.ts')).default as Scenario,
  },
  {
    name: 'ab-robotics',
    summary: 'Robots move cubes for five months: honest and dishonest ways to say which policy is better.',
    load: async () => (await import('./ab-robotics.ts')).default as Scenario,
  },
  {
    name: 'deep-bootstrap',
    summary:
      'Networks on a few samples again and again, beside the same networks on samples that are always new.',
    load: async () => (await import('./deep-bootstrap.ts')).default as Scenario,
  },
  {
    name: 'consistency-training',
    summary:
      'UDA learns digits from 50 labels: what is done to an image must not change what it is taken for.',
    load: async () => (await import('./consistency-training.ts')).default as Scenario,
  },
  {
    name: 'few-label-gan',
    summary: 'S3GAN draws digits by class from 500 labels: generator and discriminator play as two actors.',
    load: async () => (await import('./few-label-gan.ts')).default as Scenario,
  },
  {
    name: 'task-grouping',
    summary: 'TAG finds in one run which tasks should share a network; all groups are trained to see.',
    load: async () => (await import('./task-grouping.ts')).default as Scenario,
  },
  {
    name: 'long-context',
    summary:
      'Transformer-XL remembers segments of text that it has read: further back, and far faster to read on.',
    load: async () => (await import('./long-context.ts')).default as Scenario,
  },
  {
    name: 'instruction-tuning',
    summary: 'FLAN tunes a small language model on instructions, and asks it what it was never asked.',
    load: async () => (await import('./instruction-tuning.ts')).default as Scenario,
  },
  {
    name: 'pipeline-parallel',
    summary: 'GPipe cuts nets into stages that learn at once: the same gradients, faster, in less memory.',
    load: async () => (await import('./pipeline-parallel.ts')).default as Scenario,
  },
];
