import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { designRows } from '../../../src/scenarios/ab-robotics/designs.ts';
import { noDrift } from '../../../src/scenarios/ab-robotics/drift.ts';
import {
  fortnights,
  groupEffects,
  meanOf,
  regroupHistogram,
} from '../../../src/scenarios/ab-robotics/groups.ts';
import { numbersWorld, overWorlds } from '../../../src/scenarios/ab-robotics/numbers-world.ts';
import { peekingRows } from '../../../src/scenarios/ab-robotics/peeking.ts';

const idle = () => {};
const random = Random.fromSeed(8);

describe('worlds of numbers', { timeout: 120_000 }, () => {
  const columns = numbersWorld(4, 33_000);

  it('show false differences between fortnights, and none between random groups', () => {
    const { sequential, random: shuffled } = overWorlds(40, 33_000, 1);
    expect(sequential).toBeLessThanOrEqual(5);
    expect(shuffled).toBeGreaterThan(9);
    const histogram = regroupHistogram(columns, 200, random, 0.95);
    expect(histogram.reduce((sum, count) => sum + count, 0)).toBe(200);
    expect(meanOf(histogram)).toBeGreaterThanOrEqual(9.2);
    expect(meanOf(histogram)).toBeLessThanOrEqual(9.8);
  });

  it('names the groups, the last without an effect', () => {
    const groups = groupEffects(columns, fortnights(columns), g => `weeks ${2 * g + 1}-${2 * g + 2}`, 0.95);
    expect(groups.map(({ name }) => name).at(-1)).toBe('weeks 21-22');
    expect(groups.map(({ trials }) => trials)).toEqual(new Array(11).fill(3000));
    expect(groups.filter(({ effect }) => effect === undefined)).toHaveLength(1);
  });

  it('fool the designs that are not random, and no random one', () => {
    const rows = designRows(columns, 200, random, idle);
    const [sequential, alternating, session, trial] = rows;
    expect(rows.map(({ name }) => name)).toEqual(['sequential', 'alternating', 'per session', 'per trial']);
    expect(sequential.falsePositives).toBeGreaterThan(0.35);
    // Operators and robots are not what differs between fortnights.
    expect(sequential.stratified).toBeGreaterThan(0.35);
    expect(alternating.falsePositives).toBeGreaterThan(0.9);
    expect(session.falsePositives).toBeGreaterThan(session.stratified);
    expect(session.stratified).toBeLessThan(0.11);
    expect(trial.falsePositives).toBeLessThan(0.11);
    expect(trial.stratified).toBeLessThan(0.11);
  });

  it('leave a still world alone, save for the way there and back', () => {
    const still = numbersWorld(4, 33_000, noDrift);
    const [sequential, alternating] = designRows(still, 2, random, idle);
    expect(sequential.falsePositives).toBeLessThan(0.3);
    expect(alternating.falsePositives).toBeLessThan(0.3);
  });

  it('fool who looks twenty times with a fixed-horizon z, and nobody who looks with what holds always', () => {
    const [z, ...valid] = peekingRows(columns, { experiments: 300, length: 2000 }, random, idle);
    expect(z.falsePositives).toBeGreaterThan(0.18);
    for (const { name, falsePositives } of valid) expect(falsePositives, name).toBeLessThan(0.06);
  });
});
