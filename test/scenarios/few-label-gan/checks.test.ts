import { describe, expect, test } from 'vitest';
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
};

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
    ['distance to training images, S3', withArm('S3', game(3, { neighbour: 0.5 }))],
    ['what rotations teach above random features', { ...good, probe: { rotation: 0.61, random: 0.6 } }],
  ] as const)('%s', (name, result) => {
    expect(failing(result)).toEqual([name]);
  });

  test('fail where an arm was not played', () => {
    const { S2: _, ...arms } = good.arms;
    expect(failing({ ...good, arms })).toEqual(['FID of S3, by that without rotations']);
  });
});
