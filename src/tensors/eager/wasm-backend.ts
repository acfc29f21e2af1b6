import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '../ops.ts';

/** What our kernels use of tfjs' wasm backend. */
export interface WasmBackend {
  makeOutput(shape: readonly number[], dtype: string): TensorInfo;
  /** A view into the wasm heap: valid until the next allocation, which may grow the heap. */
  typedArrayFromHeap(tensor: TensorInfo): Float32Array;
  readSync(dataId: object): Float32Array | Int32Array | Uint8Array;
  disposeData(dataId: object): boolean;
}

/** One call of a kernel. */
export interface Call<Inputs, Attributes> {
  readonly inputs: Inputs;
  readonly attrs: Attributes;
  readonly backend: WasmBackend;
}

export function kernelOf(name: string, backend: 'wasm' | 'cpu' = 'wasm'): KernelFunc {
  const kernel = tf.getKernel(name, backend);
  if (!kernel) throw new Error(`tfjs has no ${backend} kernel ${name}`);
  return kernel.kernelFunc;
}

/** Puts another kernel in a wasm kernel's place, on this thread. */
export function replace(kernelName: string, make: (stock: KernelFunc) => unknown): void {
  const stock = kernelOf(kernelName);
  tf.unregisterKernel(kernelName, 'wasm');
  tf.registerKernel({ kernelName, backendName: 'wasm', kernelFunc: make(stock) as KernelFunc });
}

/** Runs a kernel that gives one tensor. */
export function run(kernel: KernelFunc, call: Call<object, object>): TensorInfo {
  return kernel(call as unknown as Parameters<KernelFunc>[0]) as TensorInfo;
}

/** A call of any kernel. */
export type AnyCall = Call<Readonly<Record<string, TensorInfo>>, Readonly<Record<string, unknown>>>;

/** A kernel's optional inputs may be there as `undefined`. */
export const given = (inputs: AnyCall['inputs']) =>
  Object.entries(inputs).filter(([, info]) => info !== undefined);

/** Runs a kernel of tfjs' plain JavaScript backend on copies. */
export function onCpu(name: string, { inputs, attrs, backend }: AnyCall): TensorInfo | TensorInfo[] {
  const cpu = tf.findBackend('cpu');
  const copies = given(inputs).map(([key, { dataId, shape, dtype }]) => {
    const info: TensorInfo = { shape, dtype, dataId: cpu.write(backend.readSync(dataId), shape, dtype) };
    return [key, info] as const;
  });
  const call = { inputs: Object.fromEntries(copies), attrs, backend: cpu };
  const found = kernelOf(name, 'cpu')(call as unknown as Parameters<KernelFunc>[0]);
  const take = ({ dataId, shape, dtype }: TensorInfo): TensorInfo => {
    const output = backend.makeOutput(shape, dtype);
    backend.typedArrayFromHeap(output).set(cpu.readSync(dataId) as Float32Array);
    return output;
  };
  const outputs = Array.isArray(found) ? found.map(take) : take(found);
  for (const { dataId } of [found, copies.map(([, info]) => info)].flat()) cpu.disposeData(dataId, true);
  return outputs;
}
