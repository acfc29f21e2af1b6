import type { TimelinePanel, TimelineSpan } from './contract.ts';

/** A lane, and what share of the panel's time it stood idle. */
export interface LaneOfPanel {
  readonly name: string;
  /** By their beginning. */
  readonly spans: readonly TimelineSpan[];
  readonly idle: number;
}

export interface PanelOfLanes {
  readonly title: string;
  readonly lanes: readonly LaneOfPanel[];
  /** From the first beginning of any lane to the last end. */
  readonly from: number;
  readonly to: number;
}

/** What each lane did, and how long it did nothing. Where spans overlap, time counts once. */
export function lanesOf({ title, lanes, spans }: TimelinePanel): PanelOfLanes {
  const from = spans.length === 0 ? 0 : Math.min(...spans.map(span => span.from));
  const to = spans.length === 0 ? 0 : Math.max(...spans.map(span => span.to));
  const length = to - from;
  return {
    title,
    from,
    to,
    lanes: lanes.map(name => {
      const own = spans.filter(({ lane }) => lane === name).sort((a, b) => a.from - b.from);
      return { name, spans: own, idle: length === 0 ? 0 : 1 - busy(own) / length };
    }),
  };
}

/** @param spans by their beginning */
function busy(spans: readonly TimelineSpan[]): number {
  let [sum, end] = [0, Number.NEGATIVE_INFINITY];
  for (const { from, to } of spans) {
    sum += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return sum;
}
