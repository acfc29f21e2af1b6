import type { TaskMatrix } from './affinity.ts';
import type { Group } from './scores.ts';

/** A batch that is learnt from. */
export type RepBatch = `rep ${number}`;
/** A batch as it looks after steps that were only looked ahead: no head may learn from it, no trunk take its slope. */
export type ProbeBatch = `probe ${number}`;

/** Trunk → every task: a batch's representation, and what it should be told from. */
export interface Rep {
  readonly kind: 'rep';
  readonly batch: RepBatch;
  readonly step: number;
  /** Whether a probe of the same batch follows: heads must then stay as they are until it came. */
  readonly probed: boolean;
  /** [batch, width] */
  readonly rep: Float32Array;
  /** [batch, tasks] */
  readonly y: Int32Array;
}

/** Task → trunk. The head knows its own gradient already. */
export interface HeadGrad {
  readonly batch: RepBatch;
  readonly task: number;
  readonly loss: number;
  /** ∂loss/∂rep, [batch, width] */
  readonly slope: Float32Array;
}

/** Trunk → every task: the batch's representation under θ|i, for all sources i at once. */
export interface Probe {
  readonly kind: 'probe';
  readonly batch: ProbeBatch;
  readonly step: number;
  /** [(tasks + 1) × batch, width], source after source; the last one is where momentum alone leads */
  readonly reps: Float32Array;
}

/** Task → ledger. */
export interface ProbeLoss {
  readonly batch: ProbeBatch;
  readonly step: number;
  readonly task: number;
  /** L_j(x, θ, φ_j) */
  readonly before: number;
  /** L_j(x, θ|i, φ_j), by source i; the last one is where momentum alone leads */
  readonly after: readonly number[];
}

/** Trunk → ledger: how alike the tasks' gradients were, for the baseline that groups by it. */
export interface Similarity {
  readonly step: number;
  /** η of the steps that were looked ahead. */
  readonly learningRate: number;
  readonly cosines: TaskMatrix;
}

/** Ledger → selector: one probe round. Row = target, column = source. Divided by η where the ledger is told to. */
export interface Affinity {
  readonly step: number;
  readonly z: TaskMatrix;
  /** 1 − L_j(x, θ|∅, φ_j) / L_j(x, θ, φ_j), by target j: the part of a row of `z` that momentum brings, whoever steps. */
  readonly drift: readonly number[];
  readonly cosines: TaskMatrix;
}

/** Selector → trainers: networks to train, and whom each serves. */
export interface Plan {
  readonly k: number;
  readonly groups: readonly Group[];
  readonly value: number;
  /** For each task its group, by its place in `groups`. */
  readonly serves: readonly number[];
}

/** Trainer → judge: a network that is trained. */
export interface TrainedGroup {
  readonly group: Group;
  readonly trunk: Float32Array;
  readonly heads: readonly Float32Array[];
}

/** Judge → whoever asked: how a network does on samples that no learner has seen, by its tasks in their order. */
export interface GroupDone {
  readonly group: Group;
  readonly perTask: readonly { readonly loss: number; readonly error: number }[];
}
