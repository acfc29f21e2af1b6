import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from './ops.ts';

/** The parts of tfjs' engine that we use and that its types keep private; tfjs is pinned for their sake. */
interface EngineInternals {
  /** Lets the scope that is open now free a tensor at its end. */
  track(tensor: Tensor): Tensor;
  /**
   * Runs operations as one node of the tape, with a gradient that is asked for one input at a time. The backward pass
   * gets a list only where there are two outputs or more.
   */
  runKernelFunc(node: {
    readonly inputs: Readonly<Record<string, Tensor>>;
    forwardFunc(backend: unknown, save: (tensors: Tensor[]) => void): Tensor[];
    backwardsFunc(dys: Tensor | Tensor[], saved: Tensor[]): Readonly<Record<string, () => Tensor>>;
  }): Tensor[];
  /** Makes the copy of a tensor that the tape saves for the backward pass. */
  clone(tensor: Tensor): Tensor;
  readonly state: { readonly gradientDepth: number };
}

export const engineInternals = (): EngineInternals => tf.engine() as unknown as EngineInternals;

/**
 * Runs a forward and backward pass whose saved tensors are second handles on the same data. tfjs runs a kernel and
 * records a node of the tape for each of them, which only gradients of gradients need, and those still get it.
 */
export function withLightClones<T>(pass: () => T): T {
  if (tf.getBackend() !== 'wasm') return pass();
  const engine = engineInternals();
  const clone = engine.clone;
  const backend = tf.backend();
  engine.clone = tensor => {
    if (engine.state.gradientDepth !== 1) return clone.call(engine, tensor);
    backend.incRef(tensor.dataId);
    return tf.engine().makeTensorFromTensorInfo(tensor);
  };
  try {
    return pass();
  } finally {
    engine.clone = clone;
  }
}
