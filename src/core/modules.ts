import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { usageError } from './errors.ts';
import { described } from './places.ts';
import { placedSyntaxError } from './syntax-errors.ts';

/**
 * Imports a module by its URL, TypeScript included: this build's own modules and plain JavaScript natively, a user's
 * TypeScript through `tsx`, whose hooks are registered on first use in each thread.
 */
export async function importModule(url: string): Promise<Record<string, unknown>> {
  const place = inThisBuild(url);
  if (place.startsWith('file:') && !existsSync(fileURLToPath(place))) {
    throw usageError(`${fileURLToPath(place)}: no such file`);
  }
  if (/\.[cm]?ts$/.test(new URL(place).pathname)) await registerTypeScript();
  try {
    return (await import(place)) as Record<string, unknown>;
  } catch (error) {
    throw await placedSyntaxError(error, place);
  }
}

const sources = new URL('../../src/', import.meta.url).href;
const here = new URL('../', import.meta.url).href;

/** On a thread of the build, a module of this package's sources is the build's own: there must be one of each. */
const inThisBuild = (url: string): string =>
  'troupeThread' in globalThis && url.startsWith(sources) && here !== sources
    ? here + url.slice(sources.length).replace(/\.ts$/, '.js')
    : url;

let registered: Promise<void> | undefined;

/**
 * Both hooks together: with the ESM hook alone, TypeScript modules of a `type: commonjs` project fail in workers
 * ("Cannot require() ES Module in a cycle").
 */
function registerTypeScript(): Promise<void> {
  registered ??= (async () => {
    // A test runner transforms TypeScript itself; a worker whose own modules are TypeScript was given the hooks by
    // actors/runtime/bootstrap.js.
    if ('__vitest_worker__' in globalThis || 'troupeTypeScript' in globalThis) return;
    const [cjs, esm] = await Promise.all([import('tsx/cjs/api'), import('tsx/esm/api')]);
    cjs.register();
    esm.register();
  })();
  return registered;
}

/**
 * A module's file as people name it, with the name of an export where it has several: `./mine.ts`, `./mine.ts#second`.
 * Folders may have a `#` in their names.
 * @returns `undefined` for what names no file of JavaScript or TypeScript
 */
export function parseModuleName(
  text: string,
): { readonly path: string; readonly wanted: string | undefined } | undefined {
  const parts = /^(.*\.[cm]?[jt]s)(?:#([^/\\#]*))?$/s.exec(text);
  return parts ? { path: parts[1], wanted: parts[2] } : undefined;
}

/**
 * Finds the definition called `name` among a module's exports.
 * @param kind the definition's `kind` mark, e.g. `actor` or `environment`
 */
export async function loadDefinition<T extends { readonly name: string }>(
  url: string,
  kind: string,
  name: string,
): Promise<T> {
  let module: Record<string, unknown>;
  try {
    module = await importModule(url);
  } catch (error) {
    throw usageError(`${kind} ${name}: cannot load ${url}: ${described(error)}`, error);
  }
  const found = definitionsIn<T>(module, kind);
  const match = found.find(definition => definition.name === name);
  if (match) return match;
  const names = found.map(definition => definition.name).join(', ') || 'none';
  throw usageError(`${url}: expected an exported ${kind} named ${name}, found ${names}`);
}

/** Every exported definition of a kind. */
export function definitionsIn<T>(module: Record<string, unknown>, kind: string): T[] {
  const values = [module, module['default']].flatMap(space =>
    typeof space === 'object' && space !== null ? [space, ...Object.values(space)] : [],
  );
  const found = values.filter(
    value => typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === kind,
  );
  return [...new Set(found)] as T[];
}
