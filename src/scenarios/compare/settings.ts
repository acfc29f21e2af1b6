import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { parseOrThrow, usageError } from '../../core/errors.ts';
import { readJson, writeFileWhole } from '../../core/files.ts';
import { designSchema } from '../../evaluation/assignment/design.ts';
import type { Design } from '../../evaluation/contract.ts';
import { type ArmSpec, armSpec } from './arms.ts';

const settingsSchema = z.object({
  kind: z.literal('compare'),
  /** In the order of the design's arms, and called the same. */
  arms: z.array(armSpec).min(2),
  design: designSchema,
  seed: z.number().int(),
  executor: z.string(),
  /** Keep each training run whole. */
  keepRuns: z.boolean(),
  patience: z.number().int().positive().optional(),
  /** What tables are written at the end. */
  exports: z.array(z.enum(['duckdb', 'parquet', 'csv'])),
  /** Of what is played, so that a resumed comparison cannot go on with something else. */
  digest: z.string().optional(),
  /** What was typed to start it, for its page. */
  command: z.string().optional(),
});

/** `compare.json`: all that decides what an experiment comes to. Written before any work. */
export type CompareSettings = Readonly<Omit<z.output<typeof settingsSchema>, 'arms' | 'design'>> & {
  readonly arms: readonly ArmSpec[];
  readonly design: Design;
};

const FILE = 'compare.json';

export function writeSettings(folder: string, settings: CompareSettings): void {
  const kept = { ...settings, digest: digestOf(settings) };
  writeFileWhole(join(folder, FILE), `${JSON.stringify(kept, null, 2)}\n`);
}

/** The design has a hash of its own, in the log. Options are in the order that they were written in. */
const digestOf = ({ arms, executor, patience }: CompareSettings): string =>
  createHash('sha256')
    .update(JSON.stringify([arms, executor, patience ?? null]))
    .digest('hex');

/** @throws a usage error where the folder holds no comparison, or one that was changed */
export function readSettings(folder: string): CompareSettings {
  const file = join(folder, FILE);
  const data = readJson(file);
  if (data === undefined) {
    throw usageError(`${folder}: not a comparison, expected a ${FILE} in it (runs/compare/<time>)`);
  }
  const { digest, ...settings } = parseOrThrow(settingsSchema, data, file);
  if (digest === undefined || digest === digestOf(settings)) return settings;
  throw usageError(
    `${file}: arms, executor or patience are not what the comparison began with, expected them unchanged (start another one)`,
  );
}
