import type { Span } from '../../learners/pipeline-parallel/index.ts';
import type { TimelineSpan } from '../../report/exhibits/index.ts';

/**
 * The share of ticks in which stages stood idle if each pass took one tick: as early as the order in which each stage took its
 * micro-batches, and the way of these from stage to stage, allow.
 * @param spans of one mini-batch
 * @param phase F: they go from stage to stage; B: back
 */
export function logicalIdle(spans: readonly Span[], stages: number, phase: 'F' | 'B'): number {
  const own = spans.filter(span => span.phase === phase).sort((a, b) => a.from - b.from);
  const order = Array.from({ length: stages }, (_, i) => (phase === 'F' ? i : stages - 1 - i));
  /** When the stage before is done with a micro-batch. */
  let done = new Map<number, number>();
  let ticks = 0;
  for (const stage of order) {
    const after = new Map<number, number>();
    let free = 0;
    for (const { micro } of own.filter(span => span.stage === stage)) {
      free = Math.max(free, done.get(micro) ?? 0) + 1;
      after.set(micro, free);
    }
    done = after;
    ticks = Math.max(ticks, free);
  }
  return (stages * ticks - own.length) / (stages * ticks);
}

/** The share of all stages' time, from the first beginning of any to the last end, in which they did nothing. */
export function measuredIdle(spans: readonly Span[], stages: number): number {
  const from = Math.min(...spans.map(span => span.from));
  const to = Math.max(...spans.map(span => span.to));
  const busy = spans.reduce((sum, span) => sum + span.to - span.from, 0);
  return 1 - busy / (stages * (to - from));
}

/** Milliseconds that each stage worked. */
export const busyTimes = (spans: readonly Span[], stages: number): number[] =>
  Array.from({ length: stages }, (_, stage) =>
    spans.reduce((sum, span) => sum + (span.stage === stage ? span.to - span.from : 0), 0),
  );

/** In the order of their tones. */
export const phases = ['forward', 'recomputation', 'backward'] as const;
const phaseNames = { F: phases[0], R: phases[1], B: phases[2] } as const;

/** As a timeline shows them, from 0. */
export function timelineSpans(spans: readonly Span[]): TimelineSpan[] {
  const start = Math.min(...spans.map(span => span.from));
  return spans.map(({ stage, micro, phase, from, to }) => ({
    lane: `stage ${stage + 1}`,
    phase: phaseNames[phase],
    from: from - start,
    to: to - start,
    label: String(micro + 1),
  }));
}
