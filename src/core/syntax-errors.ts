import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { placeOf } from './places.ts';

/** Files that are looked at. */
const most = 100;

/**
 * What an import threw, with the place where it is a syntax error that has none: V8 does not tell it of ES modules in
 * JavaScript, but `node --check` of the right file does. The module and the files it imports are tried.
 * @returns the error that was given
 */
export async function placedSyntaxError(thrown: unknown, url: string): Promise<unknown> {
  if (!(thrown instanceof SyntaxError) || !url.startsWith('file:') || placeOf(thrown)) return thrown;
  const files = new Set([fileURLToPath(url)]);
  for (const file of files) {
    const head = await checked(file);
    if (head) {
      thrown.stack = `${head}\n${thrown.stack}`;
      break;
    }
    for (const next of importsOf(file)) if (files.size < most) files.add(next);
  }
  return thrown;
}

/** File and line, the line itself and a caret, where a file is no JavaScript. */
async function checked(file: string): Promise<string | undefined> {
  if (!/\.[cm]?js$/.test(file)) return undefined; // a compiler tells
  const { stderr = '' } = await promisify(execFile)(process.execPath, ['--check', file]).catch(
    (failed: { stderr?: string }) => failed,
  );
  return /^\S.*:\d+\n.*\n *\^+/m.exec(stderr)?.[0];
}

function importsOf(file: string): string[] {
  const names = readFileSync(file, 'utf8').matchAll(/(?:\bfrom|\bimport)\s*\(?\s*(['"])(\.[^'"\n]+)\1/g);
  return [...names].map(match => resolve(dirname(file), match[2])).filter(existsSync);
}
