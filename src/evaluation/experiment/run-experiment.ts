import { join } from 'node:path';
import { asError, oneLine, TroupeError, usageError } from '../../core/errors.ts';
import { secretFromSeed } from '../assignment/assign.ts';
import { openedRecord } from '../assignment/design.ts';
import type { Analysis, Design, LogRecord, Trial, TrialOutcome } from '../contract.ts';
import { openLog } from '../log/trial-log.ts';
import { analyse } from './analyse.ts';
import type { Unit } from './gather.ts';
import { type Plan, type PlannedTrial, planOf } from './plan.ts';
import { isSettled, unitsBetweenLooks } from './settled.ts';

/** What an experiment is run with. */
export interface ExperimentOptions {
  readonly design: Design;
  /** Of the assignments and of the trials. Any safe integer. */
  readonly seed: number;
  /** Where `trials.jsonl` is, or is made. It is there. */
  readonly folder: string;
  /** Trials played at once. The analysis is the same for any number. */
  readonly lanes: number;
  /**
   * Plays one trial. What it rejects with makes the trial a failed one, except wrong use, which ends the experiment. Once
   * `signal` is aborted it may reject with anything: the trial is played again when the experiment is resumed.
   */
  play(order: PlannedTrial, signal: AbortSignal): Promise<TrialOutcome>;
  /** Aborted when the user asks to stop. */
  readonly signal?: AbortSignal | undefined;
  /** Told at the start, and after each trial. */
  readonly onProgress?: ((now: ExperimentProgress) => void) | undefined;
  /** Key of the assignments. Default: one made from the seed. */
  readonly secret?: string | undefined;
  /** Trials a session, where the unit is the session. Default 1. */
  readonly sessionSize?: number | undefined;
}

/** How far an experiment is. */
export interface ExperimentProgress {
  /** Trials with an outcome. */
  readonly trials: number;
  /** Trials there will be at most. */
  readonly of: number;
  /** What the log says so far. */
  analysis(): Analysis;
}

/** How an experiment ended. */
export interface ExperimentEnd {
  readonly status: 'finished' | 'interrupted';
  readonly analysis: Analysis;
}

/** The log's name in an experiment's folder. */
export const LOG_FILE = 'trials.jsonl';

/**
 * Runs an experiment to its end, or goes on with the one that is in the folder. Each assignment is in the log before its
 * trial is played; a trial that was assigned and has no outcome is played again from the same seed. An always-valid
 * experiment may end only after whole units in the order of assignment, at looks fixed by its design: so how many lanes
 * there are, which trial ends first and where it was interrupted change nothing in the analysis.
 * @throws a usage error where the folder holds another design or seed, or where `play` rejects with one
 */
export async function runExperiment(options: ExperimentOptions): Promise<ExperimentEnd> {
  const { design, seed, folder, lanes } = options;
  if (!Number.isSafeInteger(lanes) || lanes < 1) {
    throw usageError(`lanes = ${lanes}: expected a whole number of at least 1`);
  }
  const secret = options.secret ?? secretFromSeed(seed);
  const plan = planOf(design, seed, secret, options.sessionSize);
  const log = openLog(join(folder, LOG_FILE), { design });
  try {
    const records = [...log.records];
    const experiment = new Experiment(options, plan, records, added => log.append(added));
    await experiment.run();
    return { status: experiment.ended ? 'finished' : 'interrupted', analysis: analyse(records) };
  } finally {
    log.close();
  }
}

/** One sitting of an experiment. */
class Experiment {
  readonly #options: ExperimentOptions;
  readonly #plan: Plan;
  readonly #records: LogRecord[];
  readonly #append: (records: readonly LogRecord[]) => void;
  /** Records that are not in the log yet: an outcome waits for the next assignment, and both for the disk at once. */
  readonly #waiting: LogRecord[] = [];
  readonly #assigned = new Set<string>();
  readonly #outcomes = new Map<number, Trial>();
  /** Whole units from the first on, without a gap. */
  readonly #units: Unit[] = [];
  readonly #stopping = new AbortController();
  #next = 0;
  ended = false;

  constructor(
    options: ExperimentOptions,
    plan: Plan,
    records: LogRecord[],
    append: (records: readonly LogRecord[]) => void,
  ) {
    this.#options = options;
    this.#plan = plan;
    this.#records = records;
    this.#append = append;
    const { design, seed, folder } = options;
    if (records.length === 0) this.#add(openedRecord(design, seed));
    for (const record of records) {
      if (record.type === 'opened') {
        if (record.seed !== seed) {
          throw usageError(`${folder}: began with seed ${record.seed}, expected it again, got ${seed}`);
        }
      }
      if (record.type === 'assigned') {
        this.#samePlan(record);
        this.#assigned.add(record.trial);
      }
      if (record.type === 'outcome') {
        const { type: _, ...outcome } = record;
        this.#outcomes.set(record.index, { ...outcome, arm: plan.at(record.index).arm });
      }
      if (record.type === 'stopped') this.ended = true;
    }
  }

  /** With another secret, trials would be played for other arms than those they were assigned. */
  #samePlan({ trial, unit, index, arm }: Extract<LogRecord, { type: 'assigned' }>): void {
    const planned = this.#plan.at(index);
    if (planned.trial === trial && planned.unit === unit && planned.arm === arm) return;
    throw usageError(
      `${this.#options.folder}: trial ${trial} of ${arm ?? 'a concealed arm'} was planned as ${planned.trial} of ${planned.arm}, expected the same secret and session size as at the start`,
    );
  }

  async run(): Promise<void> {
    const { lanes, signal } = this.#options;
    const stop = () => this.#stopping.abort();
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop);
    try {
      this.#look();
      this.#tell();
      const all = Array.from({ length: lanes }, () =>
        this.#lane()
          .then(() => this.#write())
          .catch(error => {
            stop();
            throw error;
          }),
      );
      // All come to rest first: nothing may be written behind the back of whoever is told of an error.
      const failed = (await Promise.allSettled(all)).find(lane => lane.status === 'rejected');
      if (failed) throw failed.reason;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  async #lane(): Promise<void> {
    while (!this.ended && !this.#stopping.signal.aborted) {
      while (this.#outcomes.has(this.#next)) this.#next++;
      if (this.#next >= this.#plan.trials) return;
      const order = this.#plan.at(this.#next++);
      const { trial, unit, index, arm } = order;
      if (!this.#assigned.has(trial)) this.#add({ type: 'assigned', trial, unit, index, arm });
      this.#write();
      const outcome = await this.#play(order);
      if (!outcome || this.ended) return;
      this.#add({ type: 'outcome', trial, unit, index, ...outcome });
      this.#outcomes.set(index, { trial, unit, index, arm, ...outcome });
      this.#look();
      this.#tell();
    }
  }

  #add(record: LogRecord): void {
    this.#records.push(record);
    this.#waiting.push(record);
  }

  #write(): void {
    this.#append(this.#waiting.splice(0));
  }

  /** `undefined`: stopped before it was done. */
  async #play(order: PlannedTrial): Promise<TrialOutcome | undefined> {
    try {
      return await this.#options.play(order, this.#stopping.signal);
    } catch (error) {
      if (this.#stopping.signal.aborted) return undefined;
      if (error instanceof TroupeError && error.kind === 'usage') throw error;
      return { status: 'failed', metrics: {}, strata: {}, reason: oneLine(asError(error)) };
    }
  }

  /** Takes in the units that are whole by now, and ends the experiment where it is due. */
  #look(): void {
    const { design } = this.#options;
    const { perUnit, trials } = this.#plan;
    const every = unitsBetweenLooks(design);
    while (!this.ended) {
      const first = this.#units.length * perUnit;
      const its = Array.from({ length: perUnit }, (_, i) => this.#outcomes.get(first + i)).filter(
        trial => trial !== undefined,
      );
      if (first >= trials || its.length < perUnit) return;
      this.#units.push({ unit: its[0].unit, trials: its });
      const count = this.#units.length;
      const due = every > 0 && count % every === 0;
      if (due && isSettled(this.#units, design)) this.#end('settled');
      else if (count * perUnit >= trials) this.#end(design.stopping.rule === 'fixed' ? 'fixed' : 'cap');
    }
  }

  #end(reason: 'fixed' | 'settled' | 'cap'): void {
    this.ended = true;
    this.#add({ type: 'stopped', reason, trials: this.#outcomes.size });
    this.#stopping.abort();
  }

  #tell(): void {
    const records = this.#records;
    this.#options.onProgress?.({
      trials: this.#outcomes.size,
      of: this.#plan.trials,
      analysis: () => analyse(records),
    });
  }
}
