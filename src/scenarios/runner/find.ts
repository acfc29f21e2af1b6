import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { z } from 'zod';
import { usageError } from '../../core/errors.ts';
import { definitionsIn, importModule, parseModuleName } from '../../core/modules.ts';
import { described } from '../../core/places.ts';
import { catalog } from '../catalog.ts';
import type { Scenario } from '../contract.ts';
import { validateChecks } from './checks.ts';
import { didYouMean } from './nearest.ts';

/** A scenario and where it came from: how a run is named, and how a resumed run finds it again. */
export interface Found {
  readonly scenario: Scenario;
  /** The absolute path, with `#name` where the file holds several; `undefined` for one of ours. */
  readonly file: string | undefined;
}

/**
 * Finds a scenario by its name or by a file that exports it: `hopper`, `./mine.ts`, `./mine.ts#second`.
 * @param cwd what a relative path is relative to
 * @throws a usage error, with the nearest names where there is none
 */
export async function findScenario(nameOrFile: string, cwd = process.cwd()): Promise<Found> {
  const known = catalog.find(entry => entry.name === nameOrFile);
  if (known) return { scenario: checked(await known.load(), nameOrFile), file: undefined };
  const module = parseModuleName(nameOrFile);
  if (!module) {
    const names = catalog.map(entry => entry.name);
    const hint = didYouMean(nameOrFile, names) || `; expected ${names.join(', ')}, or a file (.ts, .js)`;
    throw usageError(`unknown scenario ${nameOrFile}${hint}`);
  }
  const { path, wanted } = module;
  const file = resolve(cwd, path);
  if (!existsSync(file)) throw usageError(`scenario ${nameOrFile}: no such file`);
  const exported = await load(file, path);
  const found = definitionsIn<Scenario>(exported, 'scenario');
  if (found.length === 0) throw usageError(`${path}: ${noScenario(exported)}`);
  const match = wanted === undefined ? found : found.filter(scenario => scenario.name === wanted);
  if (match.length !== 1) throw usageError(`${path}: ${wrongNumber(found, wanted, path)}`);
  return { scenario: checked(match[0], path), file: found.length > 1 ? `${file}#${match[0].name}` : file };
}

async function load(file: string, shown: string): Promise<Record<string, unknown>> {
  try {
    return await importModule(pathToFileURL(file).href);
  } catch (error) {
    throw usageError(`scenario ${shown}: cannot be loaded: ${described(error)}`, error);
  }
}

/** Environments and actors are the files that are taken for scenarios most easily. */
function noScenario(module: Record<string, unknown>): string {
  const expected = 'expected an exported scenario (made by scenario())';
  for (const kind of ['environment', 'actor']) {
    const [other] = definitionsIn<{ readonly name: string }>(module, kind);
    if (other) return `exports the ${kind} ${other.name}, ${expected} that uses it`;
  }
  return `${expected}, found none`;
}

function wrongNumber(found: readonly Scenario[], wanted: string | undefined, path: string): string {
  const names = found.map(scenario => scenario.name).join(', ');
  if (wanted !== undefined) return `expected a scenario named ${wanted}, found ${names}`;
  return `exports ${names}, expected one of them named: ${path}#${found[0].name}`;
}

/** What types promise a TypeScript author, checked for everyone else. */
function checked(scenario: Scenario, where: string): Scenario {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(scenario.name)) {
    throw usageError(
      `${where}: scenario name ${JSON.stringify(scenario.name)}: expected lower case letters, digits and dashes`,
    );
  }
  const type = (scenario.options as Partial<z.ZodType>)?._zod?.def.type;
  if (type !== 'object') throw usageError(`${where}: options: expected a z.object of zod 4`);
  if (typeof scenario.play !== 'function') throw usageError(`${where}: play: expected a function`);
  validateChecks(scenario.name, scenario.checks);
  return scenario;
}
