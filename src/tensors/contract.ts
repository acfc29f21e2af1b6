import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * A tensor on the host: plain data, so that any thread, checkpoint or executor can take it. Row-major. Float32Array
 * is `float32`, Int32Array is `int32`, Uint8Array is `bool` (zero or one).
 */
export interface HostTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Uint8Array;
}

/**
 * A tree with tensors at its leaves. Keys are walked in insertion order of the first tree seen, which is the layout;
 * entries that are undefined are absent.
 */
export type Tree<L> = L | { readonly [key: string]: Tree<L> } | readonly Tree<L>[];

/**
 * `T`, where it is a tree with leaves `L`. For parameters of functions: an interface such as `Dense<Tensor>` is no
 * `Tree<Tensor>`, because TypeScript gives only type aliases an index signature, but it is a
 * `TreeOf<Dense<Tensor>, Tensor>`.
 */
export type TreeOf<T, L> = T extends Tree<L> | undefined
  ? T
  : T extends object
    ? { readonly [K in keyof T]: TreeOf<T[K], L> }
    : never;

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

/** What a caller passes for what a step function takes: a host tensor, or a number for a float32 scalar. */
export type Fed<T> = T extends Tensor
  ? HostTensor | number
  : T extends readonly (infer E)[]
    ? readonly Fed<E>[]
    : { readonly [K in keyof T]: Fed<T[K]> };

/** The flat state that a compiled program owns. */
export interface CompiledState<S> {
  /** The state as trees. */
  get(): S;
  set(state: S): void;
  /**
   * One entry's float32 leaves end to end, in layout order: what a ring broadcasts and a checkpoint stores.
   * @param into written and returned instead of a new array: copies of large states are garbage that costs time
   */
  flat(entry: keyof S & string, into?: Float32Array): Float32Array;
  setFlat(entry: keyof S & string, values: Float32Array): void;
  /**
   * Brings the state to the host where it lies on a device: there `get` and `flat` can only be called after it, until
   * the next run. Elsewhere it does nothing.
   */
  settle(): Promise<void>;
}

/** A program that `compile` made: call it with the step’s inputs, get its outputs; its state stays inside. */
export interface Compiled<S, In, Out> {
  /** Runs the step once. The state moves on only when the whole step succeeded. */
  (inputs: In): Promise<Out>;
  /** The same at once; for hot acting loops. Not every executor has it. */
  sync(inputs: In): Out;
  /**
   * `indices.length / batch` steps in one call: step k sees the `rows` inputs with every leaf gathered along its first
   * axis at `indices[k·batch … (k+1)·batch)`, and the `whole` inputs as they are. Outputs are stacked along a new
   * first axis.
   */
  scan<K extends keyof In>(
    inputs: { readonly rows: Pick<In, K>; readonly whole?: Omit<In, K> },
    indices: Int32Array,
    batch: number,
  ): Promise<Out>;
  /**
   * Runs a number of steps op by op and compiled, side by side from the state as it is now, on the same inputs, and
   * compares all that comes out and the state after each step. The program's own state stays.
   * @param inputs of each step; a function gets the step's number, from 0
   * @throws where a tensor differs by more than `tolerance`; the message names the first one
   */
  verify(steps: number, inputs: In | ((step: number) => In), options?: VerifyOptions): Promise<VerifyReport>;
  readonly state: CompiledState<S>;
  /** Which executor runs it, and why. */
  readonly executor: Executor;
  /** Frees what the program holds on the device. Calls after it fail. */
  dispose(): void;
}

/** How exact `verify` is. */
export interface VerifyOptions {
  /**
   * The largest difference allowed, as a part of the tensor's largest element; of a tensor of the state, the largest
   * that it has had since the first step. Default 2e-5; 2e-4 on a GPU.
   */
  readonly tolerance?: number;
}

/** What `verify` found. */
export interface VerifyReport {
  readonly steps: number;
  /** The largest difference, as a part of the largest element of its tensor (see `tolerance`), and where it was. */
  readonly worst: { readonly difference: number; readonly step: number; readonly path: string };
}

/** What runs a program: shown in reports, so that figures of speed can be told apart. */
export interface Executor {
  /** E.g. `onnx-cpu` or `eager/wasm`. */
  readonly name: string;
  readonly reason: string;
  /**
   * Whether `auto` took it for being the faster one: another run, or another machine, may find otherwise. Who wants the
   * same bits again names it.
   */
  readonly measured?: boolean;
}
