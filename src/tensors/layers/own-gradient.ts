import type { Tensor } from '@tensorflow/tfjs-core';
import { engineInternals } from '../engine.ts';

/** What the forward pass of an operation with a gradient of its own gives. */
export interface Forward {
  readonly output: Tensor;
  /** Further outputs, through which no gradient passes. */
  readonly more?: readonly Tensor[];
  /** What the backward pass needs beside the inputs. */
  readonly saved: readonly Tensor[];
}

/**
 * Runs operations as one node of the tape, with a gradient in closed form.
 *
 * The backward pass sees only its arguments: what the forward pass made is gone by then, as are inputs that other
 * operations made. Where its result is to be differentiated again, the saved values are worked out a second time from
 * the inputs: tfjs records the copies that it saves before the operation that made them, and so loses how they depend on
 * the inputs, which makes its own gradients of gradients wrong for everything that saves its output (tanh, softmax, …).
 * @param backward from the gradient of `output`, the gradients of the inputs, each only worked out where it is asked for;
 *   a tensor made in one of them cannot be used in another
 * @returns the output, then `more`
 */
export function withOwnGradient<K extends string>(
  inputs: Readonly<Record<K, Tensor>>,
  forward: (inputs: Readonly<Record<K, Tensor>>) => Forward,
  backward: (
    dy: Tensor,
    inputs: Readonly<Record<K, Tensor>>,
    saved: readonly Tensor[],
  ) => Readonly<Partial<Record<K, () => Tensor>>>,
): Tensor[] {
  const names = Object.keys(inputs) as K[];
  return engineInternals().runKernelFunc({
    inputs,
    forwardFunc(_backend, save) {
      const { output, more = [], saved } = forward(inputs);
      save([...names.map(name => inputs[name]), ...saved]);
      return [output, ...more];
    },
    backwardsFunc(dys, kept) {
      const again = Object.fromEntries(names.map((name, i) => [name, kept[i]])) as Record<K, Tensor>;
      const recorded = engineInternals().state.gradientDepth > 0;
      const saved = recorded ? forward(again).saved : kept.slice(names.length);
      return backward(Array.isArray(dys) ? dys[0] : dys, again, saved) as Record<string, () => Tensor>;
    },
  });
}

/** The same value, but a constant to every gradient: nothing flows back through it. */
export function stopGradient(x: Tensor): Tensor {
  const [y] = engineInternals().runKernelFunc({
    inputs: {},
    forwardFunc: () => [x.clone()],
    backwardsFunc: () => ({}),
  });
  return y;
}
