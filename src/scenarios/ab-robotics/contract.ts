import type { Estimate, Guard, TestResult } from '../../evaluation/contract.ts';
import type { Rate } from '../../evaluation/simulate/index.ts';

// ── The cell ────────────────────────────────────────────────────────────────────────────────────────────────────

/** What a robot's controller does with every trial: the policy under test. */
export interface Controller {
  /** Force with which each finger closes at an actuator gain of 1, N. */
  readonly squeeze: number;
  /** How high the cube is lifted over its bin, m. */
  readonly lift: number;
  /** Added to where the camera sees the cube, m along the way to the other bin. */
  readonly correction: number;
}

/** How the physical world stands in one trial. */
export interface Surroundings {
  /** Coulomb friction between pads and cube. */
  readonly friction: number;
  /** How far the bench leans across the way, rad. */
  readonly tilt: number;
  /** What the fingers give of the force they are asked for; 1 as designed. */
  readonly gain: number;
  /** How far ahead of its place the camera sees the cube, m. */
  readonly offset: number;
}

/** How a trial went, as far as the cell can tell. */
export interface Played {
  /** Of the cube from the middle of the other bin, m. */
  readonly distance: number;
  /** Whether the hand still had the cube when it arrived over the other bin. */
  readonly held: boolean;
  /** Where the cube lay: m along and across the way from the bin's middle, and its turn, rad. */
  readonly start: readonly [along: number, across: number, turn: number];
}

// ── What `study.json` in the run's folder holds, for the report ─────────────────────────────────────────────────

/** A group of trials against the last one, in per cent of its success rate. */
export interface GroupEffect {
  /** `weeks 1-2`, or `group 1` where trials were regrouped at random. */
  readonly name: string;
  readonly trials: number;
  /** Share of its trials that succeeded. */
  readonly rate: number;
  /**
   * Against the last group, which has none: (RR - 1) of Mantel and Haenszel over operators, its interval from the
   * jackknife over days.
   */
  readonly effect?: Estimate;
}

/** One way to give trials their arms, tried on identical copies. */
export interface DesignRow {
  readonly name: 'sequential' | 'alternating' | 'per session' | 'per trial';
  /** Pretended experiments on the log of the study. */
  readonly experiments: number;
  /** Trials of each. */
  readonly trials: number;
  /** Share of them that found a difference where there is none. */
  readonly falsePositives: number;
  /** The same with the analysis that fits the design: the session jackknife, or CMH over operator and robot. */
  readonly stratified: number;
}

/** Those who look while it runs, tried on identical copies. */
export interface PeekingRow {
  readonly name: 'fixed-horizon z' | 'confidence sequence' | 'centred scores' | 'e-process';
  readonly experiments: number;
  /** How often each looked. */
  readonly looks: number;
  /** Share of experiments that were stopped for a difference that is not there. */
  readonly falsePositives: number;
}

/** An arm of the experiment as it stood after so many trials of the arm and the baseline. */
export interface ArmLook {
  readonly trials: number;
  /** Of the difference in success rate, always valid. */
  readonly sequence: Estimate;
}

/** A real arm against the concurrent baseline. */
export interface ArmResult {
  readonly arm: string;
  readonly trials: number;
  readonly rate: number;
  /** RR_MH - 1 over operator × robot × week, interval by Greenland and Robins. */
  readonly cmh: Estimate;
  /** RR_MH - 1 over operator × robot, interval by the jackknife over days. */
  readonly jackknife: Estimate;
  readonly test: TestResult;
  /** Dunnett's, over the arms that share the baseline. */
  readonly adjustedP: number | undefined;
  /** Whether `adjustedP` is below 1 - level. */
  readonly found: boolean;
  /** What the controller's relative effect is in the world without drift. `undefined`: not measured. */
  readonly truth: number | undefined;
  readonly looks: readonly ArmLook[];
  readonly strata: readonly { readonly stratum: string; readonly value: string; readonly effect: Estimate }[];
}

/** Two layers that every trial is in, each with its own arms. */
export interface LayersResult {
  readonly layers: readonly [string, string];
  readonly arms: readonly [readonly string[], readonly string[]];
  /** Trials and successes by arm of the first layer (rows) and of the second. */
  readonly counts: readonly (readonly { readonly n: number; readonly successes: number }[])[];
  /** Whether the assignments of the layers are independent. */
  readonly independence: TestResult;
  /** Each arm of the first layer with each of the second: the difference of differences. */
  readonly interactions: readonly {
    readonly arms: readonly [string, string];
    readonly test: TestResult;
    readonly difference: Estimate;
  }[];
  /** The second layer's arm against its baseline, relative. */
  readonly second: readonly { readonly arm: string; readonly effect: Estimate; readonly test: TestResult }[];
}

/** All that the pictures of the study are drawn from. */
export interface RoboticsStudy {
  readonly version: 1;
  readonly trials: number;
  readonly weeks: number;
  readonly level: number;
  readonly baseRate: number;
  /** Success rate of every week, and of every operator and robot. */
  readonly weekly: readonly { readonly week: number; readonly n: number; readonly successes: number }[];
  readonly sequential: {
    readonly groups: readonly GroupEffect[];
    /** How many of the groups' intervals hold 0. */
    readonly holdZero: number;
    /** Means of that over many worlds that drift alike, as numbers without physics: in time, and regrouped at random. */
    readonly overWorlds: { readonly worlds: number; readonly sequential: number; readonly random: number };
  };
  readonly regrouped: {
    /** The first of the regroupings, as a picture. */
    readonly groups: readonly GroupEffect[];
    readonly regroupings: number;
    readonly meanHoldZero: number;
    /** How many regroupings had 0, 1, … intervals that hold 0. */
    readonly histogram: readonly number[];
  };
  readonly designs: readonly DesignRow[];
  readonly peeking: readonly PeekingRow[];
  /** How often each analysis finds what is not there, over simulated experiments in worlds that drift. */
  readonly simulated: readonly Rate[];
  readonly experiment: {
    readonly trials: number;
    readonly baseline: { readonly arm: string; readonly trials: number; readonly rate: number };
    readonly arms: readonly ArmResult[];
    readonly layers: LayersResult;
  };
  readonly guards: readonly Guard[];
  /** Faults that were planted in copies of the logs; `passed`: it was caught. */
  readonly planted: readonly Guard[];
  /** The last hash of each log's chain. */
  readonly chains: Readonly<Record<string, string>>;
}
