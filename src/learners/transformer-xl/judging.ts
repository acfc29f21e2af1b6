import type { Output } from '../../actors/index.ts';
import type { Clock } from '../../core/clock.ts';
import { bitsOf } from '../language-model/index.ts';
import { turns } from '../shared/turns.ts';
import type { EvalReport } from './messages.ts';

/** Sums over the tokens that were to be guessed. */
export interface Sums {
  readonly nats: number;
  readonly right: number;
  readonly counted: number;
}

/** What a judge's time is measured by, and how it says that it is alive. */
interface Surroundings {
  readonly clock: Clock;
  readonly heartbeat: () => void;
}

/**
 * Reads part after part, and adds up. Between them messages are let in, which is not timed; a long text keeps a judge for
 * longer than a thread may be silent.
 * @param read one part; what gives `undefined` counts nothing, nor does its time
 * @param reach keys that a query sees at most, and those of them that are remembered
 */
export async function readAll<P>(
  parts: Iterable<P> | AsyncIterable<P>,
  read: (part: P) => Promise<Sums | undefined>,
  reach: Pick<EvalReport, 'attnLen' | 'memLen'>,
  { clock, heartbeat }: Surroundings,
): Promise<EvalReport> {
  const turn = turns(heartbeat);
  let [nats, right, counted, wallMs] = [0, 0, 0, 0];
  for await (const part of parts) {
    const from = clock.now();
    const sums = await read(part);
    if (sums) {
      wallMs += clock.now() - from;
      nats += sums.nats;
      right += sums.right;
      counted += sums.counted;
    }
    await turn();
  }
  const tokens = Math.max(1, counted);
  return { bits: bitsOf(nats / tokens), accuracy: right / tokens, tokens: counted, wallMs, ...reach };
}

/** Judges one model after another, as they come: they take turns in the state of the programs. Each judgement is told. */
export function oneByOne<A extends readonly unknown[]>(
  reports: Output<EvalReport>,
  judge: (...of: A) => Promise<EvalReport>,
): (...of: A) => Promise<EvalReport> {
  let last: Promise<unknown> = Promise.resolve();
  return async (...of) => {
    const judged = last.then(() => judge(...of));
    last = judged.catch(() => {});
    const report = await judged;
    reports.next(report);
    return report;
  };
}
