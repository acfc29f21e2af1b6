import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { parseOrThrow, usageError } from './errors.ts';

/** Figures of a run at a step: one line of `metrics.jsonl`. */
export interface MetricRow {
  /** Who measured: `learner`, `evaluator`, `rollout/1`. */
  readonly source: string;
  /** Environment steps of the run so far. */
  readonly step: number;
  /** What the same seed gives again, bit for bit. A figure that does not exist yet is left out. */
  readonly values: Readonly<Record<string, number>>;
  /** What the clock gave (`seconds`, `steps_per_second`): drop it to compare runs. */
  readonly time?: Readonly<Record<string, number>>;
}

// z.number() refuses NaN and infinities, which are what a log must be able to say.
const anyNumber = z.custom<number>(value => typeof value === 'number', 'expected a number');

/** The schema of a `MetricRow`. Unlike zod’s own numbers, figures may be NaN or infinite. */
export const metricRow = z.object({
  source: z.string().min(1),
  step: z.number().int().min(0),
  values: z.record(z.string(), anyNumber),
  time: z.record(z.string(), anyNumber).exactOptional(),
}) satisfies z.ZodType<MetricRow>;

/** A number in JSON, where NaN and the infinities are texts. */
export const jsonFigure = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity']).transform(Number)]);

const storedRow = metricRow.extend({
  values: z.record(z.string(), jsonFigure),
  time: z.record(z.string(), jsonFigure).exactOptional(),
});

/** For `JSON.stringify`: writes NaN and the infinities as texts. */
export const encodeFigure = (_key: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;

/** A row as one line of `metrics.jsonl`, without its end of line. */
export function formatRow({ source, step, values, time }: MetricRow): string {
  return JSON.stringify({ source, step, values, time }, encodeFigure);
}

/** Reads one line of `metrics.jsonl`. @throws a usage error that names `where` */
export function parseRow(line: string, where: string): MetricRow {
  let data: unknown;
  try {
    data = JSON.parse(line);
  } catch (error) {
    throw usageError(`${where}: not a line of metrics: ${line.slice(0, 60)}`, error);
  }
  return parseOrThrow(storedRow, data, where);
}

/**
 * Every whole row of a `metrics.jsonl`; none where there is no such file. A last line without its end (a run that was
 * killed while it wrote) is left out.
 */
export function readRows(file: string): MetricRow[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.slice(0, -1).map((line, index) => parseRow(line, `${file}:${index + 1}`));
}
