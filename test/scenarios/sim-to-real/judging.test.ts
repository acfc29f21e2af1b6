import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { readLog } from '../../../src/evaluation/log/index.ts';
import type { Tested } from '../../../src/scenarios/sim-to-real/in-target.ts';
import { judge, openTrials, TRIALS_FILE } from '../../../src/scenarios/sim-to-real/judging.ts';
import { episodes, plannedFor, rivals, tested, usual } from '../../fixtures/simgan/made-up.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'judging-'));
});

const all = tested();
const planned = plannedFor(all.arms.map(({ name }) => name));
const judged = (its: Tested = all) => {
  openTrials(folder, planned, 3);
  return judge(folder, planned, its, 3, rivals);
};

describe('the log of trials', () => {
  test('names no arm before all is in, and every pair plays every arm in an order of its own', () => {
    openTrials(folder, planned, 3);
    const before = readFileSync(join(folder, TRIALS_FILE), 'utf8').split('\n').slice(1).join('\n');
    for (const word of ['SimGAN', 'zero-shot', 'fine-tuning', 'oracle']) expect(before).not.toContain(word);
    judged();
    const records = [...readLog(join(folder, TRIALS_FILE))];
    const types = records.map(({ type }) => type);
    expect(types.indexOf('revealed')).toBeGreaterThan(types.lastIndexOf('outcome'));
    expect(types.indexOf('outcome')).toBeGreaterThan(types.lastIndexOf('assigned'));
    const revealed = records.flatMap(each => (each.type === 'revealed' ? [each.arm] : []));
    expect(revealed).toHaveLength(14 * episodes);
    const orders = Array.from({ length: 2 * episodes }, (_, pair) => revealed.slice(7 * pair, 7 * pair + 7));
    for (const order of orders) expect(new Set(order).size).toBe(7);
    expect(new Set(orders.map(order => order[0])).size).toBeGreaterThan(4);
  });

  test('is written once: who goes on with a run finds the same, and an edit is seen', () => {
    const first = judged();
    const file = join(folder, TRIALS_FILE);
    const text = readFileSync(file, 'utf8');
    expect(judged()).toEqual(first);
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(first.intact).toBe(true);
    writeFileSync(file, text.replace(/"return":(\d)/, '"return":9$1'));
    expect(() => judged()).toThrow(/line \d+/);
  });

  test('is of one design', () => {
    openTrials(folder, planned, 3);
    expect(() => openTrials(folder, { ...planned, testEpisodes: episodes + 1 }, 3)).toThrow(
      'stopping.units = 26: expected 24',
    );
  });
});

describe('what the trials say', () => {
  test('every arm against zero-shot, with one correction for all; SimGAN against its rivals', () => {
    const { analysis, contrasts, means } = judged();
    expect(analysis.arms[0].arm).toBe('zero-shot');
    expect(analysis.comparisons.map(({ arm }) => arm)).toEqual([
      ...['domain randomisation', 'fine-tuning', 'constant parameters', 'SimGAN', 'oracle', 'random'],
    ]);
    const simGan = analysis.comparisons[3];
    expect(simGan.method).toBe('paired t');
    expect(simGan.adjustedP).toBeLessThan(1e-6);
    expect(analysis.guards.every(({ passed }) => passed)).toBe(true);
    expect(contrasts.map(({ over }) => over)).toEqual(['zeroShot', 'ft', 'dr']);
    for (const { over, pooled, bySeed, overSeeds } of contrasts) {
      const expected = usual.simGan - usual[over];
      if (!pooled.estimable) throw new Error(pooled.reason);
      expect(pooled.value).toBeCloseTo(expected, 0);
      // Pairs: of the 5 that episodes differ by, only what is an arm's own is left, √(2 · 0.5² / 24) · t.
      expect(pooled.high - pooled.low).toBeCloseTo(2 * 2.07 * Math.sqrt(0.5 / 24), 0);
      expect(bySeed).toHaveLength(2);
      expect(overSeeds).toEqual({
        estimable: false,
        reason: 'there are 2 seeds of identification, expected at least 5',
      });
    }
    expect(means.find(({ name }) => name === 'random')?.bySeed.map(Math.round)).toHaveLength(2);
  });

  test('nothing, where nothing varies or an arm was not played', () => {
    const flat: Tested = {
      ...all,
      arms: all.arms.map(({ name, bySeed }) => ({
        name,
        bySeed: bySeed.map(each => ({ ...each, returns: each.returns.map(() => usual[name]) })),
      })),
    };
    const { contrasts } = judged(flat);
    expect(contrasts[0].pooled).toEqual({ estimable: false, reason: 'the difference is 70 in all 24 pairs' });
    expect(contrasts[0].p).toBeUndefined();
  });

  test('trials that are missing fail a guard', () => {
    const { analysis } = judged({ ...all, arms: all.arms.filter(({ name }) => name !== 'ft') });
    expect(analysis.guards.find(({ name }) => name === 'missing trials')?.passed).toBe(false);
  });
});
