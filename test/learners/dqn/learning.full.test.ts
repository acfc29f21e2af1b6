import { expect, test } from 'vitest';
import { trainDqn } from './train.ts';

test('DQN balances a pole within 30,000 steps: a mean return of 400 or better, 3 of 3 seeds', async () => {
  const returns: number[] = [];
  for (const seed of [1, 2, 3]) {
    const dqn = { learningRate: 1e-3, targetEvery: 64 };
    returns.push(await trainDqn({ steps: 30_000, seed, batch: 64, updates: 128, nStep: 5, dqn }));
  }
  for (const value of returns) expect(value, `returns: ${returns}`).toBeGreaterThanOrEqual(400);
});
