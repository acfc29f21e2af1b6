import { describe, expect, test } from 'vitest';
import { allocateSlab, type Trajectory, trajectoryFields } from '../../../src/actors/trajectory.ts';
import { box, discrete } from '../../../src/env/spaces.ts';
import { PpoRows } from '../../../src/learners/ppo/batch.ts';
import { ppoConfig } from '../../../src/learners/ppo/config.ts';
import { ReturnScaler } from '../../../src/learners/shared/normalization.ts';

const spaces = { observation: box(1), action: discrete(2) };
/** Two workers of one copy and two steps. */
const shape = { spaces, workers: 2, steps: 2, count: 1, lag: 0 };
const config = ppoConfig.parse({ gamma: 0.5, lambda: 1 });

function trajectory(columns: Partial<Record<keyof Trajectory, number[]>>): Trajectory {
  const slab = allocateSlab(trajectoryFields(shape));
  for (const [name, values] of Object.entries(columns)) slab[name as keyof Trajectory].set(values);
  return slab;
}

describe('a round as rows', () => {
  const round = [
    trajectory({
      rewards: [4, 4],
      terminated: [1, 0],
      observations: [1, 2],
      actions: [0, 1],
      logProbs: [-1, -2],
      values: [0, 0],
    }),
    trajectory({
      rewards: [8, 8],
      truncated: [1, 0],
      bootstrapValues: [10, 0],
      lastValues: [6],
      observations: [3, 4],
      actions: [1, 0],
      logProbs: [-3, -4],
      values: [1, 0],
    }),
  ];

  test('rewards are scaled by the deviation of returns, which both kinds of ends empty, before they are summed', () => {
    const rows = new PpoRows(shape);
    const scaler = new ReturnScaler(2, config.gamma);
    rows.fill(round, config, scaler);
    // Every episode ends after its first step, so returns are 4, 4 and 8, 8: variance 4, and half of each reward
    // counts. (Not emptied, the second ones would be 6 and 12; of one copy for both, the third would be 10.)
    expect(scaler.scale).toBeCloseTo(0.5, 8);
    // Worker 0: 2 and then 2 + 0.5 · 0; worker 1: 4 + 0.5 · 10 − 1 = 8, and 4 + 0.5 · 6 = 7.
    [2, 2, 8, 7].forEach((advantage, i) => {
      expect(rows.advantages.data[i]).toBeCloseTo(advantage, 5);
    });
    [2, 2, 9, 7].forEach((value, i) => {
      expect(rows.returns.data[i]).toBeCloseTo(value, 5);
    });
    expect([...round[0].rewards, ...round[1].rewards]).toEqual([4, 4, 8, 8]);
  });

  test('is worker after worker, step after step; without a scaler rewards are what they are', () => {
    const rows = new PpoRows(shape);
    rows.fill(round, config, undefined);
    expect([...rows.observations.data]).toEqual([1, 2, 3, 4]);
    expect([...rows.actions.data]).toEqual([0, 1, 1, 0]);
    expect([...rows.logProbs.data]).toEqual([-1, -2, -3, -4]);
    expect([...rows.values.data]).toEqual([0, 0, 1, 0]);
    expect([...rows.advantages.data]).toEqual([4, 4, 12, 11]);
    expect(rows.columns.importance).toBeUndefined();
  });
});

test('rows count by how much likelier the policy that the update starts with acts so, and no more than twice', () => {
  const rows = new PpoRows({ ...shape, lag: 1 });
  const logs = (...probabilities: number[]) => probabilities.map(Math.log);
  rows.fill(
    [trajectory({ logProbs: logs(0.5, 0.4) }), trajectory({ logProbs: logs(0.2, 0.1) })],
    config,
    undefined,
  );
  rows.moveOrigin(Float32Array.from(logs(0.25, 0.4, 0.3, 0.9)));
  // 0.25/0.5, 0.4/0.4, 0.3/0.2, and 0.9/0.1 = 9, cut to 2
  [0.5, 1, 1.5, 2].forEach((weight, i) => {
    expect(rows.columns.importance?.data[i]).toBeCloseTo(weight, 6);
  });
  // Ratios are taken against it from now on.
  [0.25, 0.4, 0.3, 0.9].forEach((probability, i) => {
    expect(rows.logProbs.data[i]).toBeCloseTo(Math.log(probability), 6);
  });
});
