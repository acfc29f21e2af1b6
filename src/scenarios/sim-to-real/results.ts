import type { PolicyRef } from '../../actors/policy.ts';
import type { TargetBook } from '../../learners/simgan/target-book.ts';
import type { Tuples } from '../../learners/simgan/tuples.ts';

/** The ways to a policy for the target, in their order. */
export const armNames = ['zeroShot', 'dr', 'ft', 'sysIdConst', 'simGan', 'oracle', 'random'] as const;
/** One of them. */
export type ArmName = (typeof armNames)[number];

/** How the episodes that ended in an iteration went. */
export interface CurvePoint {
  /** Environment steps so far. */
  readonly step: number;
  /** Mean return, with the noise of exploring. */
  readonly return: number;
  /** Mean length, steps. */
  readonly length: number;
}

/** What one training by PPO came to. */
export interface PpoTrained {
  readonly parameters: Float32Array;
  /** Iterations in which no episode ended are left out. */
  readonly curve: readonly CurvePoint[];
  /** Environment steps that it took. */
  readonly steps: number;
}

/** How an iteration of the discriminator went: means over its minibatches. */
export interface DiscriminatorRow {
  /** Environment steps so far. */
  readonly step: number;
  /** The share of transitions on the right side. */
  readonly accuracy: number;
  /** Mean probability that D gives to real and to fake transitions. */
  readonly ofReal: number;
  readonly ofFake: number;
  /** Mean ‖∂D/∂x̂‖. */
  readonly slope: number;
  readonly loss: number;
  /** Mean reward of the generator's steps, the alive correction included. */
  readonly reward: number;
  /** The alive correction. */
  readonly alive: number;
  /** W1 of the iteration's transitions to the real ones, in deviations of these. */
  readonly distance: number;
}

/** What identifying came to, once. */
export interface Identified {
  /** Snapshots over the second half of training, oldest first. */
  readonly generators: readonly Float32Array[];
  readonly rows: readonly DiscriminatorRow[];
  /** The behaviour policies in the hybrid simulator with these snapshots: as many episodes as the real set has. */
  readonly hybrid: Tuples;
  /** The same with the generator before it has learned anything. */
  readonly untrained: Tuples;
  /** Environment steps that it took, in the hybrid simulator. */
  readonly steps: number;
}

/** One collection from the target, what was identified by it, and the policy refined in what came of that. */
export interface Round {
  /** All that has been collected so far. */
  readonly real: Tuples;
  readonly identified: Identified;
  readonly refined: PpoTrained;
}

/** What identifying and refining came to, for one seed of it. */
export interface Adapted {
  /** In their order; the last one counts. */
  readonly rounds: readonly Round[];
  readonly book: TargetBook;
}

/** What the policies of an arm are judged by: one for each seed of identification, or one where it has none. */
export interface TrainedArm {
  readonly name: ArmName;
  readonly policies: readonly (Float32Array | 'random')[];
  /** Of each of `policies`: what it cost in the target. */
  readonly books: readonly TargetBook[];
  /** Of each of `policies`: environment steps of PPO outside the target, those of the source policy included. */
  readonly steps: readonly number[];
  /** Of the last training of each; empty where there was none. */
  readonly curves: readonly (readonly CurvePoint[])[];
}

/** All that is trained for one target, before it is judged. */
export interface TrainedForTarget {
  /** A name of `robots`. */
  readonly robot: string;
  readonly target: string;
  /** Of every policy. */
  readonly policy: PolicyRef;
  /** Of every generator; of `sysIdConst` its own. */
  readonly generator: PolicyRef;
  readonly constant: PolicyRef;
  /** The source policy, which collects: logarithm of the deviation that its actions have then. */
  readonly behavior: PpoTrained & { readonly logStd: number };
  /** The behaviour policy in the source, as many episodes as the real set has, its noise included. */
  readonly source: Tuples;
  readonly arms: readonly TrainedArm[];
  /** For each seed of identification. */
  readonly simGan: readonly Adapted[];
  /** Empty where the arm was left out. */
  readonly sysIdConst: readonly Adapted[];
}
