import { slab } from '../../actors/index.ts';
import type { StageConfig } from './config.ts';
import type { Span } from './contract.ts';

const headField = { dtype: 'int32', shape: [4] } as const;

/** A micro-batch on its way forward, from stage to stage: `x`, [rows, ...], of which the head's `rows` count. */
export const forwardFields = (rows: number, shape: readonly number[], dtype: 'float32' | 'int32') => ({
  head: headField,
  x: { dtype, shape: [rows, ...shape] },
});

/** The gradient of the mini-batch's loss with respect to what was sent forward. */
export const backwardFields = (rows: number, shape: readonly number[]) => ({
  head: headField,
  slope: { dtype: 'float32', shape: [rows, ...shape] } as const,
});

/** Targets of a micro-batch: from the source to the last stage, and to nobody else. */
export const targetFields = (rows: number, shape: readonly number[]) => ({
  head: headField,
  targets: { dtype: 'int32', shape: [rows, ...shape] } as const,
});

/** What a stage has gathered of a mini-batch, to the same stage of the other pipelines. `head`: flush and replica. */
export const gradientFields = ({ parameters, sums }: Pick<StageConfig, 'parameters' | 'sums'>) => ({
  head: headField,
  gradient: { dtype: 'float32', shape: [Math.max(1, parameters)] } as const,
  sums: { dtype: 'float64', shape: [Math.max(1, sums)] } as const,
});

/** What comes in. Of a stage that has no use for one of them nothing is linked to it. */
export const stageInputs = (config: StageConfig) => ({
  forwards: slab(forwardFields(config.rows, config.input.shape, config.input.dtype)),
  backwards: slab(backwardFields(config.rows, config.output)),
  targets: slab(targetFields(config.rows, config.targets)),
  gradients: slab(gradientFields(config)),
});

/** What goes out. */
export const stageOutputs = (config: StageConfig) => ({
  forwards: slab(forwardFields(config.rows, config.output, 'float32')),
  backwards: slab(backwardFields(config.rows, config.input.shape)),
  gradients: slab(gradientFields(config)),
});

/** Plays a mini-batch on a stage, up to the update. */
export interface Flush {
  /** Unique: a mini-batch that is played again is another flush. */
  readonly flush: number;
  readonly mini: number;
  /** Rows of each of this pipeline's micro-batches. */
  readonly rows: readonly number[];
  /** Rows of the mini-batch, over all pipelines: N. */
  readonly total: number;
  /** The number of its first micro-batch over the whole run. */
  readonly firstMicro: number;
  /** [rows of this pipeline]: 1 where what is carried is forgotten first. */
  readonly reset?: Uint8Array | undefined;
}

/** What a stage has to say of a flush that it has done. */
export interface Flushed {
  readonly stage: number;
  readonly replica: number;
  readonly spans: readonly Span[];
  /** Of the gradient of this stage's parameters, over all pipelines. */
  readonly squaredNorm: number;
  /** Of its rows: the last stage's share of the mean loss of the mini-batch. */
  readonly loss: number;
  /** The most bytes of activations that it held at once. */
  readonly peakBytes: number;
  /** Bytes that it sent to its neighbours. */
  readonly sentBytes: number;
}

/** The update that ends a mini-batch. */
export interface Apply {
  readonly mini: number;
  /** What the gradient is multiplied by: less than 1 where it is clipped. */
  readonly scale: number;
  readonly learningRate: number;
}

/** Where a stage stands. */
export interface StageMark {
  /** Updates that it has done. */
  readonly updates: number;
}

/** What a stage owns, as plain data. */
export interface StageContent {
  readonly updates: number;
  readonly params: Float32Array;
  readonly optimizer: Float32Array;
  /** By layer, [2, channels]. */
  readonly statistics: Readonly<Record<string, Float32Array>>;
  /** By layer, [rows of the mini-batch, ...]. */
  readonly carried: Readonly<Record<string, Float32Array>>;
}
