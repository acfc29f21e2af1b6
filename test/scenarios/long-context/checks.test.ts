import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { writeExhibits } from '../../../src/scenarios/long-context/exhibits.ts';
import {
  figuresOf,
  type LongContextFigures,
  type Played,
} from '../../../src/scenarios/long-context/figures.ts';
import { options } from '../../../src/scenarios/long-context/options.ts';
import longContext from '../../../src/scenarios/long-context.ts';
import { judge } from '../../../src/scenarios/runner/checks.ts';

const executor = { name: 'onnx-cpu', reason: '' };
const probed = { segmentation: 0, forgetting: 4.4, memoryGradient: 0 };
const reports = [
  { step: 30, bits: 4, accuracy: 0.2, gradientNorm: 1, learningRate: 3e-3 },
  { step: 60, bits: 3, accuracy: 0.3, gradientNorm: 1, learningRate: 3e-3 },
];
const language = (bits: LongContextFigures['bits'], probe: typeof probed | null) => ({
  ...{ reports, bits, executor, params: new Float32Array(0) },
  probed: probe,
});
const recall = (accuracy: number, probe: typeof probed | null) => ({ accuracy, probed: probe, executor });

/** As seed 1 was measured. */
const played: Played = {
  language: {
    'language-xl': language({ memory: 2.61, double: 2.61, third: 2.62, shuffled: 2.83, off: 2.85 }, probed),
    'language-vanilla': language({ segments: 2.73, sliding: 2.64 }, null),
  },
  recall: {
    'recall-8-xl': recall(1, probed),
    'recall-8-vanilla': recall(0.6, null),
    'recall-16-xl': recall(1, probed),
    'recall-16-vanilla': recall(0.12, null),
    'recall-32-xl': recall(1, probed),
    'recall-32-vanilla': recall(0.12, null),
    'recall-48-xl': recall(0.99, probed),
    'recall-48-vanilla': recall(0.13, null),
  },
  speed: {
    timed: [
      { attention: 128, streaming: 0.3, sliding: 15 },
      { attention: 64, streaming: 0.2, sliding: 6.4 },
      { attention: 256, streaming: 0.5, sliding: 40 },
    ],
  },
};
const settings = options.parse({});
const figures = (of: Played = played, tokensPerCharacter = 1): LongContextFigures =>
  figuresOf(of, settings, tokensPerCharacter);
const made = (result: LongContextFigures): string[] =>
  judge(longContext.checks, result).map(({ name }) => name);
const failed = (result: LongContextFigures): string[] =>
  judge(longContext.checks, result)
    .filter(({ pass }) => !pass)
    .map(({ name }) => name);

describe('the bars', () => {
  test('a run as it was measured passes all', () => {
    expect(failed(figures())).toEqual([]);
    expect(made(figures())).toHaveLength(longContext.checks.length);
  });

  test.each([
    [{ 'xl-shuffled': 2.65 }, 'control: memory shuffled across lanes, over its own'],
    [{ 'xl-off': 2.65 }, 'control: memory off, over on'],
    [{ 'xl-double': 2.7 }, 'a memory twice as long as in training, over that'],
    [{ 'vanilla-segments': 2.63 }, 'vanilla by segments, over Transformer-XL'],
    [{ 'vanilla-sliding': 2.6 }, 'vanilla by a sliding window, over Transformer-XL'],
  ])('%j fails', (bits, name) => {
    const result = figures();
    expect(failed({ ...result, bits: { ...result.bits, ...bits } })).toEqual([name]);
  });

  test('a net without memory that recalls is caught, and one with it that does not', () => {
    const of = (change: Played['recall']) =>
      failed(figures({ ...played, recall: { ...played.recall, ...change } }));
    expect(of({ 'recall-32-vanilla': recall(0.9, null) })).toEqual([
      'control: recall two segments back, without memory',
    ]);
    expect(of({ 'recall-48-xl': recall(0.5, probed) })).toEqual([
      'recall three segments back: Transformer-XL',
    ]);
  });

  test('a gradient that flows into the memory, and segments that can be told, are caught', () => {
    const leaking = { segmentation: 2e-4, forgetting: 4, memoryGradient: 1e-9 };
    const change = { 'recall-32-xl': recall(1, leaking) };
    expect(failed(figures({ ...played, recall: { ...played.recall, ...change } }))).toEqual([
      'segments of 8, of 16 or one: logits differ by',
      'gradient with respect to the memory',
    ]);
  });

  test('of speed, a run says yes or no alone', () => {
    expect(figures().faster).toEqual({ at64: 1, at128: 1, increases: 1 });
    const slow = [
      { attention: 64, streaming: 1, sliding: 12 },
      { attention: 128, streaming: 1, sliding: 11 },
    ];
    expect(figures({ ...played, speed: { timed: slow } }).faster).toEqual({
      at64: 1,
      at128: 0,
      increases: 0,
    });
    const [one] = slow;
    expect(figures({ ...played, speed: { timed: [one] } }).faster).toEqual({ at64: 1 });
  });

  test('what was not played, or too short, is not judged', () => {
    expect(made(figures({ language: {}, recall: {}, speed: undefined }))).toEqual([]);
    const short = options.parse({ steps: 100, recall: { steps: 100 } });
    expect(made(figuresOf({ ...played, speed: undefined }, short, 1))).toEqual([
      'segments of 8, of 16 or one: logits differ by',
      'gradient with respect to the memory',
    ]);
    const pairs = options.parse({ tokenizer: 'byte-pairs' });
    expect(made(figuresOf({ ...played, recall: {}, speed: undefined }, pairs, 0.4))).toHaveLength(3);
    const other = options.parse({ text: 'sotu' });
    expect(made(figuresOf({ ...played, recall: {}, speed: undefined }, other, 1))).toHaveLength(3);
  });

  test('recall from beyond the memory is not asked for', () => {
    const small = options.parse({ memory: 32 });
    const asked = (name: string) => name.includes('recall');
    expect(made(figuresOf({ ...played, language: {} }, small, 1)).filter(asked)).toEqual([
      'recall two segments back: Transformer-XL',
      'control: recall two segments back, without memory',
    ]);
  });

  it('counts bits a character, whatever a token is', () => {
    expect(figures(played, 0.5).bits['xl-memory']).toBeCloseTo(1.305, 12);
  });
});

describe('the exhibits', () => {
  const drawn = (of: Played, samples: Parameters<typeof writeExhibits>[4] = []) => {
    const folder = mkdtempSync(join(tmpdir(), 'troupe-long-context-'));
    writeExhibits(folder, settings, of, figures(of), samples);
    const read = (name: string) => JSON.parse(readFileSync(join(folder, 'exhibits', name), 'utf8'));
    return { names: readdirSync(join(folder, 'exhibits')), read };
  };

  it('are of all that was played', () => {
    const sample = { temperature: 0.7, prompt: 'call me', text: ' ishmael.\nsome' };
    const { names, read } = drawn(played, [sample]);
    expect(names).toEqual([
      '1-bits.json',
      '2-learning.json',
      '3-recall.json',
      '4-speed.json',
      '5-times.json',
      '6-samples.json',
    ]);
    expect(read('1-bits.json').groups[0].bars[1]).toEqual({
      name: 'remembers 96',
      role: 'method',
      value: 2.61,
    });
    const [measured, counted] = read('4-speed.json').panels[0].series;
    expect(measured.points).toEqual([
      [128, 50],
      [64, 32],
      [256, 80],
    ]);
    expect(counted.points[0][1]).toBeCloseTo(71.2, 1);
    expect(read('3-recall.json').panels[0].series[1].points).toEqual([
      [8, 60],
      [16, 12],
      [32, 12],
      [48, 13],
    ]);
    expect(read('6-samples.json').rows).toEqual([[0.7, 'call me', ' ishmael. some']]);
  });

  it('leave out what was not', () => {
    expect(drawn({ ...played, language: {}, recall: {} }).names).toEqual(['4-speed.json', '5-times.json']);
  });
});
