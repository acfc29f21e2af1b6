import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { usageError } from '../core/errors.ts';

/**
 * The folder of an installed package that holds data: the user's project first, then Troupe's own place. The package's
 * code is not run.
 * @param from where the user's project is; default: where the process runs
 * @throws a usage error that holds the command which adds it
 */
export function packageFolder(source: string, name: string, from = process.cwd()): string {
  for (const place of [join(from, 'package.json'), import.meta.url]) {
    for (const folder of createRequire(place).resolve.paths(name) ?? []) {
      if (existsSync(join(folder, name, 'package.json'))) return join(folder, name);
    }
  }
  throw usageError(
    `${source}: the package ${name} is not installed in ${from}; to add it: npm install ${name}`,
  );
}
