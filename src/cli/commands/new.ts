import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { asError, usageError } from '../../core/errors.ts';
import { makeFolder } from '../../core/files.ts';
import { shellWord } from '../../scenarios/runner/command-line.ts';
import { troupeVersion } from '../../scenarios/runner/machine.ts';
import type { Io } from '../io.ts';
import { projectFiles } from '../project/files.ts';
import { styleFor } from '../screen/style.ts';

/** `troupe new <dir>`: a small project. A folder with anything in it is left as it is. */
export async function newProject(dir: string, io: Io): Promise<number> {
  const folder = resolve(dir);
  if (existsSync(folder) && !statSync(folder).isDirectory()) {
    throw usageError(`new ${dir}: there is a file of that name, expected a new or an empty folder`);
  }
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw usageError(`new ${dir}: the folder is not empty, expected a new or an empty one`);
  }
  const name = packageName(folder, dir);
  const files = projectFiles(name, dependencyFor(folder));
  try {
    makeFolder(folder);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, { flag: 'wx' });
  } catch (error) {
    throw usageError(`new ${dir}: cannot be written (${asError(error).message})`, error);
  }
  const { bold, dim, green } = styleFor(io.stdout, io);
  io.stdout.write(`\n  ${green('✓')} ${bold(dir)} ${dim(Object.keys(files).join(', '))}\n\n`);
  for (const line of [`cd ${shellWord(dir)}`, 'npm i', 'npm test', 'npx troupe run ./scenario.ts']) {
    io.stdout.write(`    ${line}\n`);
  }
  io.stdout.write('\n');
  return 0;
}

/** The folder's name, which is the package's. @throws a usage error where npm would not take it, with one it takes */
function packageName(folder: string, dir: string): string {
  const name = basename(folder);
  if (/^[a-z0-9][a-z0-9-]*$/.test(name) && name !== 'troupe') return name;
  const near = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  const example = near === '' || near === 'troupe' ? 'my-troupe' : near;
  const other =
    name === 'troupe' ? 'a name other than that of troupe itself' : 'lower case letters, digits and dashes';
  throw usageError(
    `new ${dir}: ${JSON.stringify(name)} names the package, expected ${other}, e.g. ${example}`,
  );
}

const root = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * What the project's package.json asks for: the place this Troupe was installed from, if that was a file or a checkout;
 * its version otherwise.
 */
function dependencyFor(folder: string): string {
  const file = (path: string) => `file:${relative(folder, path)}`;
  if (basename(dirname(root)) !== 'node_modules') return file(root);
  const locked = readLock(join(dirname(root), '.package-lock.json'));
  const from = locked?.packages?.['node_modules/troupe']?.resolved;
  if (!from?.startsWith('file:')) return `^${troupeVersion()}`;
  return file(resolve(dirname(dirname(root)), from.slice('file:'.length)));
}

interface Lock {
  readonly packages?: Readonly<Record<string, { readonly resolved?: string }>>;
}
function readLock(path: string): Lock | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Lock;
  } catch {
    return undefined;
  }
}
