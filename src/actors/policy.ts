import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { parseOrThrow } from '../core/errors.ts';
import { loadDefinition } from '../core/modules.ts';
import { Random } from '../core/random.ts';
import type { ActionSpace, Space } from '../env/spaces.ts';
import { type Hosted, type HostTensor, type Tensor, type Tree, treeLayout } from '../tensors/index.ts';

/** Random numbers that one row of actions takes: standard normal, or Gumbel (−log(−log u)) for choices by argmax. */
export interface PolicyNoise {
  readonly kind: 'normal' | 'gumbel';
  readonly size: number;
}

/**
 * A policy as pure functions over its parameters, so that any thread can act with it, eagerly or compiled. B is a
 * number of rows, O the flat observation size, A the action size. Observations come raw: whatever normalises them is
 * part of the parameters.
 */
export interface PolicyFunctions<P> {
  /** Random numbers that `act` takes. */
  readonly noise: PolicyNoise;
  /** Fresh parameters. */
  init(random: Random): Hosted<P>;
  /** Draws actions, [B × A]: float32 for boxes (unbounded: bounds are applied where actions meet the environment), else int32. */
  act(args: { params: P; observations: Tensor; noise: Tensor }): Tensor;
  /** The actions it thinks best, [B × A]. */
  decide(args: { params: P; observations: Tensor }): Tensor;
  /** Log-probabilities of actions and values of observations, [B] each: for learners from trajectories. */
  appraise?(args: { params: P; observations: Tensor; actions: Tensor }): { logProbs: Tensor; values: Tensor };
  /** Values of observations, [B]: for learners from trajectories. */
  value?(args: { params: P; observations: Tensor }): Tensor;
}

/** A policy by its name: how any thread makes one. Made by `definePolicy`. */
export interface PolicyDefinition<S extends z.ZodType = z.ZodType, P = never> {
  readonly kind: 'policy';
  /** The URL of the module that exports it. */
  readonly module: string;
  readonly name: string;
  readonly config: S;
  create(config: z.output<S>, spaces: Spaces): PolicyFunctions<P>;
}

/** What a policy sees and what it may do. */
export interface Spaces {
  readonly observation: Space;
  readonly action: ActionSpace;
}

/** Names a policy so that any thread can make it: plain data. */
export interface PolicyRef {
  readonly module: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly spaces: Spaces;
  /** How many numbers its parameters are. */
  readonly size: number;
}

/**
 * Defines a policy, to be exported from its module.
 * @param module `import.meta.url`, or `__filename` in CommonJS
 */
export function definePolicy<S extends z.ZodType, P>(
  module: string,
  recipe: Pick<PolicyDefinition<S, P>, 'name' | 'config' | 'create'>,
): PolicyDefinition<S, P> {
  const url = isAbsolute(module) ? pathToFileURL(module).href : module;
  return Object.freeze({ kind: 'policy' as const, module: url, ...recipe });
}

/** Names a policy for given spaces as plain data. @throws a usage error when its config is wrong */
export function policyRef<S extends z.ZodType, P>(
  definition: PolicyDefinition<S, P>,
  config: z.input<S>,
  spaces: Spaces,
): PolicyRef {
  const parsed = parseOrThrow(definition.config, config, `policy ${definition.name}`);
  const { module, name } = definition;
  const size = treeLayout(
    definition.create(parsed, spaces).init(Random.fromSeed(0)) as Tree<HostTensor>,
  ).size;
  return { module, name, config: config as Record<string, unknown>, spaces, size };
}

/** The policy that a reference names. */
export async function loadPolicy(ref: PolicyRef): Promise<PolicyFunctions<Tree<Tensor>>> {
  type Definition = PolicyDefinition<z.ZodType, Tree<Tensor>>;
  const definition = await loadDefinition<Definition>(ref.module, 'policy', ref.name);
  return definition.create(parseOrThrow(definition.config, ref.config, `policy ${ref.name}`), ref.spaces);
}

/** A policy reference inside an actor's config. */
export const policyRefSchema = z.custom<PolicyRef>(
  value => typeof value === 'object' && value !== null && 'spaces' in value && 'size' in value,
  'expected a reference made by policyRef',
);
