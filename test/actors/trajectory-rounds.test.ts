import { describe, expect, test } from 'vitest';
import { allocateSlab, type Trajectory, trajectoryFields } from '../../src/actors/trajectory.ts';
import { Rounds } from '../../src/actors/trajectory-rounds.ts';
import { box, discrete } from '../../src/env/spaces.ts';

const fields = trajectoryFields({ spaces: { observation: box(1), action: discrete(2) }, steps: 1, count: 1 });

function trajectory(round: number, worker: number, reward = 10 * round + worker): Trajectory {
  const slab = allocateSlab(fields);
  slab.round[0] = round;
  slab.worker[0] = worker;
  slab.rewards[0] = reward;
  return slab;
}

const rewards = (round: readonly Trajectory[]): number[] => round.map(slab => slab.rewards[0]);

/** Whether a promise has settled by now. */
async function pending(promise: Promise<unknown>): Promise<boolean> {
  const open = Symbol();
  return (await Promise.race([promise, new Promise(resolve => setImmediate(resolve, open))])) === open;
}

describe('rounds', () => {
  test('are whole when every worker has sent its part, in the order of the workers', async () => {
    const rounds = new Rounds(fields, 3, 0);
    const whole = rounds.whole(0);
    rounds.take(trajectory(0, 2));
    rounds.take(trajectory(0, 0));
    expect(await pending(whole)).toBe(true);
    rounds.take(trajectory(0, 1));
    expect(rewards(await whole)).toEqual([0, 1, 2]);
  });

  test('keep the first of what comes twice, and drop what is over or too far ahead', async () => {
    const rounds = new Rounds(fields, 1, 0);
    rounds.take(trajectory(0, 0, 1));
    rounds.take(trajectory(0, 0, 2));
    rounds.take(trajectory(1, 0, 3));
    expect(rewards(await rounds.whole(0))).toEqual([1]);
    rounds.expect(1);
    rounds.take(trajectory(0, 0, 4));
    expect(await pending(rounds.whole(1))).toBe(true);
  });

  test('with a lag, hold the next one beside the present one', async () => {
    const rounds = new Rounds(fields, 2, 1);
    for (const worker of [0, 1]) rounds.take(trajectory(1, worker));
    for (const worker of [1, 0]) rounds.take(trajectory(0, worker));
    expect(rewards(await rounds.whole(0))).toEqual([0, 1]);
    rounds.expect(1);
    expect(rewards(await rounds.whole(1))).toEqual([10, 11]);
  });

  test('a snapshot has what came and is still wanted', async () => {
    const rounds = new Rounds(fields, 2, 1);
    rounds.take(trajectory(0, 0));
    rounds.take(trajectory(1, 1));
    rounds.expect(1);
    const restored = new Rounds(fields, 2, 1);
    restored.restore(structuredClone(rounds.snapshot()));
    restored.expect(1);
    restored.take(trajectory(1, 0));
    expect(rewards(await restored.whole(1))).toEqual([10, 11]);
    expect((rounds.snapshot() as unknown[]).length).toBe(1);
  });
});
