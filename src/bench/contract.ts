import { usageError } from '../core/errors.ts';

/** One measured figure. */
export interface BenchResult {
  readonly name: string;
  /** E.g. `us`, `steps/s`. */
  readonly unit: string;
  readonly median: number;
  /** The 10th and the 90th percentile of the repetitions. */
  readonly p10: number;
  readonly p90: number;
  /** What it should be, for people: `≤ 50 us`. */
  readonly bar?: string;
}

/** The middle and the quarters of repeated measurements. */
export interface Quartiles {
  readonly median: number;
  readonly q1: number;
  readonly q3: number;
}

/** A figure of another project, measured in the same run as ours. */
export interface PeerResult extends BenchResult {
  /** The name of our figure that it stands beside. */
  readonly against: string;
  /** How many times as good ours is, block by block, where the two took turns. */
  readonly ratio?: Quartiles;
  /** What the ratio should be, for people. */
  readonly ratioBar?: string;
}

/** Another project that does the same, where a machine has it. */
export interface Peer {
  readonly name: string;
  /** Its script in `bench/peers`. */
  readonly file: string;
  /** The command that installs it. */
  readonly install: string;
}

/** What a suite measured that has other projects take turns with ours. */
export interface Comparison {
  readonly results: readonly BenchResult[];
  readonly peers: readonly PeerResult[];
  /** Who did not take part, and why. */
  readonly skipped: readonly string[];
  /** Versions and settings that the figures hold for. */
  readonly notes: readonly string[];
}

/** How a suite runs. */
export interface BenchOptions {
  /** Only cases whose name contains this, where the suite has cases to choose from. */
  readonly only?: string;
  /** What is being measured, for whoever waits. */
  progress?(text: string): void;
}

/** The cases that were asked for, of those that a suite has. @throws where there is none */
export function chosen<T extends { readonly name: string }>(all: readonly T[], only = ''): readonly T[] {
  const found = all.filter(({ name }) => name.includes(only));
  if (found.length > 0) return found;
  const names = all.map(({ name }) => `“${name}”`);
  throw usageError(`--only: expected a part of one of ${names.join(', ')}, got “${only}”`);
}

/** A suite of measurements; what a suite's module exports as `bench`. */
export type Bench = (options?: BenchOptions) => Promise<readonly BenchResult[] | Comparison>;

/** The median and the outer percentiles of repeated measurements. */
export function spread(values: readonly number[]): Pick<BenchResult, 'median' | 'p10' | 'p90'> {
  const at = percentiles('spread', values);
  return { median: at(0.5), p10: at(0.1), p90: at(0.9) };
}

/** The median and the quarters of repeated measurements. */
export function quartiles(values: readonly number[]): Quartiles {
  const at = percentiles('quartiles', values);
  return { median: at(0.5), q1: at(0.25), q3: at(0.75) };
}

function percentiles(who: string, values: readonly number[]): (share: number) => number {
  if (values.length === 0) throw new RangeError(`${who}: expected at least one measurement`);
  const sorted = [...values].sort((a, b) => a - b);
  return share => {
    const place = share * (sorted.length - 1);
    const low = Math.floor(place);
    const high = Math.ceil(place);
    return sorted[low] + (sorted[high] - sorted[low]) * (place - low);
  };
}
