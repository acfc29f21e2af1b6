import { describe, expect, test } from 'vitest';
import type { ArmFigures, TuningResult } from '../../../src/scenarios/instruction-tuning/figures.ts';
import { gainOver, ladderOf } from '../../../src/scenarios/instruction-tuning/figures.ts';
import { plans, type TuningArm, tuningArms } from '../../../src/scenarios/instruction-tuning/plans.ts';
import instructionTuning from '../../../src/scenarios/instruction-tuning.ts';
import { judge } from '../../../src/scenarios/runner/checks.ts';

const arm = (heldOut: number, rest: Partial<ArmFigures> = {}): ArmFigures => ({
  heldOut,
  trained: 1,
  recall: 0.95,
  ...rest,
});
const size = (untuned: number, tuned: number) => ({
  heldOut: tuned,
  recall: 0.95,
  trained: 1,
  untuned,
  knew: 1,
  gain: tuned - untuned,
});

const whole = { pretraining: 1_600, tuning: 1_000, relations: 24 };

/** A run that is as it should be. */
const good: TuningResult = {
  chance: 0.25,
  untuned: { heldOut: 0.25, recall: 1 },
  arms: {
    instruct: arm(0.97),
    'instruct-8': arm(0.9),
    'instruct-4': arm(0.85),
    'instruct-2': arm(0.3),
    'instruct-1': arm(0.25),
    'no-template': arm(0.24, { own: 0.26 }),
    'name-only': arm(0.2, { own: 0.24 }),
    'no-replay': arm(0.9, { recall: 0.5 }),
    'options-after': arm(0.25, { own: 0.25 }),
  },
  sizes: { width_16: size(0.25, 0.27), width_32: size(0.25, 0.6), width_64: size(0.25, 0.97) },
  guard: {
    refused: 0,
    unseen: 1_600,
    planted: { refused: 1, ended: 1 },
    renamed: { refused: 0, found: 1 },
  },
  words: {},
  trained: whole,
};
const withArm = (name: TuningArm, changes: Partial<ArmFigures>): TuningResult => ({
  ...good,
  arms: { ...good.arms, [name]: { ...arm(0), ...good.arms[name], ...changes } },
});

const made = (result: TuningResult): string[] =>
  judge(instructionTuning.checks, result).map(({ name }) => name);
const failed = (result: TuningResult): string[] =>
  judge(instructionTuning.checks, result)
    .filter(({ pass }) => !pass)
    .map(({ name }) => name);

describe('the bars', () => {
  test('a run as it should be passes all', () => {
    expect(failed(good)).toEqual([]);
    expect(made(good).some(name => name.startsWith('short run'))).toBe(false);
  });

  test.each([
    ['instructions are not followed', withArm('instruct', { heldOut: 0.7 }), 'held-out clusters, tuned'],
    ['options alone give it away', withArm('no-template', { own: 0.6 }), 'gain over no template'],
    ['the own format counts for a control', withArm('name-only', { own: 0.5 }), 'control: name only'],
    ['facts are gone', withArm('instruct', { recall: 0.5 }), 'held-out facts'],
    ['one cluster is enough', withArm('instruct-1', { heldOut: 0.9 }), '8 clusters and more'],
    ['more is worse', withArm('instruct-4', { heldOut: 1.05 }), 'fall from fewer'],
    [
      'the untuned model can do it',
      { ...good, untuned: { heldOut: 0.6, recall: 1 } },
      'control: the untuned model',
    ],
    [
      'small models gain as much',
      { ...good, sizes: { ...good.sizes, width_16: size(0.25, 0.9) } },
      'small model',
    ],
    ['a batch was refused', { ...good, guard: { ...good.guard, refused: 1 } }, 'guard: batches refused'],
    [
      'the guard slept',
      { ...good, guard: { ...good.guard, planted: { refused: 0, ended: 0 } } },
      'control: a held-out cluster',
    ],
    [
      'the judge slept',
      { ...good, guard: { ...good.guard, renamed: { refused: 0, found: 0 } } },
      'control: held-out questions',
    ],
  ])('fail where %s', (_, result, name) => {
    expect(failed(result).some(each => each.startsWith(name))).toBe(true);
  });

  test('are not made where an arm was left out', () => {
    const { 'no-template': _, ...arms } = good.arms;
    const without = made({ ...good, arms });
    expect(without).not.toContain('control: no template, in its own format');
    expect(without).toContain('held-out clusters, tuned by instructions');
  });

  test('of short runs are their own', () => {
    const short = { ...good, trained: { pretraining: 600, tuning: 240, relations: 12 } };
    expect(made(short)).toContain('short run: held-out clusters, tuned by instructions');
    expect(made(short)).not.toContain('held-out clusters, tuned by instructions');
  });
});

describe('figures', () => {
  test('gain counts over the better of both formats', () => {
    expect(gainOver(good, 'untuned')).toBeCloseTo(0.72, 12);
    expect(gainOver(good, 'no-template')).toBeCloseTo(0.71, 12);
    expect(gainOver({ ...good, arms: {} }, 'untuned')).toBeUndefined();
  });

  test('the ladder holds the arms by instructions alone, by their clusters', () => {
    expect(ladderOf(good, 4)).toEqual([
      [1, 0.25],
      [2, 0.3],
      [4, 0.85],
      [8, 0.9],
      [20, 0.97],
    ]);
  });

  test('controls are called so', () => {
    for (const name of tuningArms)
      expect(plans[name].title.startsWith('control: '), name).toBe(plans[name].role === 'control');
  });
});
