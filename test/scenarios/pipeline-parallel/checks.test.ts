import { describe, expect, test } from 'vitest';
import { checks } from '../../../src/scenarios/pipeline-parallel/checks.ts';
import { type Done, figuresOf } from '../../../src/scenarios/pipeline-parallel/figures.ts';
import type { SpeedDone, Timed } from '../../../src/scenarios/pipeline-parallel/speed.ts';
import { judge, notMade } from '../../../src/scenarios/runner/checks.ts';

const compared = { gradient: 4e-7, params: 1e-7, statistics: 3e-7, apart: 0, clock: 0 };
const net = (name: string, change: object = {}, unevenChange: object = {}) => ({
  net: name,
  stages: 2,
  compared: [
    { micro: 8, uneven: false, ...compared, ...change },
    { micro: 7, uneven: true, ...compared, ...unevenChange },
  ],
  shown: { never: [], always: [] },
  executor: 'onnx-cpu',
});
const timed = (
  stages: number,
  micro: number,
  recompute: Timed['recompute'],
  ms: number,
  idle = 0,
): Timed => ({
  ...{ stages, micro, recompute, ms, idle },
});
const speed: SpeedDone = {
  calm: true,
  probes: [1.02, 1.03],
  timed: [
    timed(1, 1, 'never', 300),
    timed(1, 8, 'never', 320),
    timed(2, 1, 'never', 310, 0.5),
    timed(2, 4, 'never', 200, 0.25),
    timed(2, 8, 'never', 180, 0.15),
    timed(2, 8, 'exceptLast', 230, 0.12),
    timed(2, 16, 'never', 175, 0.1),
  ],
  shown: { never: [], exceptLast: [] },
};
const done: Done = {
  gradients: [net('mlp'), net('conv'), net('transformer-xl')],
  training: { whole: [2, 1], pipeline: [2, 1.00001], params: 1e-6 },
  memory: {
    stages: [
      { kept: 100, recomputed: 20, formula: 0.21 },
      { kept: 120, recomputed: 33, formula: 0.29 },
    ],
    budget: 100,
    largest: {
      kept: { width: 128, parameters: 2e5, bytes: 100 },
      recomputed: { width: 900, parameters: 1e7, bytes: 99 },
    },
  },
  partition: {
    costs: [1, 1],
    automatic: { cuts: [2], busy: [6, 5] },
    even: { cuts: [5], busy: [10.5, 0.5] },
  },
  replicas: { gradient: 2e-7, params: 1e-7 },
  control: { error: 'mini-batch 1: not every stage is done within 8000 ms', changed: 0 },
  speed,
};
const failed = (change: Partial<Done>): string[] =>
  judge(checks, figuresOf({ ...done, ...change }))
    .filter(({ pass }) => !pass)
    .map(({ name }) => name);
const slower = (at: Partial<Timed>, change: Partial<Timed>): SpeedDone => ({
  ...speed,
  timed: speed.timed.map(each =>
    Object.entries(at).every(([key, value]) => each[key as keyof Timed] === value)
      ? { ...each, ...change }
      : each,
  ),
});

describe('the bars', () => {
  test('a run as it should be makes and passes all', () => {
    const figures = figuresOf(done);
    const made = judge(checks, figures);
    expect(made.filter(({ pass }) => !pass)).toEqual([]);
    expect(notMade(checks, made)).toEqual([]);
  });

  test.each<[string, Partial<Done>, readonly string[]]>([
    [
      'means of means over uneven micro-batches',
      { gradients: [net('mlp', {}, { gradient: 0.1 }), net('conv'), net('transformer-xl')] },
      ["residual MLP: gradients against the whole net's", 'uneven micro-batches: gradients'],
    ],
    [
      'statistics that recomputation moved twice',
      { gradients: [net('mlp'), net('conv', { statistics: 0.02, apart: 12 }), net('transformer-xl')] },
      ['statistics of batch norm, deferred', 'recomputed or kept: numbers that differ in any bit'],
    ],
    [
      'a gradient that is no number',
      { gradients: [net('mlp', { gradient: Number.NaN }), net('conv'), net('transformer-xl')] },
      ["residual MLP: gradients against the whole net's"],
    ],
    [
      'a pipeline that learns something else',
      { training: { whole: [2, 1], pipeline: [2, 1.001], params: 0.1 } },
      ['losses of training, K = 4 with M = 8 against K = 1'],
    ],
    [
      'a mini-batch that went through without a gradient',
      { control: { error: '', changed: 400 } },
      [
        'control: a Backward is dropped: the mini-batch ends in a timeout',
        'control: a Backward is dropped: parameters that changed',
      ],
    ],
    [
      'a stage that does not answer any more, which is no timeout of the mini-batch',
      { control: { error: 'to abandon it failed, too: stage 0 does not answer within 8000 ms', changed: 0 } },
      ['control: a Backward is dropped: the mini-batch ends in a timeout'],
    ],
    [
      'stages that wait for each other',
      { speed: slower({ stages: 2, micro: 8 }, { ms: 290, idle: 0.45 }) },
      [
        'K = 2, M = 8 is 1.5 times as fast as K = 1',
        'the same, all but the last recomputed: 1.2 times',
        'K = 2, M = 8 is 1.35 times as fast as M = 1',
        'measured idle share within 0.1 of the formula',
        'measured idle share falls with M',
      ],
    ],
  ])('%s does not pass', (_, change, names) => {
    expect(failed(change)).toEqual(names);
  });

  test('what is timed is not judged where no two cores were idle', () => {
    const figures = figuresOf({ ...done, speed: { ...speed, calm: false } });
    const left = notMade(checks, judge(checks, figures));
    expect(left.length).toBe(6);
    expect(left.every(name => /fast|recomputed: 1.2|idle share (within|falls)|cost/.test(name))).toBe(true);
  });

  test('speed is a multiple of what one stage does where it is fastest, as yes or no', () => {
    expect(figuresOf(done).speed).toEqual({ kept: 1, recomputed: 1, naive: 1, bubble: 1, decreasing: 1 });
    expect(figuresOf({ ...done, speed: slower({ stages: 1, micro: 1 }, { ms: 260 }) }).speed?.kept).toBe(0);
  });
});
