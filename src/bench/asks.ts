import { z } from 'zod';
import { defineActor, startSystem } from '../actors/index.ts';
import { type Bench, spread } from './contract.ts';

export const answerer = defineActor(import.meta.url, {
  name: 'answerer',
  config: z.object({}),
  start: () => ({ answer: (question: number) => question + 1 }),
});

const asks = 5000;

/** Calls to an actor in a worker, one after the other: from the call to its answer. */
export const bench: Bench = async () => {
  const system = await startSystem({ seed: 1 });
  try {
    const actor = await system.spawn(answerer, {});
    const taken: number[] = [];
    for (let i = -asks; i < asks; i++) {
      const start = performance.now();
      await actor.call.answer(i);
      if (i >= 0) taken.push((performance.now() - start) * 1000);
    }
    return [{ name: 'ask round trip', unit: 'us', ...spread(taken), bar: '≤ 50 us' }];
  } finally {
    await system.stop();
  }
};
