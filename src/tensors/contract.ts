import type { Tensor } from '@tensorflow/tfjs';

/** A tensor on the host: plain data, so that any thread, checkpoint or executor can take it. */
export interface HostTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Uint8Array;
}

/** A tree with tensors at its leaves. Keys are walked in insertion order of the first tree seen, which is the layout. */
export type Tree<L> = L | { readonly [key: string]: Tree<L> } | readonly Tree<L>[];

/** The same tree with other leaves: what a step function sees for what a caller passes. */
export type Traced<T> = T extends HostTensor
  ? Tensor
  : T extends number
    ? Tensor
    : T extends readonly (infer E)[]
      ? readonly Traced<E>[]
      : { readonly [K in keyof T]: Traced<T[K]> };

/** What a caller gets back for what a step function returns. */
export type Fetched<T> = T extends Tensor
  ? HostTensor
  : T extends readonly (infer E)[]
    ? readonly Fetched<E>[]
    : { readonly [K in keyof T]: Fetched<T[K]> };

/** The flat state that a compiled program owns. */
export interface CompiledState<S> {
  /** The state as trees. */
  get(): S;
  set(state: S): void;
  /** One entry's float32 leaves end to end, in layout order: what a ring broadcasts and a checkpoint stores. */
  flat(entry: keyof S & string): Float32Array;
  setFlat(entry: keyof S & string, values: Float32Array): void;
}

export interface Compiled<S, In, Out> {
  (inputs: In): Promise<Out>;
  /** The same at once; for hot acting loops. Not every executor has it. */
  sync(inputs: In): Out;
  /**
   * `rows.length / batch` steps in one call: step k sees `inputs` with its `rows` leaves gathered at
   * `indices[k·batch … (k+1)·batch)`, and the other leaves whole. Outputs are stacked along a new first axis.
   */
  scan(inputs: { readonly rows: unknown; readonly whole?: unknown }, indices: Int32Array, batch: number): Promise<Out>;
  readonly state: CompiledState<S>;
  /** Which executor runs it, and why. */
  readonly executor: { readonly name: string; readonly reason: string };
  dispose(): void;
}
