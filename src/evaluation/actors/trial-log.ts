import { z } from 'zod';
import { defineActor, port } from '../../actors/index.ts';
import { usageError } from '../../core/errors.ts';
import { designSchema, openedRecord } from '../assignment/design.ts';
import type { Design, LogRecord } from '../contract.ts';
import { openLog, type TrialLog } from '../log/trial-log.ts';
import type {
  AssignReveal,
  TrialOutcomes,
  TrialRows,
  TrialsAssigned,
  TrialsLogged,
  UnitOutcome,
} from './messages.ts';
import { batching } from './trial-scheduler.ts';

// `z.output` of the schema would not be readonly.
const design = z.custom<Design>(value => designSchema.safeParse(value).success, 'expected a design');

/** What the log is spawned with. */
export const trialLogConfig = z.object({
  seed: z.number().int(),
  files: z
    .array(z.object({ layer: z.string(), file: z.string(), design }))
    .min(1)
    .describe('A log for each layer: the same outcomes, that layer’s arms.'),
  ...batching,
});

type Row = Extract<LogRecord, { type: 'outcome' }>;

/**
 * Writes trials down, hash-chained, in an order that does not depend on who was faster: assignments as they come (they
 * come in order), and a batch's outcomes when it is whole, all batches before it are written, and as many assignments
 * are as the window holds. Arms are written at the end, when nothing can be changed by them.
 *
 * A log that stands already is gone on with: `logged` says how many batches are whole, and what is sent again is not
 * written twice.
 */
export const trialLog = defineActor(import.meta.url, {
  name: 'trial-log',
  config: trialLogConfig,
  inputs: {
    assigned: port<TrialsAssigned>(),
    outcomes: port<TrialOutcomes>(),
    reveals: port<AssignReveal>(),
  },
  outputs: { logged: port<TrialsLogged>(), rows: port<TrialRows>() },
  start({ config, inputs, outputs }) {
    const { trials, batch: size, window, seed } = config;
    const batches = Math.ceil(trials / size);
    const sizeOf = (batch: number) => Math.min(size, trials - batch * size);
    const books = config.files.map(({ layer, file, design }) => openBook(layer, file, design, seed));
    const rowsBefore = [...books[0].rows.values()].sort((a, b) => a.index - b.index);
    /** Batches that stood whole in every log when they were opened. */
    const before = Math.min(
      ...books.map(({ ended }) => (ended.size === trials ? batches : Math.floor(ended.size / size))),
    );
    let done = before;
    let assigned = before;
    const open = new Map<number, Map<number, UnitOutcome>>();
    const reveals = new Map<number, AssignReveal>();

    inputs.assigned.subscribe(({ batch, trials: units }) => {
      for (const book of books) {
        const fresh = units.filter(({ trial }) => !book.assigned.has(trial));
        for (const { trial } of fresh) book.assigned.add(trial);
        if (fresh.length > 0) book.log.append(fresh.map(unit => ({ type: 'assigned', ...unit })));
      }
      assigned = Math.max(assigned, batch + 1);
      goOn();
    });

    inputs.outcomes.subscribe(({ batch, outcomes }) => {
      if (batch < done) return; // played again by a cell that had died
      const trialsOfBatch = open.get(batch) ?? new Map<number, UnitOutcome>();
      open.set(batch, trialsOfBatch);
      for (const outcome of outcomes) trialsOfBatch.set(outcome.index, outcome);
      goOn();
    });

    function goOn(): void {
      for (;;) {
        const outcomes = open.get(done);
        if (outcomes?.size !== sizeOf(done) || assigned < Math.min(batches, done + window)) return;
        const rows = [...outcomes.values()].sort((a, b) => a.index - b.index).map(rowOf);
        for (const { log, ended } of books) {
          const fresh = rows.filter(({ trial }) => !ended.has(trial));
          for (const { trial } of fresh) ended.add(trial);
          log.append(fresh);
        }
        open.delete(done);
        tell(done++, rows);
      }
    }

    function tell(batch: number, rows: readonly Row[]): void {
      outputs.rows.next({ type: 'rows', batch, rows });
      outputs.logged.next({ type: 'logged', batch });
    }

    let allRevealed = () => {};
    const revealed = new Promise<void>(resolve => {
      allRevealed = resolve;
    });
    inputs.reveals.subscribe(reveal => {
      reveals.set(reveal.batch, reveal);
      if (reveals.size === batches) allRevealed();
    });

    return {
      /** Batches that stand whole in the logs. */
      logged: (): number => done,
      /** Gives out the rows that stood in the logs when they were opened. */
      tellAgain(): void {
        for (let batch = 0; batch < before; batch++)
          outputs.rows.next({
            type: 'rows',
            batch,
            rows: rowsBefore.slice(batch * size, batch * size + sizeOf(batch)),
          });
      },
      /**
       * Writes the arms, when all trials are in and all arms are known. @returns the last hash of each log, by layer
       * @throws a usage error before the last trial is logged: nobody may be told an arm while others are to be played
       */
      async unblind(): Promise<Record<string, string>> {
        if (done < batches)
          throw usageError(`unblind: ${done} of ${batches} batches are logged, expected all`);
        // The last reveals may still be under way from the scheduler.
        await revealed;
        const heads: Record<string, string> = {};
        for (const { layer, log, known, stopped } of books) {
          if (!stopped) log.append({ type: 'stopped', reason: 'fixed', trials });
          log.append(
            [...reveals.values()]
              .toSorted((a, b) => a.batch - b.batch)
              .flatMap(each => each.reveals)
              .filter(({ unitId }) => !known.has(unitId))
              .map(({ unitId, arms }) => ({ type: 'revealed', trial: unitId, arm: arms[layer] })),
          );
          heads[layer] = log.head ?? '';
        }
        return heads;
      },
      stop() {
        for (const { log } of books) log.close();
      },
    };
  },
});

interface Book {
  readonly layer: string;
  readonly log: TrialLog;
  readonly assigned: Set<string>;
  readonly ended: Set<string>;
  /** Trials whose arms it tells already. */
  readonly known: ReadonlySet<string>;
  readonly stopped: boolean;
  readonly rows: ReadonlyMap<string, Row>;
}

function openBook(layer: string, file: string, design: Design, seed: number): Book {
  const log = openLog(file, { chained: true, design });
  if (log.records.length === 0) log.append(openedRecord(design, seed));
  const assigned = new Set<string>();
  const known = new Set<string>();
  const rows = new Map<string, Row>();
  let stopped = false;
  for (const record of log.records) {
    if (record.type === 'assigned') assigned.add(record.trial);
    if (record.type === 'outcome') rows.set(record.trial, record);
    if (record.type === 'revealed') known.add(record.trial);
    if (record.type === 'stopped') stopped = true;
  }
  return { layer, log, assigned, ended: new Set(rows.keys()), known, stopped, rows };
}

const rowOf = (outcome: UnitOutcome): Row => ({
  type: 'outcome',
  trial: outcome.unitId,
  unit: outcome.unitId,
  index: outcome.index,
  ...(outcome.success === undefined
    ? { status: 'failed', metrics: {}, reason: 'aborted' }
    : { status: 'done', metrics: { success: outcome.success ? 1 : 0, ...outcome.metrics } }),
  strata: { robot: outcome.robot, operator: outcome.operatorId, ...outcome.when },
});
