import { describe, expect, test } from 'vitest';
import { type ExactCase, exactTests } from './exact.ts';
import { make, tasks } from './helpers.ts';

/** Those that are left out are in `exact.full.test.ts`. */
const cases: readonly ExactCase[] = [
  ...['hopper', 'ant', 'reacher', 'cart-pole-swing-up'].map(task => ({
    task,
    engine: 'simd' as const,
  })),
  ...['hopper', 'ant', 'cart-pole-swing-up'].map(task => ({ task, engine: 'deterministic' as const })),
];

describe.each(cases)('$task on the $engine build', exactTests);

test('a new environment stands as if it had been reset with seed 0', async () => {
  for (const task of Object.keys(tasks)) {
    const env = await make(task, 2);
    const untouched = env.observations.slice();
    env.reset({ seed: 0 });
    expect(env.observations).toEqual(untouched);
    env.close();
  }
});
