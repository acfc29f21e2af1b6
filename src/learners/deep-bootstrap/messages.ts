/** What the coupler sends to every world at once: the one set of weights that all of them start from. */
export interface PairInit {
  /** All parameters end to end, in the layout order of the net. Not to be written into. */
  readonly params: Float32Array;
}

/** One step for every world. The learning rate comes from here alone: no world has a schedule of its own. */
export interface Tick {
  /** 0 … steps − 1 */
  readonly step: number;
  readonly lr: number;
  /** Whether the weights after this step are shown to the judge. */
  readonly measure: boolean;
}

/** A world has taken a step. */
export interface Done {
  readonly world: string;
  readonly step: number;
}

/** A world's weights after so many steps, and what it has trained on until then, for the judge. */
export interface WorldSnapshot {
  readonly world: string;
  /** Steps taken: 0 for the initial weights. */
  readonly step: number;
  readonly params: Float32Array;
  /** Samples trained on, repetitions included. */
  readonly drawn: number;
  /** Different samples among them. */
  readonly distinct: number;
}

/** How good a world's weights are after so many steps. All errors are of evaluation mode, without augmentation. */
export interface CurvePoint {
  readonly step: number;
  /** On the test samples: the mean of 1 − the probability of the right class. */
  readonly soft: number;
  /** On the test samples: the share that is classified wrongly. */
  readonly hard: number;
  /** The cross-entropy on the test samples, nats. */
  readonly loss: number;
  /** The share of its own samples that a world with a fixed set classifies wrongly. */
  readonly trainError?: number;
  readonly drawn: number;
  readonly distinct: number;
}

/** The same, as the judge sends it. */
export interface Curve extends CurvePoint {
  readonly world: string;
}

/** A real world against the ideal one, at the same step. */
export interface Gap {
  readonly world: string;
  readonly step: number;
  /** Bootstrap error: soft test error of the real world − that of the ideal one. */
  readonly eps: number;
  /** Whether the real world's train error has been below the bar at this step or before. */
  readonly converged: boolean;
}
