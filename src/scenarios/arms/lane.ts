import { z } from 'zod';
import type { ActorHandle, Placement, System } from '../../actors/contract.ts';
import { defineActor } from '../../actors/index.ts';
import { TroupeError } from '../../core/errors.ts';
import type { MetricRow } from '../../core/metric-rows.ts';
import type { Lane, LaneOptions } from './contract.ts';

/** Where learners sit. */
export const learnerPlaces = ['lane', 'host', 'apart'] as const;
/** One of them. */
export type LearnerPlace = (typeof learnerPlaces)[number];

/** For a scenario's options, under `learners`. */
export const learnersOption = z
  .enum(learnerPlaces)
  .default('lane')
  .describe(
    'Where learners sit: with their arm, all on the one tensor host, or each on a thread of its own.',
  );

/** Keeps a lane’s thread, and what its actors have loaded and read, from one arm to the next. */
export const laneKeeper = defineActor(import.meta.url, {
  name: 'lane keeper',
  config: z.object({}),
  start() {},
});

/** Milliseconds that a call to an arm's actor may take: whole trainings are calls. */
const deadline = 1_800_000;

/** One of the places where arms are played, one after another. */
export class LaneThreads {
  readonly #system: System;
  readonly #name: string;
  readonly #learners: LearnerPlace;
  readonly #keepers = new Map<
    string,
    Promise<ActorHandle<Record<never, never>, Record<never, never>, Record<never, never>>>
  >();

  constructor(system: System, index: number, learners: LearnerPlace) {
    this.#system = system;
    this.#name = `lane ${index + 1}`;
    this.#learners = learners;
  }

  /** Opens the lane for an arm. */
  open(
    arm: string,
    seed: number,
    signal: AbortSignal,
    told: { row(row: MetricRow): void; progress(step: number): void },
  ) {
    const handles: { stop(): Promise<void> }[] = [];
    const system = this.#system;
    let ended = false;
    const mustPlay = (): void => {
      if (ended) throw new TroupeError(`arm ${arm}: it has ended, its lane is another's`);
    };
    const spawnAt = async (
      on: Placement,
      definition: never,
      config: never,
      options: LaneOptions,
      name: string,
    ) => {
      const { on: _, name: __, ...rest } = options;
      mustPlay();
      const handle = await system.spawn(definition, config, {
        deadline,
        // An arm's actors depend on each other's every message: it is played anew as a whole.
        restarts: { times: 0, within: 60_000 },
        ...rest,
        on,
        name: `${arm} ${name}`,
      });
      // The arm was ended while its actor started.
      if (ended) await handle.stop();
      mustPlay();
      handles.push(handle);
      return handle;
    };
    const spawn = async (definition: { name: string }, config: unknown, options: LaneOptions = {}) =>
      spawnAt(
        await this.#place(options.on ?? 'lane'),
        definition as never,
        config as never,
        options,
        options.name ?? definition.name,
      );
    const learner = async (definition: { name: string }, config: unknown, options: LaneOptions = {}) => {
      if (this.#learners === 'lane') return spawn(definition, config, options);
      const on = this.#learners === 'host' ? 'tensors' : 'worker';
      return spawnAt(on, definition as never, config as never, options, options.name ?? definition.name);
    };
    const lane = {
      arm,
      seed,
      signal,
      spawn,
      learner,
      link: (from, to, options) => system.link(from, to, { depth: 64, ...options }),
      progress(step) {
        if (!ended) told.progress(step);
      },
      row: (step, values, source) => told.row({ source: source ?? arm, step, values }),
    } as Lane;
    return {
      lane,
      /** Stops the arm's actors, last spawned first. */
      async close(): Promise<void> {
        ended = true;
        for (const handle of handles.reverse()) await handle.stop();
      },
    };
  }

  async #place(on: 'lane' | 'beside' | 'world' | 'main'): Promise<Placement> {
    if (on === 'main') return 'main';
    const thread = on === 'lane' ? this.#name : `${this.#name} ${on}`;
    let keeper = this.#keepers.get(thread);
    if (!keeper) {
      keeper = this.#system.spawn(laneKeeper, {}, { on: { thread }, name: `${thread} keeper` });
      this.#keepers.set(thread, keeper);
    }
    await keeper;
    return { thread };
  }
}
