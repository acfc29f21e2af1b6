import type { Random } from '../../core/random.ts';
import type { Snapshot } from '../../core/snapshot.ts';

/**
 * What a planner needs of a model: what actions would bring, from where the model stands. How it is brought to a state is
 * the model's own. One that plans for several agents at once has a state for each.
 *
 * A is the action size, H the horizon in actions, J the number of candidates of an agent, N the number of agents.
 */
export interface PlanningModel {
  readonly actionSize: number;
  /** Bounds of an action, [A] each; infinite where there are none. */
  readonly low: ArrayLike<number>;
  readonly high: ArrayLike<number>;
  /** N. Default 1. */
  readonly agents?: number;
  /**
   * Predicts the return, the sum of rewards, of every candidate. The reward of an action is the one that the step with
   * that action gives. The model stands where it stood when this returns or resolves.
   * @param actions [N × J × H × A] within the bounds: the candidates of an agent lie together. Not to be written or kept
   * @param out [N × J], in the same order, each to be written with a finite number
   */
  evaluate(
    actions: Float32Array,
    candidates: number,
    horizon: number,
    out: Float32Array,
  ): void | Promise<void>;
}

/** Where the agents are: what a player sends a planner before each action. Rows are by agent. */
export interface Situation {
  /** Of the episodes under way; a planner takes its random numbers from it. */
  readonly seed: number;
  /** Actions taken since the episodes started: 0 where they start. */
  readonly step: number;
  /** [N × O] */
  readonly observations: Float32Array;
  /** The actions that led here, [N × A]; zero where episodes start. */
  readonly actions: Float32Array;
  /** What they earned, [N]. */
  readonly rewards: Float32Array;
  /** [N], 1 where an agent's episode is over and its actions no longer count. */
  readonly ended: Uint8Array;
  /** Whole states of the agents' worlds, from `copyState`; only from a player that is asked to tell them. */
  readonly states?: readonly Snapshot[];
}

/** A model that can follow what happens, so that it stands where the agents are. */
export interface FollowingModel extends PlanningModel {
  /** Brings the model to where the agents are. Situations come in order, beginning with step 0. */
  follow(situation: Situation): void | Promise<void>;
  /** What `follow` has made of the situations so far. Without these two a restarted planner forgets them. */
  snapshot?(): Snapshot;
  restore?(snapshot: Snapshot): void;
  close?(): void;
}

/** How the last plan of an agent went. */
export interface PlanFigures {
  /** The greatest predicted return of the candidates of the last iteration. */
  readonly bestReturn: number;
  /** What the plan was still unsure of: a standard deviation, mean over its actions, in units in which bounds are ±1. */
  readonly eliteStd: number;
}

/** What a planner actor tells of each plan of each agent. */
export interface PlanTrace extends PlanFigures {
  readonly seed: number;
  readonly step: number;
  readonly agent: number;
  /** Milliseconds that the plans of all agents took together. */
  readonly ms: number;
}

/**
 * Plans from where its model stands. All its randomness comes from the stream it was given, one of its own for each agent:
 * an agent's plans do not depend on who plans beside it.
 */
export interface Planner {
  /**
   * @returns what to do now, [N × A] within the bounds, overwritten by the next plan. A promise only where the model gives
   * promises
   */
  plan(): Float32Array | Promise<Float32Array>;
  /** Of the last plan, by agent. */
  readonly figures: readonly PlanFigures[];
  /** Forgets what it planned so far, and takes its random numbers from here on: for new episodes. */
  begin(random: Random): void;
  /** Where its streams and, if plans carry over, its plans stand. */
  snapshot(): Snapshot;
  restore(snapshot: Snapshot): void;
}
