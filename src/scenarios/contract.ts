import type { z } from 'zod';
import type { System } from '../actors/contract.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { RunRecord } from './record.ts';

/** A checkpoint as the runner read it back: where the run stood, and everything that decides what follows. */
export interface Checkpoint {
  readonly step: number;
  readonly state: Snapshot;
}

/** What `play` is given: the run's settings, a started actor system, and where to report to. */
export interface Stage<O = unknown> {
  /** Parsed: defaults filled in, every field within its range. */
  readonly options: O;
  readonly seed: number;
  /** How many actors should collect at once (`--threads`). */
  readonly threads: number;
  /** `--executor`; `auto` lets each program choose. */
  readonly executor: string;
  /** Started with the run's seed. The runner stops it, whatever happens. */
  readonly system: System;
  readonly record: RunRecord;
  /** The run's folder. */
  readonly folder: string;
  /**
   * Aborted when the user asks to stop. Go on to the next barrier, write a checkpoint there, then `throw
   * interrupted(step)`. Work that saves nothing may throw at once.
   */
  readonly signal: AbortSignal;
  /** The last checkpoint of the run that goes on; `undefined` in a new run, and where none was written yet. */
  readonly resume: Checkpoint | undefined;
  /** The folder of the run whose policy this one starts from (`--init`). A resumed run has it in its checkpoint. */
  readonly init: string | undefined;
  /** Called with the error when the system fails, before its actors are gone: write a last checkpoint here. */
  onFailure(save: (error: Error) => void | Promise<void>): void;
  /** Called when the run ends, whichever way, before the runner stops `system`: end here what was started beside it. */
  atEnd(end: () => void | Promise<void>): void;
}

/** What several seeds must show together: the median passes, every seed passes, or at least this share of them. */
export type Over = 'median' | 'every' | { readonly atLeast: number; readonly of: number };

/** A bar on what `play` returned. */
export interface Check<R> {
  readonly name: string;
  /**
   * Whether the run has what is checked: an arm that an option left out has nothing to measure. A check that does not apply
   * is named in the summary as not made. Default: it does.
   */
  applies?(result: R): boolean;
  value(result: R): number;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** Printed behind the figures, e.g. `m`. */
  readonly unit?: string;
  /** Default `every`. */
  readonly over?: Over;
}

/** Part of a value, at any depth: what `--smoke` overrides. */
export type Partly<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: Partly<T[K]> | undefined }
    : T;

/** A runnable experiment, as `scenario` makes it: what a scenario file exports as its default. */
export interface Scenario<S extends z.ZodObject = z.ZodObject, R extends object = object> {
  readonly kind: 'scenario';
  readonly name: string;
  readonly summary: string;
  readonly options: S;
  readonly smoke: Partly<z.input<S>>;
  play(stage: Stage<z.output<S>>): Promise<R>;
  readonly checks: readonly Check<R>[];
}

/**
 * Defines a scenario. `play` casts actors, links their ports, and returns plain data when the run is done: every
 * number in it becomes a figure of the summary under its path (`evaluation.return`), and `checks` read it.
 */
export function scenario<S extends z.ZodObject, R extends object>(definition: {
  /** Lower case, with dashes: the name of its folder under `runs/`. */
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** What `--set` may change. Describe each field: `--help` prints it. */
  readonly options: S;
  /** What `--smoke` changes, so that the whole run ends in seconds. */
  readonly smoke: Partly<z.input<NoInfer<S>>>;
  play(stage: Stage<z.output<S>>): Promise<R> | R;
  readonly checks?: readonly Check<NoInfer<R>>[];
}): Scenario<S, R> {
  const { play, checks = [], ...rest } = definition;
  return { kind: 'scenario', ...rest, play: async stage => play(stage), checks };
}
