import { describe, expect, test } from 'vitest';
import { mustFillBatches } from '../../../src/scenarios/few-label-gan/data.ts';
import type { GanFigures, GanResult } from '../../../src/scenarios/few-label-gan/figures.ts';
import fewLabelGan from '../../../src/scenarios/few-label-gan.ts';
import { judge } from '../../../src/scenarios/runner/checks.ts';

const game = (fid: number, more: Partial<GanFigures> = {}): GanFigures => ({
  fid,
  fids: { at_8000: fid },
  kid: 1,
  conditionalAccuracy: 0.85,
  coverage: 0.8,
  precision: 0.8,
  recall: 0.5,
  neighbour: 1,
  ...more,
});

const good: GanResult = {
  arms: {
    all: game(4),
    S2: game(4.2),
    S3: game(3),
    unconditional: game(6),
    random: game(6.5, { conditionalAccuracy: 0.1 }),
    'only-labelled': game(3, { neighbour: 0.5 }),
  },
  judge: { real: 0.2, noise: 300, accuracy: 0.95 },
  labels: { inferred: 0.87 },
  probe: { rotation: 0.7, random: 0.6 },
  trained: 8_000,
};

const made = (result: GanResult): string[] => judge(fewLabelGan.checks, result).map(({ name }) => name);
const failing = (result: GanResult): string[] =>
  judge(fewLabelGan.checks, result)
    .filter(({ pass }) => !pass)
    .map(({ name }) => name);

const withArm = (name: keyof GanResult['arms'], figures: GanFigures): GanResult => ({
  ...good,
  arms: { ...good.arms, [name]: figures },
});

describe('the bars of the few-label GAN', () => {
  test('hold for a run that went well', () => {
    expect(failing(good)).toEqual([]);
  });

  test.each([
    ['FID of S3, by that with all labels', withArm('all', game(2.8))],
    ['FID of S3, by that without labels', withArm('unconditional', game(4.5))],
    ['FID of S3, by that without rotations', withArm('S2', game(2.9))],
    ['samples of the class asked for, S3', withArm('S3', game(3, { conditionalAccuracy: 0.6 }))],
    ['control: the same with random labels', withArm('random', game(6.5, { conditionalAccuracy: 0.3 }))],
    ['inferred labels that are right', { ...good, labels: { inferred: 0.7 } }],
    ['FID of other real images', { ...good, judge: { ...good.judge, real: 2 } }],
    ['control: FID of noise', { ...good, judge: { ...good.judge, noise: 20 } }],
    ['distance to training images, S3', { ...good, arms: { ...good.arms, S3: game(3, { neighbour: 0.6 }) } }],
    [
      'control: distance to training images, the labelled alone, by that of S3',
      withArm('only-labelled', game(3, { neighbour: 1 })),
    ],
    ['what rotations teach above random features', { ...good, probe: { rotation: 0.61, random: 0.6 } }],
  ] as const)('%s', (name, result) => {
    expect(failing(result)).toEqual([name]);
  });

  test('are not made where an arm was not played, nor its labels inferred, nor rotations probed', () => {
    const { S2: _, ...arms } = good.arms;
    const left = (result: GanResult) => made(good).filter(name => !made(result).includes(name));
    expect(left({ ...good, arms })).toEqual(['FID of S3, by that without rotations']);
    expect(left({ ...good, labels: {}, probe: {} })).toEqual([
      'inferred labels that are right',
      'what rotations teach above random features',
    ]);
  });

  test('of short games are others', () => {
    const short = { ...good, trained: 800 };
    const own = made(short).filter(name => name.startsWith('short run'));
    expect(own.length).toBe(2);
    expect(made(good).filter(name => name.startsWith('short run'))).toEqual([]);
    expect(made(short).filter(name => name.startsWith('FID of S3'))).toEqual([]);
    expect(failing(short)).toEqual([]);
    expect(failing({ ...short, arms: { ...short.arms, S3: game(6.4) } })).toEqual(own);
    const classless = { ...short.arms, S3: game(3, { conditionalAccuracy: 0.4 }) };
    expect(failing({ ...short, arms: classless })).toEqual(['samples of the class asked for, S3']);
    expect(made({ ...short, trained: 100 }).filter(name => name.includes('S3'))).toEqual([]);
  });
});

describe('options that cannot be', () => {
  const { options } = fewLabelGan;
  const problem = (set: object) => options.safeParse(set).error?.issues[0].message;

  test('are refused before anything is played, by name', () => {
    expect(problem({ images: 4_999 })).toContain('multiple of 50');
    expect(problem({ arms: ['S4'] })).toContain('expected one of "all"|"S2"|"S3"');
    expect(problem({ size: 20 })).toContain('14|28');
    const settings = { arms: ['S3' as const], batch: 64, images: 5_000, perClass: 5 };
    expect(() => mustFillBatches(settings, 10)).not.toThrow();
    expect(() => mustFillBatches({ ...settings, batch: 5_001 }, 10)).toThrow(
      'batch = 5001: expected at most 5000, the training images of an arm',
    );
    expect(() => mustFillBatches({ ...settings, arms: ['S3', 'only-labelled'] }, 10)).toThrow(
      'batch = 64: expected at most 50, the labelled images of an arm',
    );
  });
});
