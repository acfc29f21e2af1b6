import type { Random } from '../../core/random.ts';
import type { HostTensor, Tensor, Tree } from '../../tensors/index.ts';

/** What a layer is given beside its input. Rows are those of a micro-batch. */
export interface LayerInputs {
  /** Uniform in [0, 1), [rows, ...layer.noise]: only while learning, and only for layers that ask for some. */
  readonly noise?: Tensor | undefined;
  /** [rows, ...layer.carries]: what the layer kept of these rows at the end of the mini-batch before; a constant to gradients. */
  readonly carried?: Tensor | undefined;
  /** [2, channels], mean and variance: only while judging, and only for layers with `statistics`. */
  readonly statistics?: Tensor | undefined;
}

/** What a layer gives. */
export interface LayerOutputs {
  readonly y: Tensor;
  /** [rows, ...layer.carries]: for the next mini-batch; a constant to gradients. */
  readonly carried?: Tensor | undefined;
  /**
   * [2, channels]: sums and sums of squares over the micro-batch, of what the layer normalised by. They are added up over
   * the micro-batches, once each however often they are computed, and applied with the mini-batch (deferred batch norm).
   */
  readonly sums?: Tensor | undefined;
}

/** One layer of a sequential net: a pure function of its own parameters. A net is a list of them, and may be cut between any two. */
export interface SequentialLayer {
  /** Unique within the net: chance and figures go by it. */
  readonly name: string;
  init(random: Random): Tree<HostTensor>;
  /** @param x [rows, ...] */
  apply(params: Tree<Tensor>, x: Tensor, inputs: LayerInputs): LayerOutputs;
  /** Shape, without rows, of the noise that it wants while learning. Default: none. */
  readonly noise?: readonly number[];
  /** Shape, without rows, of what it keeps from mini-batch to mini-batch. Default: nothing. */
  readonly carries?: readonly number[];
  /** How many channels it normalises by batch statistics, and how many values of a row each channel has. Default: none. */
  readonly statistics?: { readonly channels: number; readonly perRow: number };
}

/** A net, and what it is learned by: the last stage has the loss. */
export interface SequentialNet {
  readonly layers: readonly SequentialLayer[];
  /** Of one row of its input; `int32` where it takes tokens. */
  readonly input: { readonly shape: readonly number[]; readonly dtype: 'float32' | 'int32' };
  /** Of one row of targets, int32. `[]`: one label a row. */
  readonly targets: readonly number[];
  /** Losses of rows, [rows]. @param y what the last layer gives @param targets [rows, ...targets], int32 */
  loss(y: Tensor, targets: Tensor): Tensor;
}

/** Names a net so that any thread can build it: an export of a module, a function of plain settings. */
export interface NetRef {
  /** URL of the module, e.g. `import.meta.url`. */
  readonly module: string;
  /** Name of the exported function `(settings) => SequentialNet`. */
  readonly name: string;
  readonly settings: unknown;
}

/** Micro-batches whose activations are thrown away after the forward pass and computed again before the backward one. */
export type Recompute = 'always' | 'exceptLast' | 'never';

/** One mini-batch, and what is known of it. */
export interface MiniBatch {
  /** N. The same in every mini-batch where a layer carries something on. */
  readonly rows: number;
  /** [rows, ...net.input.shape], row-major. */
  readonly x: Float32Array | Int32Array;
  /** [rows, ...net.targets], row-major: they go to the last stage, past all others. */
  readonly targets: Int32Array;
  /** [rows], 1: what layers carry of this row is forgotten first. Default: nothing is. */
  readonly reset?: Uint8Array | undefined;
}

/**
 * The head of what travels between stages: which play of which mini-batch, which micro-batch, and how many rows of the slab
 * count. A mini-batch that is played again after a fault has another flush, by which what is left of the first is known.
 */
export const head = { flush: 0, mini: 1, micro: 2, rows: 3 } as const;

/** What a stage did when: for the timeline and the bubble. */
export interface Span {
  readonly stage: number;
  readonly mini: number;
  readonly micro: number;
  /** Forward, recomputation, backward. */
  readonly phase: 'F' | 'R' | 'B';
  /** Milliseconds on the machine's clock, the same for all threads (`performance.timeOrigin + performance.now()`). */
  readonly from: number;
  readonly to: number;
  /** Bytes of activations that the stage holds at its end. */
  readonly liveBytes: number;
}
