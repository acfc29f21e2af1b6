import { loadDefinition } from '../../core/modules.ts';
import type { Environment, EnvironmentRef, VectorEnvironment } from '../contract.ts';
import { type EnvironmentDefinition, environmentRef, parseOptions } from '../define.ts';
import { singleOf } from '../single.ts';
import { vectorize } from '../vectorize.ts';
import type { Findings, Rule } from './rules.ts';

/** What can be checked: a function that makes a copy, a definition with its default options, a reference. */
export type Subject = (() => Environment | Promise<Environment>) | EnvironmentDefinition | EnvironmentRef;

export interface CheckBudget {
  /** Steps of one play. */
  readonly steps: number;
  /** Steps in which an episode is waited for to end. */
  readonly patience: number;
}

/** How the checks make what they look at, without the checks of every step that `loadEnvironment` adds. */
export interface Makers {
  readonly name: string;
  /** Whether the vector environment is the author's own, not made by `vectorize`. */
  readonly isNative: boolean;
  /** Whether Troupe itself refuses bad actions and steps after the end: so it does for all that is defined. */
  readonly isGuarded: boolean;
  single(): Promise<Environment>;
  vector(count: number): Promise<VectorEnvironment>;
  /** With another time limit, where the environment takes one. */
  limited?(count: number, maxEpisodeSteps: number): Promise<VectorEnvironment>;
  /** Steps after which Troupe truncates the author's episodes. */
  readonly limit?: number;
}

/** One look at an environment. */
export interface Check {
  /** What it looks at. A check that throws breaks the first. */
  readonly rules: readonly [Rule, ...Rule[]];
  /** Finds what is broken, and skips what cannot be looked at. The makers close what they make. */
  run(makers: Makers, found: Findings, budget: CheckBudget): Promise<void>;
}

/** Lends makers out, and closes all that they made, whatever happens. */
export async function withCopies<T>(makers: Makers, use: (lent: Makers) => Promise<T>): Promise<T> {
  const made: { close?(): void }[] = [];
  const noting = <P extends unknown[], C extends { close?(): void }>(make: (...options: P) => Promise<C>) => {
    return async (...options: P): Promise<C> => {
      const copy = await make(...options);
      made.push(copy);
      return copy;
    };
  };
  const { single, vector, limited } = makers;
  const lent = { ...makers, single: noting(single), vector: noting(vector) };
  try {
    return await use({ ...lent, ...(limited && { limited: noting(limited) }) });
  } finally {
    for (const copy of made) copy.close?.();
  }
}

export async function makersOf(subject: Subject): Promise<Makers> {
  if (typeof subject === 'function')
    return { ...lifted(subject.name || 'environment', subject), isGuarded: false };
  if ('kind' in subject) return makersOfDefinition(subject, environmentRef(subject).options);
  const definition = await loadDefinition<EnvironmentDefinition>(subject.module, 'environment', subject.name);
  return makersOfDefinition(definition, subject.options);
}

function makersOfDefinition(definition: EnvironmentDefinition, given: EnvironmentRef['options']): Makers {
  const { name } = definition;
  const options = parseOptions(definition, given);
  if (definition.make)
    return lifted(name, () => definition.make!(options), definition.maxEpisodeSteps?.(options));
  const vector = async (count: number) => definition.makeVector!(options, count);
  const single = async () => singleOf(await vector(1), name);
  const made = { name, isNative: true, isGuarded: true, single, vector };
  const withLimit = (maxEpisodeSteps: number) => ({ ...given, maxEpisodeSteps });
  const trial = definition.options.safeParse(withLimit(5)).data as { maxEpisodeSteps?: unknown } | undefined;
  if (trial?.maxEpisodeSteps !== 5) return made;
  return {
    ...made,
    limited: async (count, limit) =>
      definition.makeVector!(parseOptions(definition, withLimit(limit)), count),
  };
}

function lifted(name: string, make: () => Environment | Promise<Environment>, limit?: number): Makers {
  const limited = (count: number, maxEpisodeSteps: number) =>
    vectorize(make, count, { name, maxEpisodeSteps });
  return {
    ...{ name, isNative: false, isGuarded: true, limited, ...(limit !== undefined && { limit }) },
    single: async () => make(),
    vector: count => (limit === undefined ? vectorize(make, count, { name }) : limited(count, limit)),
  };
}
