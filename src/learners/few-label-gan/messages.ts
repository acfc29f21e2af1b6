/** Images that the generator made, for the discriminator's step: values only, no graph. */
export interface Fakes {
  /** From 0. */
  readonly step: number;
  /** [images, size, size, 1], row-major, in [−1, 1] */
  readonly x: Float32Array;
  /** [images]: the classes they were made for; zeros where the generator is told none */
  readonly y: Int32Array;
}

/** What the discriminator, after its own step, thinks of the fakes of that step. */
export interface Critique {
  readonly step: number;
  /** The gradient of the generator's objective, with its rotation part, with respect to the pixels of the fakes: of their shape. */
  readonly dx: Float32Array;
  /** The generator's adversarial loss on these fakes. */
  readonly gLoss: number;
  /** The cross-entropy of the rotations of fakes, before its weight; 0 where there is none. */
  readonly rotLoss: number;
}

/** The generator to be judged: the moving average of its parameters. */
export interface GanShadow {
  /** Game steps done. */
  readonly step: number;
  /** The leaves of `GeneratorParams` end to end, in layout order, as `state.flat` gives them. */
  readonly params: Float32Array;
}

/** What the judge says of a generator. */
export interface FidReport {
  readonly step: number;
  /** Fréchet distance of features to real images that nothing was trained on. */
  readonly fid: number;
  /** Squared maximum mean discrepancy with the polynomial kernel, where it was asked for. */
  readonly kid?: number;
  /** The share of samples that the metric net takes for the class that they were made for, in [0, 1]; where they were made for none, that of chance. */
  readonly condAcc: number;
  /** How much of the real images' manifold the samples reach, in [0, 1]. */
  readonly coverage: number;
  /** Median distance of samples to their nearest training image, divided by that of held-out real images. */
  readonly neighbour: number;
}
