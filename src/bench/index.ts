import type { Bench } from './contract.ts';

interface Suite {
  readonly name: string;
  readonly summary: string;
  load(): Promise<Bench>;
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
  },
  {
    name: 'tensors',
    summary: 'Gradients, PPO minibatches, acting.',
    load: async () => (await import('./tensors.ts')).bench,
  },
  {
    name: 'rapier',
    summary: 'Packed robots: a physics step alone, among 16 and 64.',
    load: async () => (await import('./rapier.ts')).bench,
  },
  {
    name: 'ppo',
    summary: 'PPO end to end, as scenarios run it.',
    load: async () => (await import('./ppo.ts')).bench,
  },
];
