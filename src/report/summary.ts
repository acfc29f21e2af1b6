import { join } from 'node:path';
import { z } from 'zod';
import { parseOrThrow, usageError } from '../core/errors.ts';
import { readJson, writeFileWhole } from '../core/files.ts';
import { encodeFigure, jsonFigure } from '../core/metric-rows.ts';

const figures = z.record(z.string(), jsonFigure);

const checkResult = z.object({
  name: z.string(),
  /** One run's value, or that of several seeds taken together as `over` says. NaN where there is none. */
  value: jsonFigure,
  atLeast: jsonFigure.exactOptional(),
  atMost: jsonFigure.exactOptional(),
  unit: z.string().exactOptional(),
  /** How several seeds are judged together. */
  over: z
    .union([z.enum(['median', 'every']), z.object({ atLeast: z.number(), of: z.number() })])
    .exactOptional(),
  /** One a seed, in the order of `runs`. */
  values: z.array(jsonFigure).exactOptional(),
  pass: z.boolean(),
});

const outcome = {
  seed: z.number().int(),
  /** Wall-clock time over all sittings. */
  seconds: z.number(),
  /** Environment steps. */
  steps: z.number(),
  stepsPerSecond: z.number(),
  /** What the scenario returned, by path: `evaluation.return`. */
  metrics: figures,
  checks: z.array(checkResult),
  /** Checks that were not made, by name: the run was without what they are about. */
  notMade: z.array(z.string()).exactOptional(),
  passed: z.boolean(),
};

const seedSummary = z.object({ ...outcome, folder: z.string() });

const machine = z.object({
  cpu: z.string(),
  cores: z.number(),
  memoryBytes: z.number(),
  system: z.string(),
  /** Timings taken on this machine at the start, by name: figures of speed are read beside these. */
  probe: figures,
});

/** `summary.json`: what a run came to. A run that did not end has none. */
export const summarySchema = z.object({
  ...outcome,
  scenario: z.string(),
  /** The scenario in one sentence. */
  about: z.string(),
  /** What starts a run like this one again, from the folder that it was started in. */
  command: z.string().exactOptional(),
  options: z.record(z.string(), z.unknown()),
  executor: z.string(),
  /** What `auto` measured when it took this executor. Absent: it had nothing to compare. */
  measured: z.string().exactOptional(),
  versions: z.record(z.string(), z.string()),
  machine: machine.exactOptional(),
  /** Paths of figures that the scenario returned and that are no finite numbers: they are not among `metrics`. */
  notFinite: z.array(z.string()).exactOptional(),
  /** Lines that were shown while it ran. */
  warnings: z.array(z.string()).exactOptional(),
  /** How often actors were restarted. */
  restarts: z.number().exactOptional(),
  /** One a seed, where there were several; each has its own folder, given relative to this one. */
  runs: z.array(seedSummary).exactOptional(),
});

/** A check of a scenario as it came out. */
export type CheckResult = z.output<typeof checkResult>;
/** One seed’s part of a run of several. */
export type SeedSummary = z.output<typeof seedSummary>;
/** What `summary.json` holds: what a run came to, and what it takes to run it again. */
export type Summary = z.output<typeof summarySchema>;

const FILE = 'summary.json';

/** The summary as one line of JSON; NaN and the infinities are texts. */
export const formatSummary = (summary: Summary): string => JSON.stringify(summary, encodeFigure);

/** Writes `summary.json` whole. */
export function writeSummary(folder: string, summary: Summary): void {
  writeFileWhole(join(folder, FILE), `${JSON.stringify(summary, encodeFigure, 2)}\n`);
}

/** @throws a usage error where there is no summary, or a broken one */
export function readSummary(folder: string): Summary {
  const path = join(folder, FILE);
  const data = readJson(path);
  if (data === undefined) throw usageError(`${folder}: no ${FILE} in it, expected a run that has ended`);
  return parseOrThrow(summarySchema, data, path);
}
