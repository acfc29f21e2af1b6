import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { z } from 'zod';
import { bytesPerElement } from '../../core/arrays.ts';
import { usageError } from '../../core/errors.ts';
import type {
  ActorContext,
  ActorDefinition,
  Methods,
  Ports,
  SlabFields,
  SlabPort,
  ValuePort,
} from '../contract.ts';

/** What `defineActor` takes: a definition without its mark and its module. */
export interface ActorSource<S extends z.ZodType, I extends Ports, O extends Ports, M extends Methods> {
  /** Unique among the actors of its module; also the default name in a system. */
  readonly name: string;
  readonly config: S;
  /** Ports, or how they follow from the config. */
  readonly inputs?: I | ((config: z.output<S>) => I);
  readonly outputs?: O | ((config: z.output<S>) => O);
  // biome-ignore lint/suspicious/noConfusingVoidType: an actor without methods need not return anything
  start(context: ActorContext<z.output<S>, I, O>): M | void | Promise<M | void>;
}

/**
 * Defines an actor.
 *
 * @param module `import.meta.url` (or `__filename`) of the module that exports the definition, so that any thread can
 *   load it
 * @example
 * export const doubler = defineActor(import.meta.url, {
 *   name: 'doubler',
 *   config: z.object({ factor: z.number().default(2) }),
 *   inputs: { numbers: port<number>() },
 *   outputs: { doubled: port<number>() },
 *   start({ config, inputs, outputs }) {
 *     inputs.numbers.pipe(map(n => n * config.factor)).subscribe(outputs.doubled);
 *   },
 * });
 */
export function defineActor<
  S extends z.ZodType,
  I extends Ports = Record<never, never>,
  O extends Ports = Record<never, never>,
  M extends Methods = Record<never, never>,
>(module: string, source: ActorSource<S, I, O, M>): ActorDefinition<S, I, O, M> {
  return {
    kind: 'actor',
    module: isAbsolute(module) ? pathToFileURL(module).href : module,
    name: source.name,
    config: source.config,
    inputs: source.inputs ?? ({} as I),
    outputs: source.outputs ?? ({} as O),
    start: context => source.start(context),
  };
}

/**
 * A port of small structured values: plain data, typed arrays, maps, sets, dates, errors. Values are copied between
 * threads and passed by reference on one thread, so do not change what was sent.
 * @param schema checks each value where it enters the actor; a value that fails it stops the system with one line
 */
export function port<T>(): ValuePort<T>;
export function port<S extends z.ZodType>(schema: S): ValuePort<z.output<S>>;
export function port(schema?: z.ZodType): ValuePort<unknown> {
  return schema ? { port: 'value', schema } : { port: 'value' };
}

/**
 * A port of slabs: fixed-shape struct-of-arrays batches, through shared memory.
 * @example slab({ observations: { dtype: 'float32', shape: [64, 4] }, rewards: { dtype: 'float32', shape: [64] } })
 */
export function slab<const F extends SlabFields>(fields: F): SlabPort<F> {
  for (const [name, { dtype, shape }] of Object.entries(fields)) {
    bytesPerElement(dtype);
    if (!shape.every(size => Number.isSafeInteger(size) && size > 0)) {
      throw usageError(`slab field ${name}: shape = [${shape}]: expected positive integers`);
    }
  }
  return { port: 'slab', fields };
}

/** The ports of a definition for one config, whichever way they were given. */
export const portsOf = (ports: Ports | ((config: never) => Ports), config: unknown): Ports =>
  typeof ports === 'function' ? ports(config as never) : ports;
