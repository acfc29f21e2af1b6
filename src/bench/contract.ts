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

/** A figure of another project, measured in the same run as ours. */
export interface PeerResult extends BenchResult {
  /** The name of our figure that it stands beside. */
  readonly against: string;
}

/** Another project that does the same, where a machine has it. */
export interface Peer {
  readonly name: string;
  /** Its script in `bench/peers`. */
  readonly file: string;
  /** The command that installs it. */
  readonly install: string;
}

/** A suite of measurements; what a suite's module exports as `bench`. */
export type Bench = () => Promise<BenchResult[]>;

/** The median and the outer percentiles of repeated measurements. */
export function spread(values: readonly number[]): Pick<BenchResult, 'median' | 'p10' | 'p90'> {
  if (values.length === 0) throw new RangeError('spread: expected at least one measurement');
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => {
    const place = share * (sorted.length - 1);
    const low = Math.floor(place);
    const high = Math.ceil(place);
    return sorted[low] + (sorted[high] - sorted[low]) * (place - low);
  };
  return { median: at(0.5), p10: at(0.1), p90: at(0.9) };
}
