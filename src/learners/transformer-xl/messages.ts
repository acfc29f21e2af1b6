/** What a learner remembers of the segments before: its own, lane by lane. */
export interface MemoryState {
  /** Of the last segment that went in; −1: none yet. */
  readonly tau: number;
  /** Each block's, [B, M, width], row-major, the newest last. */
  readonly layers: readonly Float32Array[];
  /** [B]: how many of the last places hold something. */
  readonly filled: Int32Array;
}

/** Figures of the learner, means over the steps since the report before. */
export interface StepReport {
  /** Steps done. */
  readonly step: number;
  /** Cross-entropy over what was to be guessed, bits a token. */
  readonly bits: number;
  /** Share of those whose likeliest guess was right; with an adaptive softmax, of the likeliest cluster the likeliest token. */
  readonly accuracy: number;
  /** Length of the gradient before it was cut. */
  readonly gradientNorm: number;
  readonly learningRate: number;
}

/** What a call of `learn` did. */
export interface Learned {
  /** Steps done in all. */
  readonly step: number;
  /** Tokens read by the steps of this call. */
  readonly tokens: number;
  /** Milliseconds of this call, waiting for segments included; the first one's compiles, too. */
  readonly wallMs: number;
  /** What ran the steps, and why. */
  readonly executor: { readonly name: string; readonly reason: string };
}

/** How a model does on text that no learner has seen. */
export interface EvalReport {
  /** Cross-entropy, bits a token. */
  readonly bits: number;
  /** Share of tokens whose likeliest guess was right. */
  readonly accuracy: number;
  /** How many were guessed. */
  readonly tokens: number;
  /** Milliseconds that reading took, without compiling. */
  readonly wallMs: number;
  /** Keys that a query sees at most, itself among them. */
  readonly attnLen: number;
  readonly memLen: number;
}
