import { z } from 'zod';
import { type MetricRow, metricRow } from '../../core/metric-rows.ts';
import { defineActor, port } from '../runtime/define.ts';
import { type HealthState, healthy, watchHealth } from './health.ts';
import { type LogOffsets, RunLog } from './run-log.ts';

/** What the recorder needs to go on from a checkpoint. */
export type RecorderState = LogOffsets & {
  readonly health: HealthState;
  /** Rows in the log that came by `metrics`. */
  readonly counted: number;
};

/**
 * Writes the rows that arrive to `metrics.jsonl` and to a TensorBoard event file, and warns when they say that learning
 * is ill. `flush` can wait for the rows of `metrics`, whose number is known; those of `asides` are taken as they come.
 * Spawned with a restored state it cuts both files back to it; without one it starts them anew. Rows leave
 * again through `progress` once they are written.
 */
export const recorder = defineActor(import.meta.url, {
  name: 'recorder',
  config: z.object({
    folder: z.string().describe('The run’s folder.'),
    watch: z.boolean().default(true).describe('Warn when the rows say that learning is ill.'),
  }),
  inputs: {
    metrics: port(metricRow as z.ZodType<MetricRow>),
    asides: port(metricRow as z.ZodType<MetricRow>),
  },
  outputs: { progress: port<MetricRow>() },
  start({ config, inputs, outputs, restored, save, warn, signal }) {
    const from = restored as RecorderState | undefined;
    const log = new RunLog(config.folder, from);
    let health = from?.health ?? healthy();
    let counted = from?.counted ?? 0;
    const waiting: { rows: number; settle: () => void }[] = [];
    let shown = Promise.resolve();
    const state = (): RecorderState => ({ ...log.offsets, health, counted });

    inputs.metrics.subscribe(row => take(row, 1));
    inputs.asides.subscribe(row => take(row, 0));

    function take(row: MetricRow, counts: 0 | 1): void {
      log.append(row);
      counted += counts;
      if (config.watch) {
        const { state: next, warnings } = watchHealth(health, row);
        health = next;
        warnings.forEach(warn);
      }
      for (const waiter of waiting.filter(({ rows }) => rows <= counted)) waiter.settle();
      // A slow display must not hold up the log: rows for it wait here.
      shown = shown.then(() => outputs.progress.ready()).then(() => outputs.progress.next(row));
      // Last: a row that was not saved is given again after a crash, and the log is cut back to the one before.
      save(state());
    }

    /** Resolves when that many rows are in the log, or the actor is to stop. */
    const arrived = (rows: number) =>
      new Promise<void>(resolve => {
        const waiter = { rows, settle };
        function settle() {
          waiting.splice(waiting.indexOf(waiter), 1);
          signal.removeEventListener('abort', settle);
          resolve();
        }
        waiting.push(waiter);
        signal.addEventListener('abort', settle);
      });

    return {
      /**
       * Brings the log to the disk. Links deliver in their own time: say how many rows were sent to `metrics` in all,
       * since the run's first start, to wait for them.
       * @returns what a checkpoint keeps: spawn with `restore: [it]` to go on from there
       */
      async flush(rows = 0): Promise<RecorderState> {
        if (counted < rows) await arrived(rows);
        log.flush();
        return state();
      },
      snapshot: state,
      stop: () => log.close(),
    };
  },
});
