import { existsSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { usageError } from '../core/errors.ts';
import { definitionsIn, importModule, loadDefinition, parseModuleName } from '../core/modules.ts';
import { described } from '../core/places.ts';
import type { EnvironmentRef } from './contract.ts';
import { type EnvironmentDefinition, environmentRef } from './define.ts';

/** An environment that comes with Troupe, as `troupe list environments` shows it. */
export interface BuiltInEnvironment {
  readonly name: string;
  readonly summary: string;
  /** The URL of the module that exports its definition, imported only when the environment is made. */
  readonly module: string;
}

// Modules have the extension of this one: `.ts` in the sources, `.js` in a build.
const builtIn = (folder: string, name: string, summary: string): BuiltInEnvironment => ({
  name,
  summary,
  module: new URL(`./${folder}/${name}${extname(import.meta.url)}`, import.meta.url).href,
});

/** The environments that come with Troupe. */
export const builtInEnvironments: readonly BuiltInEnvironment[] = [
  builtIn('classic', 'cart-pole', 'Balance a pole on a cart by pushing left or right.'),
  builtIn('classic', 'pendulum', 'Swing a pendulum up with too little torque and hold it there.'),
  builtIn('classic', 'acrobot', 'Swing the tip of a two-link arm above a line by its middle joint.'),
  builtIn('classic', 'mountain-car', 'Rock a weak car out of a valley: push left, right or not at all.'),
  builtIn(
    'classic',
    'mountain-car-continuous',
    'Rock a weak car out of a valley with as little force as can be.',
  ),
  builtIn('rapier', 'hopper', 'A one-legged robot hops forward: 3 motors, planar Rapier physics.'),
  builtIn('rapier', 'ant', 'A four-legged robot walks forward: 8 motors, Rapier physics.'),
  builtIn('rapier', 'half-cheetah', 'A two-legged robot runs forward: 6 motors, planar Rapier physics.'),
  builtIn(
    'rapier',
    'reacher',
    'A two-link arm brings its fingertip to a target: 2 motors, planar Rapier physics.',
  ),
  builtIn(
    'rapier',
    'quadruped',
    'A four-legged robot walks at a set speed by torques alone: 12 motors, Rapier physics.',
  ),
  builtIn('rapier', 'cart-pole-swing-up', 'Swing a hanging pole up from a cart and hold it there.'),
];

/**
 * Finds an environment's definition by the name of a built-in one or by a file: `./my-environment.ts`, or
 * `./my-environment.ts#name` where the file exports several.
 */
export async function findEnvironment(nameOrFile: string): Promise<EnvironmentDefinition> {
  const known = builtInEnvironments.find(({ name }) => name === nameOrFile);
  if (known) return loadDefinition(known.module, 'environment', known.name);
  const module = parseModuleName(nameOrFile);
  if (!module) {
    const names = builtInEnvironments.map(({ name }) => name).join(', ');
    throw usageError(`environment ${nameOrFile}: expected a file (.ts or .js) or one of ${names}`);
  }
  const { path: file, wanted } = module;
  const path = resolve(file);
  if (!existsSync(path)) throw usageError(`environment ${nameOrFile}: no such file`);
  const { href } = pathToFileURL(path);
  if (wanted) return loadDefinition(href, 'environment', wanted);
  const found = definitionsIn<EnvironmentDefinition>(await load(href, file), 'environment');
  if (found.length === 1) return found[0];
  const names = found.map(({ name }) => name).join(', ');
  throw usageError(
    found.length === 0
      ? `${file}: expected an exported environment (made by defineEnvironment), found none`
      : `${file}: exports ${names}, expected one of them named: ${file}#${found[0].name}`,
  );
}

async function load(href: string, file: string): Promise<Record<string, unknown>> {
  try {
    return await importModule(href);
  } catch (error) {
    throw usageError(`environment ${file}: cannot be loaded: ${described(error)}`, error);
  }
}

/** A reference to an environment by name or file, its options checked: see `findEnvironment`. */
export async function resolveEnvironment(
  nameOrFile: string,
  options: Readonly<Record<string, unknown>> = {},
): Promise<EnvironmentRef> {
  return environmentRef(await findEnvironment(nameOrFile), options);
}
