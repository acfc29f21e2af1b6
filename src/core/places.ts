import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { oneLine, TroupeError } from './errors.ts';

/** What an error says, in one line, and where in the user's code it comes from: `boom (scenario.ts:12:7)`. */
export function described(thrown: unknown): string {
  const line = oneLine(thrown).replace(compilersMark, '');
  const place = placeOf(thrown);
  return place === undefined || line.includes(place) ? line : `${line} (${place})`;
}

/**
 * Where in the user's own code an error comes from, `file:line:column`, relative to the working directory if it lies
 * there; `undefined` where no code but Troupe's, its packages' or Node's is to blame. Of errors that caused one another,
 * the first one counts.
 */
export function placeOf(thrown: unknown): string | undefined {
  const chain: Error[] = [];
  for (let at = thrown; at instanceof Error && !chain.includes(at); at = at.cause) chain.push(at);
  for (const error of chain.reverse()) {
    const place = compilersPlace(error) ?? loadersPlace(error) ?? importersPlace(error) ?? framesPlace(error);
    if (place) return place;
  }
  return undefined;
}

/** esbuild's: `/x/mine.ts:3:7: ERROR: …` */
const compilersMark = /^(.+?):(\d+):(\d+): ERROR: /m;

/** It counts columns from 0. */
function compilersPlace({ message }: Error): string | undefined {
  const [, file, line, column] = compilersMark.exec(message) ?? [];
  return file && shown(file, line, Number(column) + 1);
}

/** Node's, for what it finds while it links modules: file and line, the line itself, and a caret, above the stack. */
function loadersPlace({ stack = '', message }: Error): string | undefined {
  const head = stack.slice(0, Math.max(0, stack.indexOf(message)));
  const [, file, line, text] = /^(\S.*):(\d+)\n(?:.*\n)?( *\^)/m.exec(head) ?? [];
  return file && shown(file, line, text.length);
}

/** The line of an import that leads nowhere: Node tells only the file that it stands in. */
function importersPlace({ message }: Error): string | undefined {
  const [, wanted] = /^Cannot find (?:module|package) '(.+?)'/m.exec(message) ?? [];
  const [, file] = /(?: imported from |\nRequire stack:\n- )(.+)/.exec(message) ?? [];
  if (wanted === undefined || file === undefined || !isUsers(file)) return undefined;
  const path = pathOf(file);
  const lines = readFileSync(path, 'utf8').split('\n');
  for (const [i, text] of lines.entries()) {
    for (const { 2: name, index } of text.matchAll(/(['"])((?:(?!\1).)+)\1/g)) {
      const names = name === wanted || (name.startsWith('.') && resolve(dirname(path), name) === wanted);
      if (names || name.startsWith(`${wanted}/`)) return shown(file, i + 1, index + 1);
    }
  }
  return shown(file);
}

/**
 * The topmost frame of the user's. What stands below the command's own frames is whoever started it. Our own refusals
 * blame who called (`system.link` of ports that do not fit), not who awaits.
 */
function framesPlace(error: Error): string | undefined {
  for (const frame of error.stack?.split('\n') ?? []) {
    const [, awaited, file, line, column] =
      /^\s+at (async )?(?:.* \()?((?:file:\/\/|\/|[a-z]:[\\/]).*?):(\d+):(\d+)\)?$/i.exec(frame) ?? [];
    if (!file) continue;
    const path = pathOf(file);
    if (ours.some(folder => path.startsWith(`${folder}cli${sep}`))) return undefined;
    if (isUsers(path)) return awaited && error instanceof TroupeError ? undefined : shown(file, line, column);
  }
  return undefined;
}

/** Where a build's source maps are heeded, its frames stand in the sources. */
const ours = ['src', 'dist'].map(folder => fileURLToPath(new URL(`../../${folder}/`, import.meta.url)));

const isUsers = (file: string): boolean => {
  const path = pathOf(file);
  return !ours.some(folder => path.startsWith(folder)) && !path.split(/[\\/]/).includes('node_modules');
};

/** Loaders add queries of their own. */
function pathOf(file: string): string {
  const bare = file.replace(/\?.*$/, '');
  return bare.startsWith('file:') ? fileURLToPath(bare) : bare;
}

function shown(file: string, ...numbers: (string | number)[]): string {
  const path = pathOf(file);
  const here = relative(process.cwd(), path);
  const name = here.startsWith('..') || isAbsolute(here) ? path : here;
  return [name, ...numbers].join(':');
}
