import type { NamedAttrMap } from '@tensorflow/tfjs-core';
import { type Tensor, tf } from '../../../../src/tensors/index.ts';

/** Numbers that a function is differentiated at: a shape, and the range that they spread over (default −2 to 2). */
export interface At {
  readonly shape: readonly number[];
  readonly from?: number;
  readonly to?: number;
}
/** What is differentiated, with respect to all of its arguments, and where. */
export interface Case {
  readonly name: string;
  readonly at: readonly At[];
  // biome-ignore lint/suspicious/noExplicitAny: tfjs' ops ask for tensors of ranks
  readonly f: (...tensors: any[]) => Tensor;
}
/** Kernel → cases whose gradient needs the kernel's row. */
export type Cases = Readonly<Record<string, readonly Case[]>>;

export const at = (...shape: number[]): At => ({ shape });
export const between = (from: number, to: number, ...shape: number[]): At => ({ shape, from, to });
export const of = (name: string, at: readonly At[], f: Case['f']): Case => ({ name, at, f });

/** All different, in no order, none of them round; `which` argument they are for. */
export function numbersOf({ shape, from = -2, to = 2 }: At, which: number): Float32Array {
  const size = tf.util.sizeFromShape([...shape]);
  const step = [7, 11, 13, 17, 19].find(prime => size % prime !== 0)!;
  return Float32Array.from({ length: size }, (_, i) => {
    const place = (i * step + 3 + which) % size;
    return from + ((to - from) * (place + 0.36 + 0.19 * which)) / size;
  });
}

export const runKernel = (name: string, inputs: Record<string, Tensor>, attributes: object): Tensor =>
  tf.engine().runKernel(name, inputs, attributes as NamedAttrMap);
export const indices = (values: number[] | number[][] | number[][][]): Tensor =>
  tf.tensor(values, undefined, 'int32');
/** Flat as a function is, something to differentiate beside it. */
export const beside = (x: Tensor, step: Tensor): Tensor => tf.add(tf.square(x), tf.cast(step, 'float32'));
