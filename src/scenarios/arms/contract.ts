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
} from '../../actors/contract.ts';
import type { Snapshot } from '../../core/snapshot.ts';

/** One way to do it: the method, a baseline or a control. Its result follows from the run's settings and seed alone. */
export interface Arm<R> {
  /** Unique in its run, whatever the phase. */
  readonly name: string;
  /** What it counts for in the run's progress: gradient steps, say. */
  readonly steps: number;
  /** Casts the arm's actors, and returns plain data (numbers, arrays, typed arrays) when it is done. */
  play(lane: Lane): Promise<R>;
}

/** How an arm's actors are spawned: as elsewhere, but for names, which are the arm's own, and places. */
export interface LaneOptions extends Omit<SpawnOptions, 'on' | 'copies' | 'name'> {
  /** Within the arm. Default: the definition's name. */
  readonly name?: string;
  /**
   * Default: the lane's own thread, which all of an arm's actors share. `beside`: its second one, for work that overlaps
   * with the first. `world`: a third one, for a world that no actor of the other two may hold. `main`: for those that only
   * pass on.
   */
  readonly on?: 'lane' | 'beside' | 'world' | 'main';
}

/** Where an arm plays: one of the lanes that arms run on side by side. */
export interface Lane {
  readonly arm: string;
  readonly seed: number;
  /** Aborted when the run is to stop: the arm is then played anew when the run goes on. */
  readonly signal: AbortSignal;
  /** Spawns an actor of the arm. It is stopped when the arm ends. */
  spawn<S extends z.ZodType, I extends Ports, O extends Ports, M extends Methods>(
    definition: ActorDefinition<S, I, O, M>,
    config: z.input<S>,
    options?: LaneOptions,
  ): Promise<ActorHandle<I, O, M>>;
  /** The same for a learner, which sits where the run wants its learners (`learnersOption`). */
  learner<S extends z.ZodType, I extends Ports, O extends Ports, M extends Methods>(
    definition: ActorDefinition<S, I, O, M>,
    config: z.input<S>,
    options?: LaneOptions,
  ): Promise<ActorHandle<I, O, M>>;
  /** Links two of the arm's actors. Default depth: 64. */
  link<T>(from: OutputEnd<T>, to: InputEnd<T>, options?: LinkOptions): void;
  /** How far the arm is, of its steps. */
  progress(step: number): void;
  /**
   * Figures of the arm at a step. They reach the log when the arm and all before it are done, in the arms' order.
   * @param source who measured. Default: the arm
   */
  row(step: number, values: Readonly<Record<string, number>>, source?: string): void;
}

/** The arms of a run, played in phases. */
export interface Arms {
  /**
   * Plays arms side by side, as many at once as the run has threads. Those that an earlier sitting finished are not
   * played again.
   * @returns their results by name
   */
  play<R>(arms: readonly Arm<R>[]): Promise<Readonly<Record<string, R>>>;
  /** Ends the lanes before the run ends: for a scenario that still has work to do when all arms are played. */
  close(): Promise<void>;
}

/** What checkpoints hold: the results of all arms that are done, in the order in which they were committed. */
export interface ArmsState {
  readonly [key: string]: Snapshot;
  readonly step: number;
  readonly names: readonly string[];
  readonly results: readonly Snapshot[];
}
