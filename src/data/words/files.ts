import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { oneLine, usageError } from '../../core/errors.ts';
import { packageFolder } from '../packages.ts';

/**
 * A file of an installed package with words.
 * @throws a usage error that holds the command which adds the package, or installs it anew where the file is missing
 */
export function wordFile(name: string, file: string): Buffer {
  const folder = packageFolder('words', name);
  try {
    return readFileSync(join(folder, file));
  } catch (error) {
    throw damaged(name, `${file} cannot be read (${oneLine(error)})`, error);
  }
}

/** What to say of a package whose files are not what they were. */
export const damaged = (name: string, why: string, cause?: unknown): Error =>
  usageError(`words: ${name}: ${why}; to install it anew: npm install --force ${name}`, cause);

/** Computes once a thread: files do not change while a program runs. */
export function once<T>(compute: () => T): () => T {
  let known: { readonly value: T } | undefined;
  return () => {
    known ??= { value: compute() };
    return known.value;
  };
}
