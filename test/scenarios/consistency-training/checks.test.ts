import { describe, expect, test } from 'vitest';
import {
  type ArmPlan,
  allArms as arms,
  imageArms,
} from '../../../src/scenarios/consistency-training/arms.ts';
import type { ConsistencyFigures } from '../../../src/scenarios/consistency-training/figures.ts';
import {
  type ImageSettings,
  imageGround,
  mustHaveEnough,
} from '../../../src/scenarios/consistency-training/grounds.ts';
import consistencyTraining from '../../../src/scenarios/consistency-training.ts';
import { judge } from '../../../src/scenarios/runner/checks.ts';

/** Seed 3, as it was measured. */
const accuracy: Record<string, number> = {
  'uda-50': 0.9239,
  'uda-100': 0.9445,
  'control-lambda-0-50': 0.7916,
  'control-identity-50': 0.8315,
  'control-shuffled-50': 0.7431,
  'supervised-50': 0.6862,
  'supervised-augmented-50': 0.7916,
  'supervised-500': 0.8732,
  'supervised-augmented-500': 0.9394,
  'mail-uda-20': 0.935,
  'mail-control-identity-20': 0.833,
  'mail-supervised-20': 0.849,
};
const figures = (change: Record<string, number> = {}, kept = [0.16, 0.87]): ConsistencyFigures => ({
  accuracy: { ...accuracy, ...change },
  keptAtFirst: { 'uda-50': kept[0] },
  keptAtEnd: { 'uda-50': kept[1] },
  trained: { images: 1_500, mails: 300 },
});
const made = (result: ConsistencyFigures): string[] =>
  judge(consistencyTraining.checks, result).map(({ name }) => name);
const failed = (result: ConsistencyFigures): string[] =>
  judge(consistencyTraining.checks, result)
    .filter(({ pass }) => !pass)
    .map(({ name }) => name);

describe('the bars', () => {
  test('a run as it was measured passes all', () => {
    expect(failed(figures())).toEqual([]);
  });

  test.each([
    ['augmentation of labels is all that helps', { 'uda-50': 0.8 }, '50 labels: UDA over augmented labels'],
    [
      'λ = 0 still learns from pairs',
      { 'control-lambda-0-50': 0.9 },
      'control: λ = 0, over augmented labels',
    ],
    [
      'agreement alone would do, without augmentation',
      { 'control-identity-50': 0.9 },
      'control: nothing augmented, over augmented labels',
    ],
    ['it does not matter which pairs', { 'control-shuffled-50': 0.9 }, 'control: UDA over shuffled pairs'],
    ['mails that all end as ham', { 'mail-uda-20': 0.58 }, 'mails, 20 labels: UDA over labels alone'],
  ])('%s: that fails', (_, change, name) => {
    expect(failed(figures(change))).toContain(name);
  });

  test('targets that never become sure fail', () => {
    expect(failed(figures({}, [0.16, 0.2]))).toHaveLength(2);
  });

  test('what was not played is not judged', () => {
    const { 'control-shuffled-50': _, 'mail-supervised-20': __, ...rest } = accuracy;
    const without = { ...figures(), accuracy: rest };
    expect(failed(without)).toEqual([]);
    expect(made(figures()).filter(name => !made(without).includes(name))).toEqual([
      'control: UDA over shuffled pairs',
      'mails, 20 labels: UDA over labels alone',
    ]);
    const mailsAlone = { ...figures(), accuracy: { 'mail-uda-20': 0.93, 'mail-supervised-20': 0.85 } };
    expect(made(mailsAlone)).toEqual(['mails, 20 labels: UDA over labels alone']);
  });

  test('short runs have bars of their own, and only those', () => {
    const short = { ...figures({ 'uda-50': 0.8 }), trained: { images: 400, mails: 60 } };
    expect(made(short)).toEqual([
      'short run, 50 labels: UDA over labels alone',
      'short run, control: UDA over shuffled pairs',
    ]);
    expect(failed({ ...short, accuracy: { ...accuracy, 'uda-50': 0.77 } })).toEqual([
      'short run, 50 labels: UDA over labels alone',
      'short run, control: UDA over shuffled pairs',
    ]);
    expect(made({ ...short, trained: { images: 60, mails: 60 } })).toEqual([]);
    expect(made(figures()).some(name => name.startsWith('short'))).toBe(false);
  });

  test('every figure that a check reads is one of an arm', () => {
    expect(new Set(arms.map(({ name }) => name)).size).toBe(arms.length);
    const names = arms.map(({ name }) => name);
    expect(Object.keys(accuracy).filter(name => !names.includes(name))).toEqual([]);
    for (const name of Object.keys(accuracy)) {
      expect(failed(figures({ [name]: Number.NaN })), name).not.toEqual([]);
    }
  });
});

describe('options that cannot be', () => {
  const settings = {
    data: 'glyphs' as const,
    images: 14 as const,
    net: 'mlp' as const,
    ...{ steps: 10, batch: 32, unlabelledBatch: 192, pool: 1_000, test: 100, consistency: {} },
  };
  const enough = (change: Partial<ImageSettings>, arms: readonly ArmPlan[] = imageArms.slice(0, 2)) =>
    mustHaveEnough(imageGround({ ...settings, ...change }, 1, 'auto'), arms, 1);

  test('are refused before anything is played, by name', () => {
    expect(() => enough({})).not.toThrow();
    expect(() => enough({ unlabelledBatch: 1_001 })).toThrow(
      'unlabelledBatch = 1001: expected at most the 1000 samples without labels',
    );
    const [many] = imageArms.filter(({ labels }) => labels === 5_000);
    expect(() => enough({}, [many])).toThrow('perClass = 500: the pool holds');
    expect(() => enough({}, [{ ...many, labels: 55 }])).toThrow(
      'labels = 55: expected as many of each of 10 classes',
    );
  });

  test('an arm that there is not', () => {
    const { options } = consistencyTraining;
    expect(options.safeParse({ arms: ['uda-60'] }).error?.issues[0].message).toContain(
      'expected one of "uda-50"|"uda-100"',
    );
    expect(options.safeParse({ arms: [] }).success).toBe(false);
  });
});

test('labels are shared out evenly, and annealed arms differ from the others in nothing else', () => {
  for (const { labels, name } of arms) {
    expect(Number.isInteger(labels / (name.startsWith('mail') ? 2 : 10))).toBe(true);
  }
  const [plain, ...annealed] = imageArms.filter(({ name }) => /^uda-(\w+-)?50$/.test(name));
  for (const { name: _, title: __, settings, ...rest } of annealed) {
    expect(Object.keys(settings ?? {})).toEqual(['tsa']);
    expect({ ...rest, name: plain.name, title: plain.title }).toEqual(plain);
  }
  expect(annealed).toHaveLength(3);
});
