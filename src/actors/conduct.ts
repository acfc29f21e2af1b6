import type { Subscription } from 'rxjs';
import type { MetricRow } from '../core/metric-rows.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { askAgain } from './ask-again.ts';
import type { ActorHandle, Methods, Ports, System } from './contract.ts';
import type { Barrier, Statistics } from './learner.ts';
import { linkFigures } from './link-figures.ts';

/** The learner, as the conductor needs to know it. */
export type ConductedLearner = Pick<ActorHandle<Ports, Ports, Methods>, 'name' | 'snapshot' | 'restarts'> & {
  readonly outputs: {
    readonly metrics: Subscribe<MetricRow>;
    readonly barriers: Subscribe<Barrier>;
  };
  readonly call: {
    begin(): Promise<void>;
    proceed(step: number): Promise<void>;
    ask(): Promise<void>;
    policy(): Promise<{ parameters: Float32Array; statistics?: Statistics }>;
  };
};
interface Subscribe<T> {
  subscribe(next: (value: T) => void): Subscription;
}

/** Whose state a checkpoint holds. */
export type Snapshotted = Pick<ActorHandle<Ports, Ports, Methods>, 'snapshot' | 'restarts'>;

/** Where the conductor reports to. */
export interface ConductRecord {
  metrics(row: MetricRow): void;
  /** Resolves when so many rows of the learner's, and all rows of ours, are recorded. */
  settled(sent: number): Promise<void>;
  progress(now: { step: number; steps: number; return?: number }): void;
  checkpoint(step: number, state: Snapshot, sent: number): Promise<void>;
}

/** What `conduct` leads: the actors, where it reports to, and what happens at barriers. */
export interface Conduct {
  readonly system: Pick<System, 'events' | 'links'>;
  readonly learner: ConductedLearner;
  /** Whose states make a checkpoint beside the learner's, by the names they have in it. */
  readonly actors: Readonly<Record<string, Snapshotted>>;
  readonly record: ConductRecord;
  /** Aborted: go on to the next barrier, save, and end as interrupted. */
  readonly signal: AbortSignal;
  /** Steps that the run will take. */
  readonly steps: number;
  /** The step of the checkpoint that the run goes on from; `undefined` in a new run. */
  readonly resumedAt?: number | undefined;
  /** Stores the policy, at every barrier, with what learning from it goes on with. */
  keep(policy: Float32Array, step: number, statistics: Statistics): Promise<void>;
  /** What happens at evaluation barriers: records what it finds. @returns whether that is enough, and the run ends here */
  evaluate(policy: Float32Array, step: number): Promise<boolean>;
  /** What is thrown when the signal was aborted and a checkpoint stands. */
  interrupted(step: number): Error;
}

/** Where a run that `conduct` led has ended. */
export interface Conducted {
  readonly step: number;
  /** The final policy's parameters. */
  readonly parameters: Float32Array;
}

/**
 * Leads a run from the first round to the last, with a checkpoint of all actors before the first. At each barrier, while
 * every actor stands still, it has the policy evaluated, writes a checkpoint of all actors, and lets the learner proceed.
 * What it records is the same in a run that was stopped and resumed as in one that was not. An actor that dies over what
 * it is asked at a barrier is asked again: its next life stands at the same barrier, since it saved itself after its last
 * round.
 * @returns where the run ended, with a checkpoint written there
 * @throws what `interrupted` makes, once a checkpoint stands, if the signal was aborted
 */
export async function conduct(run: Conduct): Promise<Conducted> {
  const { system, learner, record, signal, steps, resumedAt } = run;
  const barriers = new Queue<Barrier>();
  let restarts = 0;
  let left = -1;
  const save = async (step: number, sent: number) =>
    record.checkpoint(step, await snapshotsOf({ learner, ...run.actors }), sent);
  const told = <T>(question: () => Promise<T>): Promise<T> => askAgain(learner, question);
  const ask = () => void told(() => learner.call.ask()).catch(barriers.fail);
  const subscriptions = [
    learner.outputs.metrics.subscribe(({ step, values: { episode_return: mean } }) =>
      record.progress({ step, steps, ...(mean !== undefined && { return: mean }) }),
    ),
    learner.outputs.barriers.subscribe(barrier => barriers.push(barrier)),
    system.events.subscribe(event => {
      if (event.type === 'restarted') restarts++;
    }),
  ];
  try {
    signal.addEventListener('abort', ask);
    // Whatever happens from here on, there is a checkpoint to go on from.
    if (resumedAt === undefined) await save(0, 0);
    await told(() => learner.call.begin());
    if (signal.aborted) ask();
    for (;;) {
      const { step, sent, reasons } = await barriers.next();
      // A learner that died at a barrier may announce it again; one barrier is left once.
      if (step <= left) continue;
      record.progress({ step, steps });
      // The last barrier is announced again to a run that goes on from it: its checkpoint and its rows are there.
      const again = step === resumedAt;
      // One that was asked for only is not among the barriers of a run that nobody stopped.
      const due = reasons.some(reason => reason !== 'asked');
      if (due && !again) {
        record.metrics({
          source: 'system',
          step,
          values: {},
          time: { restarts, memory_mb: process.memoryUsage.rss() / 2 ** 20, ...linkFigures(system.links()) },
        });
      }
      await record.settled(sent);
      const { parameters, statistics = {} } = await told(() => learner.call.policy());
      const ended = reasons.includes('end');
      const enough = reasons.includes('evaluate') && !ended && (await run.evaluate(parameters, step));
      await run.keep(parameters, step, statistics);
      if (!again) await save(step, sent);
      if (ended || enough) return { step, parameters };
      if (signal.aborted) throw run.interrupted(step);
      left = step;
      await told(() => learner.call.proceed(step));
    }
  } finally {
    signal.removeEventListener('abort', ask);
    for (const subscription of subscriptions) subscription.unsubscribe();
  }
}

/** The state of every actor, as one tree by their names. */
async function snapshotsOf(actors: Readonly<Record<string, Snapshotted>>): Promise<Snapshot> {
  const states = await Promise.all(
    Object.entries(actors).map(
      async ([name, actor]) => [name, await askAgain(actor, () => actor.snapshot())] as const,
    ),
  );
  return Object.fromEntries(states);
}

/** Values that come one by one, awaited one by one. */
class Queue<T> {
  readonly #values: T[] = [];
  #waiting: { resolve(value: T): void; reject(error: unknown): void } | undefined;
  #failure: { error: unknown } | undefined;

  push(value: T): void {
    if (this.#waiting) this.#waiting.resolve(value);
    else this.#values.push(value);
    this.#waiting = undefined;
  }

  readonly fail = (error: unknown): void => {
    this.#failure = { error };
    this.#waiting?.reject(error);
  };

  next(): Promise<T> {
    if (this.#failure) return Promise.reject(this.#failure.error);
    if (this.#values.length > 0) return Promise.resolve(this.#values.shift() as T);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }
}
