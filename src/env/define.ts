import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { parseOrThrow, usageError } from '../core/errors.ts';
import { loadDefinition } from '../core/modules.ts';
import { assertCount } from './columns.ts';
import type { Environment, EnvironmentRef, VectorEnvironment } from './contract.ts';
import { guarded } from './guard.ts';
import { singleOf } from './single.ts';
import type { ActionSpace, Space } from './spaces.ts';
import { vectorize } from './vectorize.ts';

interface Described<S extends z.ZodType> {
  readonly name: string;
  /** One line for `troupe list`. */
  readonly summary: string;
  /** Options, checked wherever they come in. Default: none are taken. */
  readonly options: S;
}

/** An environment by its name: how any thread makes one. Made by `defineEnvironment`. */
export interface EnvironmentDefinition<
  S extends z.ZodType = z.ZodType,
  O extends Space = Space,
  A extends ActionSpace = ActionSpace,
> extends Described<S> {
  readonly kind: 'environment';
  /** The URL of the module that exports it. */
  readonly module: string;
  make?(options: z.output<S>): Environment<O, A> | Promise<Environment<O, A>>;
  makeVector?(
    options: z.output<S>,
    count: number,
  ): VectorEnvironment<O, A> | Promise<VectorEnvironment<O, A>>;
  /** Steps after which an episode of `make` is truncated, at least 1. Default: never; a vector environment keeps its own limit. */
  maxEpisodeSteps?(options: z.output<S>): number;
}

type Recipe<S extends z.ZodType, O extends Space, A extends ActionSpace> = Omit<Described<S>, 'options'> & {
  readonly options?: S;
} & (
    | {
        make(options: z.output<S>): Environment<O, A> | Promise<Environment<O, A>>;
        makeVector?: undefined;
        readonly maxEpisodeSteps?: number | ((options: z.output<S>) => number);
      }
    | {
        make?: undefined;
        makeVector(
          options: z.output<S>,
          count: number,
        ): VectorEnvironment<O, A> | Promise<VectorEnvironment<O, A>>;
        maxEpisodeSteps?: undefined;
      }
  );

const noOptions = z.strictObject({});

/**
 * Defines an environment, to be exported from its module.
 * @param module `import.meta.url`, or `__filename` in CommonJS
 * @param recipe exactly one of `make` (one copy; copies are lifted by `vectorize`) and `makeVector` (all copies at once)
 */
export function defineEnvironment<
  O extends Space,
  A extends ActionSpace,
  S extends z.ZodType = typeof noOptions,
>(module: string, recipe: Recipe<S, O, A>): EnvironmentDefinition<S, O, A> {
  if ((recipe.make === undefined) === (recipe.makeVector === undefined))
    throw usageError(`environment ${recipe.name}: expected exactly one of make and makeVector`);
  const { maxEpisodeSteps } = recipe;
  const definition = {
    kind: 'environment',
    module: /^[a-z]{2,}:/i.test(module) ? module : pathToFileURL(module).href,
    ...recipe,
    options: recipe.options ?? noOptions,
    ...(typeof maxEpisodeSteps === 'number' && { maxEpisodeSteps: () => maxEpisodeSteps }),
  };
  return Object.freeze(definition) as unknown as EnvironmentDefinition<S, O, A>;
}

/**
 * One copy as it is, its types read off its spaces: what `make` returns, so that `step(action)` needs no annotation.
 * (TypeScript reads no types off what a function with parameters of its own returns, unless through a call.)
 *
 * ```ts
 * make({ reach }) {
 *   return environment({ observationSpace: box(2), actionSpace: discrete(3), reset() { … }, step(action) { … } });
 * }
 * ```
 */
export const environment = <O extends Space, A extends ActionSpace>(
  copy: Environment<O, A>,
): Environment<O, A> => copy;

/** Names an environment and its options as plain data. @throws a usage error when an option is wrong */
export function environmentRef<S extends z.ZodType>(
  definition: EnvironmentDefinition<S>,
  options?: z.input<S>,
): EnvironmentRef {
  parseOptions(definition, options ?? {});
  return { module: definition.module, name: definition.name, options: { ...(options as object) } };
}

/** The copies of an environment that a reference names, checked at every step. Works in any thread. */
export async function loadEnvironment(ref: EnvironmentRef, count: number): Promise<VectorEnvironment> {
  const definition = await loadDefinition<EnvironmentDefinition>(ref.module, 'environment', ref.name);
  return makeVectorEnvironment(definition, ref.options, count);
}

/** `count` copies of an environment, checked at every step. */
export async function makeVectorEnvironment<S extends z.ZodType, O extends Space, A extends ActionSpace>(
  definition: EnvironmentDefinition<S, O, A>,
  options: z.input<S>,
  count: number,
): Promise<VectorEnvironment<O, A>> {
  const { name } = definition;
  assertCount(count, name);
  const parsed = parseOptions(definition, options);
  if (definition.makeVector) {
    const vector = await definition.makeVector(parsed, count);
    try {
      return guarded(vector, name);
    } catch (error) {
      vector.close();
      throw error;
    }
  }
  const limit = definition.maxEpisodeSteps?.(parsed);
  return vectorize<O, A>(() => definition.make!(parsed), count, {
    name,
    ...(limit !== undefined && { maxEpisodeSteps: limit }),
  });
}

/** One copy of an environment, time limit included, whichever way it is defined. */
export async function makeEnvironment<S extends z.ZodType, O extends Space, A extends ActionSpace>(
  definition: EnvironmentDefinition<S, O, A>,
  options: z.input<S>,
): Promise<Environment<O, A>> {
  return singleOf(await makeVectorEnvironment(definition, options, 1), definition.name);
}

/** What an environment looks like from outside: its spaces, and the figures it gives. */
export interface EnvironmentDescription {
  readonly name: string;
  readonly summary: string;
  readonly observationSpace: Space;
  readonly actionSpace: ActionSpace;
  /** The names of the figures that come with every step. */
  readonly info: readonly string[];
}

/** What an environment looks like from outside. Makes one copy to look at, and closes it. */
export async function describeEnvironment(ref: EnvironmentRef): Promise<EnvironmentDescription> {
  const definition = await loadDefinition<EnvironmentDefinition>(ref.module, 'environment', ref.name);
  const copy = await makeVectorEnvironment(definition, ref.options, 1);
  const { observationSpace, actionSpace } = copy;
  copy.close();
  const { name, summary } = definition;
  return { name, summary, observationSpace, actionSpace, info: Object.keys(copy.info) };
}

/** An environment's options, checked. */
export function parseOptions<S extends z.ZodType>(definition: EnvironmentDefinition<S>, options: unknown) {
  return parseOrThrow(definition.options, options, `${definition.name} options`);
}
