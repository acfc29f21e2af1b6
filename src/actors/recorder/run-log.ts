import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { TroupeError, usageError } from '../../core/errors.ts';
import { EventWriter } from '../../core/event-file.ts';
import { makeFolder, onDisk } from '../../core/files.ts';
import { formatRow, type MetricRow } from '../../core/metric-rows.ts';

/** Where a log stands: what a checkpoint keeps of it. */
export type LogOffsets = {
  /** Rows in the log. */
  readonly rows: number;
  /** Bytes of `metrics.jsonl`. */
  readonly metrics: number;
  /** Bytes of the event file. */
  readonly events: number;
};

export const METRICS_FILE = 'metrics.jsonl';
export const EVENTS_FILE = 'events.out.tfevents.troupe';

/** The log of a run's figures: `metrics.jsonl`, and the same as a TensorBoard event file. */
export class RunLog {
  readonly #paths: readonly [metrics: string, events: string];
  readonly #metrics: number;
  readonly #events: EventWriter;
  #offsets: LogOffsets;

  /**
   * Opens the log of a run, cut back to where a checkpoint saw it.
   * @param from absent: the log starts anew
   * @throws a usage error where a file is missing or shorter than the checkpoint says; where the system refuses, as all
   *   methods do, one line that names the file and the reason
   */
  constructor(folder: string, from: LogOffsets = { rows: 0, metrics: 0, events: 0 }) {
    const [metrics, events] = [join(folder, METRICS_FILE), join(folder, EVENTS_FILE)];
    expectBytes(metrics, from.metrics);
    expectBytes(events, from.events);
    onDisk(folder, () => makeFolder(folder));
    this.#paths = [metrics, events];
    this.#metrics = onDisk(metrics, () => openSync(metrics, from.metrics > 0 ? 'r+' : 'w'));
    onDisk(metrics, () => ftruncateSync(this.#metrics, from.metrics));
    this.#events = new EventWriter(events, from.events);
    this.#offsets = { rows: from.rows, metrics: from.metrics, events: from.events };
  }

  get offsets(): LogOffsets {
    return this.#offsets;
  }

  /** Adds a row to both files. @param wallTime seconds since 1970, for TensorBoard alone */
  append(row: MetricRow, wallTime = Date.now() / 1000): void {
    const line = Buffer.from(`${formatRow(row)}\n`);
    const { rows, metrics } = this.#offsets;
    onDisk(this.#paths[0], () => {
      for (let at = 0; at < line.length; ) {
        at += writeSync(this.#metrics, line, at, line.length - at, metrics + at);
      }
    });
    const tagged = Object.entries({ ...row.values, ...row.time });
    this.#events.append(
      row.step,
      tagged.map(([name, value]) => [`${row.source}/${name}`, value] as const),
      wallTime,
    );
    this.#offsets = { rows: rows + 1, metrics: metrics + line.length, events: this.#events.offset };
  }

  /** Waits until all is on the disk. @throws where a file has been taken away: what is written to it is lost */
  flush(): LogOffsets {
    onDisk(this.#paths[0], () => fsyncSync(this.#metrics));
    this.#events.flush();
    for (const path of this.#paths) {
      if (!existsSync(path)) throw new TroupeError(`${path}: was removed or moved while the run wrote to it`);
    }
    return this.#offsets;
  }

  close(): void {
    closeSync(this.#metrics);
    this.#events.close();
  }
}

function expectBytes(path: string, bytes: number): void {
  const found = existsSync(path) ? statSync(path).size : 0;
  if (found < bytes) {
    throw usageError(
      `${path}: ${found} bytes, expected the ${bytes} that its checkpoint saw: not the log of this run`,
    );
  }
}
