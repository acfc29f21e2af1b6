/** What the rotation learner has learned to see: a frozen net, for those that learn on top of it. */
export interface RotationFeatures {
  readonly net: 'rotation';
  /** Steps it has learned for; 0: its random start. */
  readonly step: number;
  /** All parameters of the classifier of rotations end to end. */
  readonly params: Float32Array;
}

/** Labels of images: those that people gave, or those that were inferred. */
export interface Inferred {
  readonly source: 'human' | 'inferred';
  /** [images]: their numbers in the source */
  readonly ids: Int32Array;
  /** [images]: classes, or clusters */
  readonly y: Int32Array;
  /** [images]: how sure that is, in [0, 1]; 1 for people's */
  readonly conf: Float32Array;
}
