import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { parseOrThrow } from '../../core/errors.ts';
import { loadDefinition } from '../../core/modules.ts';
import type { FollowingModel } from './contract.ts';

/** What a planner will ask of its model: a model may make room for it. */
export interface PlanningSize {
  readonly agents: number;
  readonly candidates: number;
  readonly horizon: number;
}

/** A planning model by its name: how a planner actor makes one on its thread. Made by `definePlanningModel`. */
export interface PlanningModelDefinition<S extends z.ZodType = z.ZodType> {
  readonly kind: 'planning-model';
  /** The URL of the module that exports it. */
  readonly module: string;
  readonly name: string;
  readonly options: S;
  /** The model is to have `size.agents` agents. */
  make(options: z.output<S>, size: PlanningSize): FollowingModel | Promise<FollowingModel>;
}

/** Names a planning model so that any thread can make it: plain data. */
export interface PlanningModelRef {
  readonly module: string;
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * Defines a planning model, to be exported from its module.
 * @param module `import.meta.url`, or `__filename` in CommonJS
 */
export function definePlanningModel<S extends z.ZodType>(
  module: string,
  recipe: Pick<PlanningModelDefinition<S>, 'name' | 'options' | 'make'>,
): PlanningModelDefinition<S> {
  const url = isAbsolute(module) ? pathToFileURL(module).href : module;
  return Object.freeze({ kind: 'planning-model' as const, module: url, ...recipe });
}

/** Names a planning model and its options as plain data. @throws a usage error when an option is wrong */
export function planningModelRef<S extends z.ZodType>(
  definition: PlanningModelDefinition<S>,
  options: z.input<S>,
): PlanningModelRef {
  const { module, name } = definition;
  parseOrThrow(definition.options, options, `planning model ${name}`);
  return { module, name, options: { ...(options as object) } };
}

/** The planning model that a reference names. */
export async function loadPlanningModel(ref: PlanningModelRef, size: PlanningSize): Promise<FollowingModel> {
  const definition = await loadDefinition<PlanningModelDefinition>(ref.module, 'planning-model', ref.name);
  return definition.make(parseOrThrow(definition.options, ref.options, `planning model ${ref.name}`), size);
}

/** A planning model's reference inside an actor's config. */
export const planningModelRefSchema = z.custom<PlanningModelRef>(
  value => typeof value === 'object' && value !== null && 'module' in value && 'options' in value,
  'expected a reference made by planningModelRef',
);
