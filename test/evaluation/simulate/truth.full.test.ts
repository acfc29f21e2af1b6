import { describe, expect, it } from 'vitest';
import {
  coverage,
  diceStudy,
  lossName,
  lostFailures,
  power,
  simulate,
} from '../../../src/evaluation/simulate/index.ts';

describe('10,000 comparisons with a true effect', () => {
  it('cover it with 95 % of their intervals under drift', async () => {
    const rows = await coverage({ seed: 1 });
    const percent = Object.fromEntries(rows.map(row => [row.analysis, 100 * row.mean]));
    for (const name of [
      'session jackknife, t', // 95.0 in the method page
      'RR_MH over day × operator', // 95.1
      'jackknife of RR_MH over operators, t', // 95.1
      'jackknife of RR_MH over day × operator, t',
      'log ratio',
    ]) {
      expect(percent[name], name).toBeGreaterThanOrEqual(93.8);
      expect(percent[name], name).toBeLessThanOrEqual(96.2);
    }
    // 93.5: z has too few groups here.
    expect(percent['session jackknife, z']).toBeLessThan(percent['session jackknife, t'] - 1);
  }, 600_000);

  it('find it as often as the plan says', async () => {
    const rows = await power({ seed: 1, experiments: 4000 });
    const fixed = rows.filter(row => row.analysis === 'pooled z');
    expect(fixed).toHaveLength(2);
    for (const { mean, formula } of fixed) {
      expect(formula).toBeCloseTo(0.8, 3);
      expect(Math.abs(mean - formula)).toBeLessThan(0.04);
    }
    // Looking after every trial: sure at +10 %, and sooner than the end; at +5 % the price is paid in power.
    const sequential = rows.filter(row => row.analysis !== 'pooled z');
    expect(sequential).toHaveLength(4);
    for (const { study, mean, stopped = NaN, formula } of sequential) {
      if (study.startsWith('+10 %')) {
        expect(mean).toBeGreaterThan(0.98);
        expect(stopped).toBeLessThan(1000);
      } else {
        expect(mean).toBeGreaterThan(0.35);
        expect(mean).toBeLessThan(formula);
      }
    }
  }, 600_000);
});

describe('the dice study in numbers, 2000 random regroupings', () => {
  it.each([
    [0.05, 6.7],
    [0.15, 3.2],
    [0.25, 2.2],
  ])(
    'at a weekly step of %d',
    async (weeklySd, sequential) => {
      const [{ tallies }] = await simulate([{ ...diceStudy, weeklySd }], { seed: 1 });
      // The method page's means of ten intervals.
      expect(Math.abs(tallies['sequential'].mean - sequential)).toBeLessThan(0.5);
      expect(tallies['random'].mean).toBeGreaterThanOrEqual(9.2);
      expect(tallies['random'].mean).toBeLessThanOrEqual(9.8);
    },
    600_000,
  );
});

describe('the sample-ratio guard', () => {
  it('hears of a third of the failures lost, keeps still on clean logs, and cannot hear of 1 %', async () => {
    const [{ tallies }] = await simulate([lostFailures], { seed: 1 });
    const [clean, third, little] = lostFailures.dropped.map(share => tallies[lossName(share)].mean);
    expect(clean).toBeLessThanOrEqual(0.005);
    expect(third).toBeGreaterThanOrEqual(0.9); // theory: 93.8 %
    expect(little).toBeLessThan(0.03);
  }, 600_000);
});
