import type { LogRecord, TrialId } from '../contract.ts';

/** What a policy is, to whoever loads it: numbers by name. */
export type PolicyParameters = Readonly<Record<string, number>>;

/**
 * What the trial actors send each other. Trials travel in batches of a fixed size, numbered from 0: batch b of size s
 * holds the trials b·s … b·s + s - 1. No message that a cell or an operator gets or gives has a word for the arm
 * (`test/evaluation/actors/concealment.test.ts` proves it of the types).
 */
export type TrialMessage =
  | TrialRequest
  | TrialOrder
  | PolicyRequest
  | PolicyAnswer
  | PolicyShelf
  | TrialsAssigned
  | TrialOutcomes
  | TrialsLogged
  | TrialRows
  | AssignReveal
  | JoinedTrials;

// ── What cells and operators see ────────────────────────────────────────────────────────────────────────────────

/** A cell asks for its next batch. */
export interface TrialRequest {
  readonly type: 'request';
  readonly batch: number;
}

/** What a cell is to do. The handle is a random token that differs in every trial; it fetches the policy. */
export interface TrialOrder {
  readonly type: 'order';
  readonly batch: number;
  readonly orders: readonly {
    readonly unitId: string;
    readonly index: number;
    readonly policyHandle: string;
  }[];
}

/** A cell asks for the policies behind its handles. */
export interface PolicyRequest {
  readonly type: 'policies wanted';
  readonly batch: number;
  readonly handles: readonly string[];
}

/** The policies, in the order of the handles. */
export interface PolicyAnswer {
  readonly type: 'policies';
  readonly batch: number;
  readonly policies: readonly PolicyParameters[];
}

/** What trials of a batch came to; several messages make a batch whole. */
export interface TrialOutcomes {
  readonly type: 'outcomes';
  readonly batch: number;
  readonly outcomes: readonly UnitOutcome[];
}

/** A trial's outcome as whoever scored it wrote it down. */
export interface UnitOutcome {
  readonly unitId: string;
  readonly index: number;
  readonly robot: string;
  readonly operatorId: string;
  /** `undefined`: the trial was aborted. */
  readonly success: boolean | undefined;
  readonly metrics: Readonly<Record<string, number>>;
  /** How the scene stood before the trial. */
  readonly startState: readonly number[];
  /** What else trials may be grouped by, e.g. the day. */
  readonly when: Readonly<Record<string, string>>;
}

// ── What stays between scheduler, store, log and analyst ────────────────────────────────────────────────────────

/** The scheduler tells the store what is behind handles, before it gives them out. */
export interface PolicyShelf {
  readonly type: 'shelf';
  readonly batch: number;
  readonly policies: readonly { readonly handle: string; readonly parameters: PolicyParameters }[];
}

/** The scheduler has drawn the arms of a batch, and says that it has, not which. */
export interface TrialsAssigned {
  readonly type: 'assigned';
  readonly batch: number;
  readonly trials: readonly TrialId[];
}

/** A batch stands whole in the log. */
export interface TrialsLogged {
  readonly type: 'logged';
  readonly batch: number;
}

/** A batch's outcomes as they were logged, by index. */
export interface TrialRows {
  readonly type: 'rows';
  readonly batch: number;
  readonly rows: readonly Extract<LogRecord, { type: 'outcome' }>[];
}

/** What the arms of a logged batch were, in every layer; by index. */
export interface AssignReveal {
  readonly type: 'reveal';
  readonly batch: number;
  readonly reveals: readonly {
    readonly unitId: string;
    readonly arms: Readonly<Record<string, string>>;
  }[];
}

/** Finished trials with their arms in one layer, by index: what a sequential test reads. */
export interface JoinedTrials {
  readonly type: 'joined';
  readonly layer: string;
  readonly trials: readonly { readonly arm: string; readonly success: boolean | undefined }[];
}
