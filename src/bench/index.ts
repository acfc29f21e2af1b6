import type { Bench, Peer } from './contract.ts';

interface Suite {
  readonly name: string;
  readonly summary: string;
  load(): Promise<Bench>;
  /** Whether some of its cases can be asked for alone. */
  readonly choosy?: true;
  /** Measured after ours; suites that have others take turns with ours name them themselves. */
  readonly peers?: readonly Peer[];
}

/** The suites of `troupe bench`, imported only when they run. */
export const suites: readonly Suite[] = [
  {
    name: 'asks',
    summary: 'A call to an actor on another thread, there and back.',
    load: async () => (await import('./asks.ts')).bench,
  },
  {
    name: 'links',
    summary: 'Batches of observations from thread to thread.',
    load: async () => (await import('./links.ts')).bench,
  },
  {
    name: 'environments',
    summary: 'Steps a second, one core.',
    load: async () => (await import('./environments.ts')).bench,
    peers: [{ name: 'Gymnasium', file: 'gymnasium_cartpole.py', install: 'pip install gymnasium==1.4.0' }],
  },
  {
    name: 'tensors',
    summary: 'Training steps and acting: stock tfjs and PyTorch beside ours.',
    load: async () => (await import('./tensors.ts')).bench,
    choosy: true,
  },
  {
    name: 'in-two',
    summary: 'A step in two calls, as stages of pipelines take it, beside the same step in one.',
    load: async () => (await import('./in-two.ts')).bench,
  },
  {
    name: 'language-model',
    summary: 'Tokens a second that Transformer-XL learns from: PyTorch beside ours.',
    load: async () => (await import('./language-model.ts')).bench,
    choosy: true,
  },
  {
    name: 'rapier',
    summary: 'Packed robots: a physics step alone, among 16 and 64.',
    load: async () => (await import('./rapier.ts')).bench,
  },
  {
    name: 'pixels',
    summary: 'Small pictures of scenes: what one costs to draw.',
    load: async () => (await import('./pixels.ts')).bench,
  },
  {
    name: 'ppo',
    summary: 'PPO end to end: Stable-Baselines3 and CleanRL beside ours.',
    load: async () => (await import('./ppo.ts')).bench,
    choosy: true,
  },
  {
    name: 'sac',
    summary: 'A gradient step of SAC and TD3 as their learners take it, beside the bare program.',
    load: async () => (await import('./sac.ts')).bench,
  },
  {
    name: 'arms',
    summary: 'The arms of a scenario on one lane and on two, and where its learners sit.',
    load: async () => (await import('./arms.ts')).bench,
  },
];
