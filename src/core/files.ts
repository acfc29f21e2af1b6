import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { asError, TroupeError, usageError } from './errors.ts';

/**
 * Makes a folder and those above it. Node's own recursive mkdir never returns where a folder refuses new ones with
 * "no such file", as /proc does; this one throws what the system says.
 */
export function makeFolder(path: string): void {
  // Not made absolute: a working directory whose name is not UTF-8 cannot be named.
  const folder = normalize(path);
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  makeInner(folder);
}

/** Makes a folder in one that is there: one that was taken away meanwhile is not made again behind its owner's back. */
export function makeInner(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // another process was quicker
  }
}

/**
 * Does something to a file or folder.
 * @throws where the system refuses, one line that names the path and the system's reason
 */
export function onDisk<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof TroupeError) throw error;
    // "ENOSPC: no space left on device, write": what comes after the comma names the call, and what is written aside.
    const [reason] = asError(error).message.split(', ');
    throw new TroupeError(`${path}: cannot be written (${reason})`, { cause: error });
  }
}

/**
 * Writes a file whole: beside its place, flushed, then renamed over it. A reader, or a run killed in the middle,
 * sees the old file or the new one, never a part. Its folder is made where the one above is there.
 * @throws one line that names the path and the system's reason
 */
export function writeFileWhole(path: string, data: string | Uint8Array): void {
  const aside = `${path}.${process.pid}.part`;
  onDisk(path, () => {
    makeInner(dirname(path));
    try {
      writeFlushed(aside, typeof data === 'string' ? Buffer.from(data) : data);
      renameSync(aside, path);
    } catch (error) {
      discard(aside);
      throw error;
    }
  });
}

/** Writes a file, and waits until it is on the disk. */
export function writeFlushed(path: string, bytes: Uint8Array): void {
  const file = openSync(path, 'w');
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Removes what is not wanted any more, if it can be: the error that led here says more than one from here. */
export function discard(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // It stays.
  }
}

/** Removes what a killed `writeFileWhole` left in a folder, if there is one; nobody may be writing there. */
export function removeParts(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (/\.\d+\.part$/.test(name)) discard(join(folder, name));
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
