import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { asError, usageError } from './errors.ts';

/**
 * Makes a folder and those above it. Node's own recursive mkdir never returns where a folder refuses new ones with
 * "no such file", as /proc does; this one throws what the system says.
 */
export function makeFolder(path: string): void {
  const folder = resolve(path);
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // another process was quicker
  }
}

/**
 * Writes a file whole: beside its place, flushed, then renamed over it. A reader, or a run killed in the middle,
 * sees the old file or the new one, never a part.
 */
export function writeFileWhole(path: string, data: string | Uint8Array): void {
  makeFolder(dirname(path));
  const aside = `${path}.${process.pid}.part`;
  const bytes = typeof data === 'string' ? Buffer.from(data) : data;
  try {
    const file = openSync(aside, 'w');
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(aside, path);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
}

/** Reads JSON, or `undefined` where there is no such file. @throws a usage error where it cannot be read */
export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw usageError(`${path}: cannot be read as JSON (${asError(error).message})`, error);
  }
}
