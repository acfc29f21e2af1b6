import type { System } from '../../actors/contract.ts';
import { recorder } from '../../actors/recorder/recorder.ts';
import { type Checkpoint, writeCheckpoint } from '../../core/checkpoint.ts';
import { asError } from '../../core/errors.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { writeFilm } from '../../report/film.ts';
import { suits } from '../../tensors/executors/names.ts';
import type { Progress, RunRecord } from '../record.ts';
import { feed } from './feed.ts';
import type { RunInfo } from './folder.ts';
import type { RunView } from './view.ts';

/** What the runner adds to a checkpoint's state: where the record of the run stands. */
interface RecordState {
  readonly [key: string]: Snapshot;
  readonly log: Snapshot;
  /** Rows sent from the main thread. */
  readonly fed: number;
  /** Seconds that the run has taken, over all its sittings. */
  readonly seconds: number;
  readonly warnings: readonly string[];
  readonly restarts: number;
  readonly executor: string;
  /** Why, where `auto` measured. */
  readonly measured: string | null;
  readonly pace: PaceState;
}

/** What a checkpoint of ours holds. */
interface RunState {
  readonly [key: string]: Snapshot;
  readonly play: Snapshot;
  readonly record: RecordState;
}

/** The part of a checkpoint that is the scenario's. */
export const playState = (checkpoint: Checkpoint): Snapshot => (checkpoint.state as RunState).play;

export interface OpenRecord {
  readonly record: RunRecord;
  readonly warnings: readonly string[];
  readonly executor: string;
  /** What `auto` measured when it took this executor; `undefined` where it had nothing to compare. */
  readonly measured: string | undefined;
  readonly steps: number;
  readonly stepsPerSecond: number;
  /** The step of the last checkpoint. */
  readonly saved: number | undefined;
  readonly restarts: number;
  /** Seconds so far, over all sittings. */
  seconds(): number;
  /** All rows are in the files. */
  close(): Promise<void>;
}

/** Starts to record a run; from a checkpoint, the log is cut back to it first. */
export async function openRecord(
  system: System,
  folder: string,
  info: RunInfo,
  view: RunView,
  from: Checkpoint | undefined,
): Promise<OpenRecord> {
  const past = (from?.state as RunState | undefined)?.record;
  const log = await system.spawn(recorder, { folder }, { on: 'main', ...(past && { restore: [past.log] }) });
  const source = await system.spawn(feed, {}, { on: 'main' });
  system.link(source.outputs.rows, log.inputs.metrics);

  const { clock } = system;
  const begun = clock.now();
  const seconds = () => (past?.seconds ?? 0) + (clock.now() - begun) / 1000;
  const pace = new Pace(past?.pace);
  const warnings = [...(past?.warnings ?? [])];
  let fed = past?.fed ?? 0;
  let saved = from?.step;
  let executor = past?.executor ?? 'none';
  let measured = past?.measured ?? undefined;
  let restarts = past?.restarts ?? 0;

  const warn = (message: string) => {
    if (warnings.includes(message)) return;
    warnings.push(message);
    view.warning(message);
  };
  system.events.subscribe(event => {
    // What the recorder says is about the run, not about itself.
    if (event.type === 'warning')
      warn(event.actor === log.name ? event.message : `${event.actor}: ${event.message}`);
    if (event.type !== 'restarted') return;
    restarts++;
    view.warning(`${event.actor} restarted (${event.restarts}): ${event.reason}`);
  });

  const record: RunRecord = {
    rows: log.inputs.asides,
    countedRows: log.inputs.metrics,
    metrics(row) {
      fed++;
      source.call.send(row).catch((error: unknown) => warn(`recorder: ${asError(error).message}`));
    },
    async settled(sent) {
      await log.call.flush(sent + fed);
    },
    progress(now) {
      pace.take(now, clock.now());
      view.progress(now);
    },
    warn,
    executor(now) {
      const { name } = now;
      // A run that goes on does not measure again: it takes what it took.
      if (now.measured) measured = now.reason;
      else if (name !== executor) measured = undefined;
      executor = name;
      if (!suits(info.executor, name))
        warn(`asked for the executor ${info.executor}, but the scenario runs on ${name}`);
    },
    film: film => void writeFilm(folder, film),
    async checkpoint(step, state, sent = 0) {
      const offsets = await log.call.flush(sent + fed);
      const { scenario, seed, started, versions } = info;
      const stands = {
        log: offsets,
        fed,
        seconds: seconds(),
        warnings,
        restarts,
        executor,
        measured: measured ?? null,
        pace: pace.state,
      };
      const run = { scenario, seed, started };
      writeCheckpoint(folder, {
        step,
        state: { play: state, record: stands } satisfies RunState,
        run,
        versions,
      });
      saved = step;
      view.saved(step);
    },
  };

  return {
    record,
    warnings,
    seconds,
    get executor() {
      return executor;
    },
    get measured() {
      return measured;
    },
    get steps() {
      return pace.step;
    },
    get stepsPerSecond() {
      return pace.stepsPerSecond;
    },
    get saved() {
      return saved;
    },
    get restarts() {
      return restarts;
    },
    async close() {
      await log.call.flush();
    },
  };
}

type PaceState = { readonly step: number; readonly steps: number; readonly ms: number };

/**
 * Steps a second between the first and the last sign of progress of each sitting: the training, without what starts
 * and ends a run.
 */
class Pace {
  /** Steps that earlier sittings took, and the milliseconds they took for them. */
  readonly #past: PaceState;
  #step: number;
  #first: { step: number; at: number } | undefined;
  #last = 0;

  constructor(past: PaceState = { step: 0, steps: 0, ms: 0 }) {
    this.#past = past;
    this.#step = past.step;
  }

  take({ step }: Progress, at: number): void {
    this.#first ??= { step, at };
    this.#step = step;
    this.#last = at;
  }

  get state(): PaceState {
    const { steps, ms } = this.#past;
    const first = this.#first ?? { step: this.#step, at: this.#last };
    return { step: this.#step, steps: steps + this.#step - first.step, ms: ms + this.#last - first.at };
  }

  get step(): number {
    return this.#step;
  }

  /** 0 where there was one sign or none. */
  get stepsPerSecond(): number {
    const { steps, ms } = this.state;
    return ms > 0 ? (1000 * steps) / ms : 0;
  }
}
