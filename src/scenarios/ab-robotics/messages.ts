import type { Surroundings } from './contract.ts';

/** How the world stands in each trial of a batch, by index. */
export interface WorldStates {
  readonly type: 'world';
  readonly batch: number;
  readonly states: readonly Surroundings[];
}

/** What a cell measured; no verdict yet. */
export interface TrialsPlayed {
  readonly type: 'played';
  readonly batch: number;
  readonly trials: readonly PlayedTrial[];
}

/** One trial, as an operator sees it: where the cube came to lie, not who was behind it. */
export interface PlayedTrial {
  readonly unitId: string;
  readonly index: number;
  readonly robot: string;
  /** Of the cube from the middle of the other bin, m. `undefined`: the cell gave up before it began. */
  readonly distance: number | undefined;
  /** Along and across the way, m, and turn, rad. */
  readonly startState: readonly number[];
}
