import type { Analysis, Estimate, Guard, TestResult } from '../../evaluation/contract.ts';

/** A stretch of trials, and how it compares with the baseline group: the relative effect, ratio - 1. */
export interface StudyGroup {
  /** Short, for an axis: `weeks 1-2`, `group 4`. */
  readonly name: string;
  readonly trials: number;
  /** Share of successes. */
  readonly rate: number;
  /** (this group / baseline group) - 1, e.g. -0.03. Of the baseline group itself: absent. */
  readonly change?: Estimate | undefined;
}

/** The same trials cut into groups one way. The baseline group is the last. */
export interface Grouping {
  readonly groups: readonly StudyGroup[];
  /** How the intervals were made: `jackknife over days of the CMH ratio over operators`. */
  readonly method: string;
}

/** How often something came out over many simulated experiments. */
export interface Rate {
  readonly name: string;
  /** What was done with the data: `z`, `CMH over operators`. */
  readonly analysis: string;
  /** Experiments in which the interval left 0 out, or the test rejected. */
  readonly rejected: number;
  /** Experiments in all. */
  readonly of: number;
  /** Whether it is meant to hold the level: such a rate is marked where it lies above. */
  readonly honest: boolean;
}

/** Two layers that overlap: what was drawn in one beside what was drawn in the other. */
export interface Layers {
  readonly rows: { readonly layer: string; readonly arms: readonly string[] };
  readonly columns: { readonly layer: string; readonly arms: readonly string[] };
  /** `cells[row][column]`. */
  readonly cells: readonly (readonly { readonly successes: number; readonly n: number }[])[];
  /** Whether the layers' draws are independent of each other (chi-square). */
  readonly independence: TestResult;
  /** The difference of differences, on the scale of the rate: one layer's effect in the other's arms. */
  readonly interaction: Estimate;
}

/** What a study of the evaluation itself came to: the same trials analysed wrongly and rightly. */
export interface Study {
  readonly kind: 'study';
  /** `33,000 trials over 22 weeks: two robots, three operators, one policy`. */
  readonly about: string;
  /** Share of successes over time, as the world drifted; `at` in weeks. */
  readonly drift?: readonly { readonly at: number; readonly rate: number; readonly of: string }[] | undefined;
  /** A: groups in order of time, against the last. Nothing was changed between them. */
  readonly sequential: Grouping;
  /** B: the same trials, assigned to as many groups at random. */
  readonly random: Grouping;
  /** B, over and over: how many of the intervals contain 0, in each regrouping. */
  readonly regroupings: {
    /** Intervals in each, e.g. 10. */
    readonly intervals: number;
    /** `counts[k]`: regroupings in which k intervals contain 0; `intervals` + 1 of them. */
    readonly counts: readonly number[];
  };
  /** The ways to assign, each over many experiments without an effect, on the trials that were played. */
  readonly designs: readonly Rate[];
  /** The same in simulated worlds; `name` says which world and which way. */
  readonly simulated?: readonly Rate[] | undefined;
  /** False positives of those who look while it runs. `looks`: how often; `every` trial where so. */
  readonly peeking: readonly (Rate & { readonly looks: number | 'every' })[];
  /** C: real arms, run concurrently. */
  readonly experiment: Analysis;
  /** D: two experiments at once, in two layers. */
  readonly layers: Layers;
  /** The faults that were planted: `passed` where the fault was caught. */
  readonly planted: readonly Guard[];
}
