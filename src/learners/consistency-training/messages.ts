/** The student's parameters as they are before step `index`; after the last step once more. */
export interface Parameters {
  readonly index: number;
  /** All of them end to end. */
  readonly values: Float32Array;
}

/** What the teacher says of the originals of batch `index`: numbers, so that no gradient can reach it. */
export interface Target {
  readonly index: number;
  /** softmax(z_u), neither sharpened nor masked, [samples, classes], row-major */
  readonly p: Float32Array;
}

/** What the schedules say for step `index`. */
export interface Anneal {
  readonly index: number;
  readonly learningRate: number;
  /** η: labelled examples whose own class has a higher probability are left out. 1: none is. */
  readonly eta: number;
  /** τ: temperature of the targets. 1: as they are. */
  readonly tau: number;
  /** β: targets whose largest probability is not above it count nothing. 0: all count. */
  readonly beta: number;
  /** λ: weight of the consistency loss. */
  readonly lambda: number;
}

/** Figures of the student, means over the steps since the report before. */
export interface StepReport {
  /** Steps done. */
  readonly step: number;
  readonly supervisedLoss: number;
  /** Share of the labelled examples that annealing lets count. */
  readonly supervisedKept: number;
  readonly consistencyLoss: number;
  /** Share of the unlabelled examples whose target is sure enough to count. */
  readonly consistencyKept: number;
  /** Mean of the targets' largest probability. */
  readonly meanMaxProb: number;
}
