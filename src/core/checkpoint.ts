import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { asError, usageError } from './errors.ts';
import { makeInner, onDisk } from './files.ts';
import { isLeftover, removeFolderWhole, writeFolderWhole } from './folders.ts';
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts';
import type { Snapshot } from './snapshot.ts';
import { decodeSnapshot, encodeSnapshot } from './snapshot-codec.ts';

/** Which run a checkpoint belongs to: as in its `run.json`. */
export interface RunIdentity {
  readonly scenario: string;
  readonly seed: number;
  /** When the run was first started, as a text. */
  readonly started: string;
}

/** Everything that decides how a run goes on from a step. */
export interface CheckpointContent {
  /** Environment steps done. */
  readonly step: number;
  readonly state: Snapshot;
  readonly run: RunIdentity;
  /** Of Node, Troupe and the engines: the same bits follow only from the same versions. */
  readonly versions: Readonly<Record<string, string>>;
}

/** A checkpoint as it was read back, and where it stands. */
export interface Checkpoint extends CheckpointContent {
  readonly folder: string;
}

const FORMAT = 'troupe checkpoint';
const VERSION = 1;
/** How many checkpoints of a run stay. */
const KEPT = 2;

const header = z.object({ format: z.literal(FORMAT), version: z.number() });
const document = header.extend({
  step: z.number().int().min(0),
  run: z.object({ scenario: z.string(), seed: z.number().int(), started: z.string() }),
  versions: z.record(z.string(), z.string()),
  files: z.object({ 'state.safetensors': z.object({ bytes: z.number(), sha256: z.string() }) }),
  state: z.unknown(),
  /** Of this document without this field. */
  sha256: z.string(),
});

/**
 * Writes `checkpoints/<step>/`, holding `state.safetensors` and `checkpoint.json`, then removes all but the newest
 * few. The folder is written beside its place, flushed, and renamed: killed at any point, the run keeps its older
 * checkpoints, and this one is there whole or not at all.
 * @param keep how many checkpoints stay, at least 1. Default 2
 * @returns the checkpoint's folder
 * @throws one line that names what cannot be written, and the system's reason: a run folder that was taken away too
 */
export function writeCheckpoint(
  runFolder: string,
  { step, state, run, versions }: CheckpointContent,
  { keep = KEPT }: { readonly keep?: number } = {},
): string {
  const parent = join(runFolder, 'checkpoints');
  const { tree, tensors } = encodeSnapshot(state);
  const arrays = encodeSafetensors(tensors);
  const files = { 'state.safetensors': { bytes: arrays.length, sha256: sha256(arrays) } };
  const content = { format: FORMAT, version: VERSION, step, run, versions, files, state: tree };
  const sealed = { ...content, sha256: sha256(JSON.stringify(content)) };

  onDisk(parent, () => makeInner(parent));
  const older = namesIn(parent);
  const name = freeName(step, older);
  writeFolderWhole(join(parent, name), {
    'state.safetensors': arrays,
    'checkpoint.json': Buffer.from(`${JSON.stringify(sealed, null, 1)}\n`),
  });
  // Those of later steps are of a future that was left when the run went back to an earlier one.
  const kept = [...older.filter(other => inOrder(other, name) < 0), name].slice(-keep);
  prune(parent, kept);
  return join(parent, name);
}

/**
 * Reads a checkpoint and checks every byte of it.
 * @throws a usage error of one line where it is damaged, not a checkpoint, or of a format that this version cannot read
 */
export function readCheckpoint(folder: string): Checkpoint {
  const path = join(folder, 'checkpoint.json');
  if (!existsSync(path)) throw usageError(`${folder}: not a checkpoint, expected a checkpoint.json in it`);
  const fail = (what: string, cause?: unknown) => usageError(`${path}: ${what}`, cause);
  let data: unknown;
  try {
    data = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw fail(`damaged: ${asError(error).message}`, error);
  }
  const mark = header.safeParse(data);
  if (!mark.success) throw fail('not a checkpoint of Troupe', mark.error);
  if (mark.data.version !== VERSION) {
    throw fail(`version = ${mark.data.version}: this Troupe reads version ${VERSION}`);
  }
  const parsed = document.safeParse(data);
  if (!parsed.success) throw fail('damaged: fields are missing', parsed.error);
  const { sha256: seal, ...content } = data as z.output<typeof document>;
  if (seal !== sha256(JSON.stringify(content))) throw fail('damaged: its content does not match its sha256');

  const { step, run, versions, files } = parsed.data;
  const arrays = readArrays(join(folder, 'state.safetensors'), files['state.safetensors']);
  const { tensors } = decodeSafetensors(arrays, join(folder, 'state.safetensors'));
  return { folder, step, run, versions, state: decodeSnapshot({ tree: content.state, tensors }) };
}

/**
 * Removes what a run that was killed between writing a checkpoint and removing an older one left of both. Checkpoints
 * of later steps than the one that the run goes on from, damaged ones, stay for now.
 */
export function tidyCheckpoints({ folder }: Checkpoint): void {
  const parent = dirname(folder);
  const names = namesIn(parent);
  const at = names.indexOf(basename(folder));
  prune(parent, names.slice(Math.max(0, at - KEPT + 1)));
}

/** What `latestCheckpoint` holds a checkpoint against, and whom it tells of damaged ones. */
export interface LatestOptions {
  /** The run that the checkpoint must be of. */
  readonly run?: RunIdentity;
  /** Is given one line for each damaged checkpoint that was passed over. */
  readonly report?: (line: string) => void;
}

/**
 * The newest checkpoint of a run that is whole; `undefined` where none was written yet. What a killed writer left is
 * passed over.
 * @throws a usage error where there is no run, where every checkpoint is damaged, or where one is of another run
 */
export function latestCheckpoint(runFolder: string, options: LatestOptions = {}): Checkpoint | undefined {
  if (!existsSync(runFolder)) throw usageError(`${runFolder}: no such folder, expected a run`);
  const parent = join(runFolder, 'checkpoints');
  if (!existsSync(parent)) {
    if (existsSync(join(runFolder, 'run.json'))) return undefined;
    throw usageError(`${runFolder}: not a run, expected a run.json or checkpoints in it`);
  }
  const names = namesIn(parent);
  for (const name of names.toReversed()) {
    let found: Checkpoint;
    try {
      found = readCheckpoint(join(parent, name));
    } catch (error) {
      options.report?.(`checkpoint passed over: ${asError(error).message}`);
      continue;
    }
    if (options.run) checkIdentity(found, options.run);
    return found;
  }
  if (names.length === 0) return undefined;
  throw usageError(`${parent}: none of its ${names.length} checkpoints is whole`);
}

function checkIdentity({ folder, run }: Checkpoint, expected: RunIdentity): void {
  for (const key of ['scenario', 'seed', 'started'] as const) {
    if (run[key] !== expected[key]) {
      throw usageError(`${folder}: of another run: ${key} = ${run[key]}, expected ${expected[key]}`);
    }
  }
}

function readArrays(path: string, { bytes, sha256: seal }: { bytes: number; sha256: string }): Uint8Array {
  if (!existsSync(path)) throw usageError(`${path}: missing: the checkpoint is damaged`);
  const data = readFileSync(path);
  if (data.length !== bytes) throw usageError(`${path}: damaged: ${data.length} bytes, expected ${bytes}`);
  if (sha256(data) !== seal) throw usageError(`${path}: damaged: its content does not match its sha256`);
  return data;
}

/** `000000061440`, or `000000061440.2` for a second one of the step: an existing one is never replaced. */
const NAME = /^(\d{12,})(?:\.(\d+))?$/;

function freeName(step: number, taken: readonly string[]): string {
  const plain = String(step).padStart(12, '0');
  let name = plain;
  for (let n = 2; taken.includes(name); n++) name = `${plain}.${n}`;
  return name;
}

/** Names of whole checkpoints, oldest first. */
const namesIn = (parent: string): string[] =>
  readdirSync(parent)
    .filter(name => NAME.test(name))
    .sort(inOrder);

function inOrder(a: string, b: string): number {
  const [x, y] = [a, b].map(name =>
    NAME.exec(name)!
      .slice(1)
      .map(part => Number(part ?? 1)),
  );
  return x[0] - y[0] || x[1] - y[1];
}

/** Removes what is not kept, and what an interrupted write or removal left. */
function prune(parent: string, kept: readonly string[]): void {
  for (const name of readdirSync(parent)) {
    if (isLeftover(name)) rmSync(join(parent, name), { recursive: true, force: true });
    else if (NAME.test(name) && !kept.includes(name)) removeFolderWhole(join(parent, name));
  }
}

const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');
