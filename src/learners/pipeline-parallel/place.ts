import type { z } from 'zod';
import type {
  ActorDefinition,
  ActorHandle,
  InputEnd,
  LinkOptions,
  Methods,
  OutputEnd,
  Ports,
  SpawnOptions,
  System,
} from '../../actors/contract.ts';

/** What all actors of a pipeline are spawned with, wherever they are. */
type Watch = Pick<SpawnOptions, 'restarts' | 'hangAfter' | 'deadline'>;

/** Where a pipeline's actors live: a system, or the lane of an arm. */
export interface PipelinePlace {
  /** Spawns a stage. `index`: which of all stages of all pipelines it is, where they share threads. */
  stage<S extends z.ZodType, I extends Ports, O extends Ports, M extends Methods>(
    definition: ActorDefinition<S, I, O, M>,
    config: z.input<S>,
    options: Watch & { readonly name: string; readonly index: number },
  ): Promise<ActorHandle<I, O, M>>;
  /** Spawns what only passes on, on the main thread. */
  main<S extends z.ZodType, I extends Ports, O extends Ports, M extends Methods>(
    definition: ActorDefinition<S, I, O, M>,
    config: z.input<S>,
    options: Watch & { readonly name: string },
  ): Promise<ActorHandle<I, O, M>>;
  link<T>(from: OutputEnd<T>, to: InputEnd<T>, options: LinkOptions): void;
}

/** As much of a lane of arms as a pipeline wants: see `src/scenarios/arms/contract.ts`. */
export interface LaneLike {
  spawn<S extends z.ZodType, I extends Ports, O extends Ports, M extends Methods>(
    definition: ActorDefinition<S, I, O, M>,
    config: z.input<S>,
    options?: Watch & { readonly name?: string; readonly on?: 'lane' | 'beside' | 'main' },
  ): Promise<ActorHandle<I, O, M>>;
  link<T>(from: OutputEnd<T>, to: InputEnd<T>, options?: LinkOptions): void;
}

/**
 * Each stage in a worker of its own.
 * @param threads stages share so many workers instead, by turns
 * @param prefix of the actors' names, where a system has several pipelines one after the other
 */
export function onSystem(
  system: System,
  { threads, prefix = '' }: { readonly threads?: number; readonly prefix?: string } = {},
): PipelinePlace {
  return {
    stage: (definition, config, { index, name, ...watch }) =>
      system.spawn(definition, config, {
        ...watch,
        name: `${prefix}${name}`,
        on: threads === undefined ? 'worker' : { thread: `pipeline ${index % threads}` },
      }),
    main: (definition, config, { name, ...watch }) =>
      system.spawn(definition, config, { ...watch, name: `${prefix}${name}`, on: 'main' }),
    link: (from, to, options) => system.link(from, to, options),
  };
}

/** The stages by turns on both threads of a lane. */
export const onLane = (
  lane: LaneLike,
  { prefix = '' }: { readonly prefix?: string } = {},
): PipelinePlace => ({
  stage: (definition, config, { index, name, ...watch }) =>
    lane.spawn(definition, config, {
      ...watch,
      name: `${prefix}${name}`,
      on: index % 2 === 0 ? 'lane' : 'beside',
    }),
  main: (definition, config, { name, ...watch }) =>
    lane.spawn(definition, config, { ...watch, name: `${prefix}${name}`, on: 'main' }),
  link: (from, to, options) => lane.link(from, to, options),
});
