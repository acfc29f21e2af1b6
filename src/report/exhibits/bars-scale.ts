import type { GroupOfSeeds } from './bars-data.ts';
import type { BarsExhibit } from './contract.ts';
import { alike } from './means.ts';

/** What all groups of an exhibit share. */
export interface BarScale {
  readonly domain: readonly [number, number];
  readonly log: boolean;
  /** Whether bars stand on 0; else only their ends are drawn. */
  readonly solid: boolean;
  readonly text: (value: number) => string;
  readonly longest: number;
}

/** An axis that holds every seed and, as far as they do not dwarf these, the intervals. */
export function scaleOf(groups: readonly GroupOfSeeds[], { x, unit }: BarsExhibit): BarScale {
  const bars = groups.flatMap(group => group.bars);
  const values = bars.flatMap(bar => bar.values);
  const log = x.log === true;
  const [low, high] = values.length === 0 ? [0, 1] : [Math.min(...values), Math.max(...values)];
  const lows = bars.flatMap(({ mean }) => (mean ? [mean.low] : []));
  const highs = bars.flatMap(({ mean }) => (mean ? [mean.high] : []));
  const from = x.from ?? 0;
  const solid = !log && from === 0;
  const room = (high - Math.min(low, from)) * 0.12;
  const least = log
    ? (x.from !== undefined && x.from > 0 ? Math.min(x.from, low) : low) * 0.8
    : low < 0
      ? Math.max(low - room, Math.min(low, ...lows))
      : Math.min(from, low);
  const most = log
    ? Math.min(high * 1.6, Math.max(high * 1.15, ...highs))
    : Math.min(high + room, Math.max(high + room / 3, ...highs));
  const number = alike(bars.flatMap(({ mean }) => (mean ? [mean.mean] : [])));
  return {
    domain: least < most ? [least, most] : [least, least + 1],
    log,
    solid,
    text: value => `${number(value)}${unit === undefined ? '' : unit === '%' ? '\u00a0%' : ` ${unit}`}`,
    longest: Math.max(0, ...bars.map(({ name }) => name.length)),
  };
}
