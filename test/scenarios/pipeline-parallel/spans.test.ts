import { describe, expect, test } from 'vitest';
import type { Span } from '../../../src/learners/pipeline-parallel/index.ts';
import { bitsApart, farthest } from '../../../src/scenarios/pipeline-parallel/compare.ts';
import { evenCuts } from '../../../src/scenarios/pipeline-parallel/nets.ts';
import {
  busyTimes,
  logicalIdle,
  measuredIdle,
  timelineSpans,
} from '../../../src/scenarios/pipeline-parallel/spans.ts';

const span = (stage: number, micro: number, phase: Span['phase'], from: number, to: number): Span => ({
  ...{ stage, micro, phase, from, to },
  mini: 0,
  liveBytes: 0,
});
/** Forward, one tick a pass, each as early as it can be; moved by a time that does not matter. */
const forward = (micro: number, stages: number): Span[] =>
  Array.from({ length: stages * micro }, (_, i) => {
    const [stage, m] = [Math.floor(i / micro), i % micro];
    return span(stage, m, 'F', 10 * (stage + m), 10 * (stage + m) + 4);
  });

describe('idle on the logical clock', () => {
  test.each([
    [4, 3, 2 / 6],
    [1, 2, 1 / 2],
    [8, 2, 1 / 9],
    [1, 1, 0],
    [12, 4, 3 / 15],
  ])('M = %i, K = %i: exactly (K − 1) / (M + K − 1)', (micro, stages, idle) => {
    expect(logicalIdle(forward(micro, stages), stages, 'F')).toBe(idle);
    const back = forward(micro, stages).map(each => ({
      ...each,
      phase: 'B' as const,
      stage: stages - 1 - each.stage,
    }));
    expect(logicalIdle(back, stages, 'B')).toBe(idle);
  });

  test('is more where a stage takes micro-batches in another order than the one before', () => {
    const spans = forward(3, 2).map(each => (each.stage === 1 ? { ...each, micro: 2 - each.micro } : each));
    // The second stage cannot begin before the first is done: 6 ticks for 6 passes on 2 stages.
    expect(logicalIdle(spans, 2, 'F')).toBe(6 / 12);
  });
});

test('time that was measured counts from the first beginning to the last end', () => {
  const spans = [
    span(0, 0, 'F', 100, 110),
    span(1, 0, 'F', 110, 120),
    span(1, 0, 'B', 120, 140),
    span(0, 0, 'B', 140, 160),
  ];
  expect(measuredIdle(spans, 2)).toBeCloseTo(0.5, 12);
  expect(busyTimes(spans, 2)).toEqual([30, 30]);
  expect(timelineSpans(spans)[3]).toEqual({
    lane: 'stage 1',
    phase: 'backward',
    from: 40,
    to: 60,
    label: '1',
  });
});

test('differences are parts of the largest value, and bits are bits', () => {
  expect(farthest([1, -4.1], [1, -4])).toBeCloseTo(0.025, 12);
  expect(farthest([1], [1, 2])).toBeNaN();
  expect(farthest([Number.NaN, 1], [1, 2])).toBeNaN();
  expect(farthest([0], [0])).toBe(0);
  expect(bitsApart(Float32Array.of(0, 1, 2), Float32Array.of(-0, 1, 2))).toBe(1);
  expect(bitsApart(Float32Array.of(0), Float32Array.of(0, 1))).toBe(2);
});

test('even cuts leave the odd layer to the later stages', () => {
  expect([1, 2, 3, 4].map(stages => evenCuts(13, stages))).toEqual([[], [6], [4, 8], [3, 6, 9]]);
});
