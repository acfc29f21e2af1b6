import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { discard, makeInner, onDisk, writeFlushed } from './files.ts';

/**
 * Writes a folder of files whole: beside its place under a hidden name, flushed, then renamed. A reader, or a run
 * killed in the middle, sees all of it or nothing. The place must be free, and the folder above be there.
 * @throws one line that names the folder and the system's reason
 */
export function writeFolderWhole(folder: string, files: Readonly<Record<string, Uint8Array>>): void {
  const parent = dirname(folder);
  const aside = join(parent, `.${basename(folder)}.part`);
  onDisk(folder, () => {
    rmSync(aside, { recursive: true, force: true });
    try {
      makeInner(aside);
      for (const [name, bytes] of Object.entries(files)) writeFlushed(join(aside, name), bytes);
      flushFolder(aside);
      renameSync(aside, folder);
    } catch (error) {
      discard(aside); // a full disk needs the room
      throw error;
    }
    flushFolder(parent);
  });
}

/**
 * Removes a folder so that no part of it is left under its name, wherever this is interrupted.
 * @throws one line that names the folder and the system's reason
 */
export function removeFolderWhole(folder: string): void {
  const aside = join(dirname(folder), `.${basename(folder)}.old`);
  onDisk(folder, () => {
    rmSync(aside, { recursive: true, force: true });
    renameSync(folder, aside);
    rmSync(aside, { recursive: true, force: true });
  });
}

/** Whether a name is one that an interrupted `writeFolderWhole` or `removeFolderWhole` leaves. */
export const isLeftover = (name: string): boolean => /^\..*\.(part|old)$/.test(name);

/** Makes a rename last. Windows cannot flush a folder, and does not need to. */
function flushFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
