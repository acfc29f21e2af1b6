/**
 * The words of an experiment: what is planned, what is logged, what is concluded. Everything else in this
 * folder is plain functions between these three.
 */

// ── The plan, fixed before the first trial ─────────────────────────────────────────────────────────────────

/** One of the things compared. The first arm of a design is the baseline. */
export interface Arm {
  readonly name: string;
  /** Share of the units it is given, relative to the other arms' weights; above 0. */
  readonly weight: number;
}

/** What is measured in each trial. */
export interface Metric {
  readonly name: string;
  /** `binary`: 0 or 1, success or failure. `number`: a finite number. */
  readonly kind: 'binary' | 'number';
  readonly better: 'higher' | 'lower';
}

/**
 * When the experiment ends. `fixed`: after so many units, and looking before then proves nothing.
 * `always-valid`: at any look at which the confidence sequence leaves 0 out, or at `cap` units; `planned`
 * (N*) tunes where it is tightest and must not change after the start.
 */
export type Stopping =
  | { readonly rule: 'fixed'; readonly units: number }
  | { readonly rule: 'always-valid'; readonly planned: number; readonly cap: number };

/** An experiment as it was meant before anything was seen. Its hash stands in the log's first line. */
export interface Design {
  readonly name: string;
  readonly hypothesis: string;
  /** The baseline first; at least two. */
  readonly arms: readonly Arm[];
  /**
   * What is randomised. `trial`: each trial draws its arm. `session`: a session of trials draws one arm for
   * all of them. `pair`: every unit (a seed) is played by every arm, in an order drawn for it.
   */
  readonly unit: 'trial' | 'session' | 'pair';
  /** The one that decides. */
  readonly metric: Metric;
  /** Explored beside it; their p values are corrected (Holm). */
  readonly secondary: readonly Metric[];
  /** Names of strata that every trial has a value of: `operator`, `robot`, `day`. */
  readonly strata: readonly string[];
  readonly stopping: Stopping;
  /** Of all intervals, e.g. 0.95. */
  readonly level: number;
  /**
   * The relative effect worth finding, e.g. 0.05: what the power is computed for (default `USUAL_EFFECT`), and how much worse
   * is still "not worse" (default 1 %).
   */
  readonly worthFinding?: number | undefined;
}

/** The relative effect that the power is told for where a design names none: 5 %. */
export const USUAL_EFFECT = 0.05;

// ── The log: append-only, one record a line ─────────────────────────────────────────────────────────────────────

/** What one trial came to. */
export interface TrialOutcome {
  /** `failed`: no outcome (a crash, an abort). It stays in the log and is counted by arm. */
  readonly status: 'done' | 'failed';
  /** By the metric's name. Empty where it failed. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Values of the design's strata, and whatever else may be grouped by. */
  readonly strata: Readonly<Record<string, string>>;
  /** Why it failed, in one line. */
  readonly reason?: string | undefined;
}

/** One execution. `index` orders trials as they were assigned, whoever finished first. */
export interface TrialId {
  readonly trial: string;
  /** What was randomised: the trial itself, its session, or its pair. */
  readonly unit: string;
  readonly index: number;
}

/**
 * A line of the trial log. An arm stands in `assigned`, or, where the experiment is blinded, only
 * in `revealed`.
 */
export type LogRecord =
  | { readonly type: 'opened'; readonly design: Design; readonly designHash: string; readonly seed: number }
  | ({ readonly type: 'assigned'; readonly arm?: string | undefined } & TrialId)
  | ({ readonly type: 'outcome' } & TrialId & TrialOutcome)
  | { readonly type: 'revealed'; readonly trial: string; readonly arm: string }
  | { readonly type: 'stopped'; readonly reason: 'fixed' | 'settled' | 'cap'; readonly trials: number };

/** A finished trial joined with its arm: what analyses fold over. */
export interface Trial extends TrialId, TrialOutcome {
  readonly arm: string;
}

// ── Numbers with their uncertainty ─────────────────────────────────────────────────────────────────────────

/** What the data cannot say, and why. Never a NaN. */
export interface NotEstimable {
  readonly estimable: false;
  /** One sentence without its full stop: `the baseline has no success`. */
  readonly reason: string;
}

/** A number with its interval. */
export interface Estimated {
  readonly estimable: true;
  readonly value: number;
  /** On the scale the interval was made on: that of ln for ratios. */
  readonly standardError: number;
  readonly low: number;
  readonly high: number;
  /** Of the interval, e.g. 0.95. */
  readonly level: number;
  /** Of Student's t, where the interval uses it. */
  readonly degrees?: number | undefined;
}
/** A number with its interval, or why there is none. */
export type Estimate = Estimated | NotEstimable;

/** A test's statistic and its two-sided p. */
export interface Tested {
  readonly estimable: true;
  readonly statistic: number;
  /** In (0, 1]. */
  readonly p: number;
  readonly degrees?: number | undefined;
}
/** A test's outcome, or why there is none. */
export type TestResult = Tested | NotEstimable;

/** Successes among trials. Whole numbers, 0 ≤ successes ≤ n. */
export interface Proportion {
  readonly successes: number;
  readonly n: number;
}

/** What a numeric metric's trials come to: enough for every test of means. `variance` has n - 1 below it. */
export interface Moments {
  readonly n: number;
  readonly mean: number;
  readonly variance: number;
}

/** A two-by-two table of a stratum: the arm beside the baseline. */
export interface Stratum {
  readonly name?: string | undefined;
  readonly arm: Proportion;
  readonly baseline: Proportion;
}

// ── What is concluded ──────────────────────────────────────────────────────────────────────────────────────

/** An arm's trials, counted. */
export interface ArmSummary {
  readonly arm: string;
  readonly assigned: number;
  readonly analysed: number;
  readonly missing: number;
  /** Of the metric over what was analysed; a rate where it is binary. */
  readonly mean: Estimate;
}

/** The estimate as it stood after so many units. */
export interface Look {
  readonly units: number;
  /** Of the effect, fixed-horizon: honest only at the planned end. */
  readonly estimate: Estimate;
  /** Of the effect, always valid: honest at every look. */
  readonly sequence: Estimate;
}

/** One arm against the baseline. */
export interface Comparison {
  readonly arm: string;
  readonly baseline: string;
  /** On the metric's own scale: mean or rate of the arm minus the baseline's. */
  readonly difference: Estimate;
  /** (arm / baseline) - 1: the one to publish where it can be estimated. */
  readonly relative: Estimate;
  /** How they were made, in words: `log ratio`, `paired t`, `CMH over operator × day`. */
  readonly method: string;
  readonly test: TestResult;
  /** Corrected for the arms that share the baseline (Dunnett). The same as `test`'s with one arm. */
  readonly adjustedP: number | undefined;
  /** Of the difference; its p may be read at any time. */
  readonly sequential: { readonly estimate: Estimate; readonly p: number | undefined };
  readonly looks: readonly Look[];
  /** The relative effect, or the difference where that cannot be estimated, in each value of each stratum. */
  readonly strata: readonly {
    readonly stratum: string;
    readonly value: string;
    readonly estimate: Estimate;
  }[];
  /** Whether the strata disagree (Cochran's Q), by stratum. */
  readonly homogeneity: readonly { readonly stratum: string; readonly test: TestResult }[];
  /** Share of the time that such an experiment finds the effect worth finding; undefined where its spread is unknown. */
  readonly power: number | undefined;
}

/** Something that would make the verdict worthless. */
export interface Guard {
  /** `sample ratio (assigned)`, `missing trials`, `blinding`, `log`. */
  readonly name: string;
  readonly passed: boolean;
  /** One sentence, with its figures. */
  readonly says: string;
  readonly p?: number | undefined;
}

/** What may be said of an arm: `undecided` where the interval holds both. */
export type Standing = 'better' | 'worse' | 'undecided';

/** The sentence that leads the report, and what stands behind it. */
export interface Verdict {
  readonly arm: string;
  readonly standing: Standing;
  /** Whether the interval leaves out that the arm is worse by `worthFinding` (default 1 %) or more. */
  readonly notWorse: boolean;
  /** One true sentence. */
  readonly sentence: string;
}

/** All that a log says: a pure fold over it, the same to the bit whenever it is made. */
export interface Analysis {
  readonly design: Design;
  readonly designHash: string;
  readonly seed: number;
  /** Units whose trials are all there. */
  readonly units: number;
  readonly trials: number;
  readonly stopped: 'fixed' | 'settled' | 'cap' | 'not yet';
  readonly arms: readonly ArmSummary[];
  readonly comparisons: readonly Comparison[];
  /** Of the secondary metrics, their p values corrected over all of them (Holm). */
  readonly secondary: readonly { readonly metric: string; readonly comparison: Comparison }[];
  readonly guards: readonly Guard[];
  readonly verdicts: readonly Verdict[];
}
