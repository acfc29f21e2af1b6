import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '../ops.ts';
import { type Call, kernelOf, replace } from './wasm-backend.ts';

/** Stock wasm kernels (4.22) that take the bits of whole numbers and of truth values for those of real ones. */
const onlyFloats = [
  ...['Log1p', 'Reciprocal', 'Asin', 'Acos', 'Asinh', 'Acosh', 'Atanh', 'IsNan', 'IsInf', 'IsFinite'],
  ...['RealDiv', 'FloorDiv', 'Mod', 'Pow', 'Prelu', 'ClipByValue', 'StridedSlice', 'FusedBatchNorm'],
];
/** Those that do so, or write four bytes where there is one, with truth values alone. */
const noTruthValues = [
  ...['Abs', 'Neg', 'Sign', 'Round', 'Exp', 'Expm1', 'Square', 'Atan', 'Sinh', 'Softplus', 'Step', 'Atan2'],
  ...['Relu', 'Relu6', 'Selu', 'LeakyRelu', 'TopK', 'Reverse'],
];

type AnyCall = Call<Readonly<Record<string, TensorInfo>>, Readonly<Record<string, unknown>>>;

/**
 * Replaces the wasm kernels that are silently wrong, some by writing past their output, for int32 or bool: there the
 * kernel of tfjs' plain JavaScript backend works it out, on copies. What is float32 runs as before.
 */
export function replaceWrongKernels(): void {
  for (const name of onlyFloats) elsewhere(name, call => dtypesOf(call).some(dtype => dtype !== 'float32'));
  for (const name of noTruthValues) elsewhere(name, call => dtypesOf(call).includes('bool'));
  elsewhere('Select', ({ inputs }) => inputs['t'].dtype === 'bool');
  elsewhere('OneHot', ({ attrs }) => attrs['dtype'] !== 'int32');
  elsewhere('Cast', ({ attrs }) => attrs['dtype'] === 'bool');
}

const dtypesOf = ({ inputs }: AnyCall): string[] => given(inputs).map(([, { dtype }]) => dtype);

/** A kernel's optional inputs may be there as `undefined`. */
const given = (inputs: AnyCall['inputs']) => Object.entries(inputs).filter(([, info]) => info !== undefined);

function elsewhere(name: string, wrong: (call: AnyCall) => boolean): void {
  replace(
    name,
    stock => (call: AnyCall) =>
      wrong(call) ? onCpu(name, call) : stock(call as unknown as Parameters<KernelFunc>[0]),
  );
}

function onCpu(name: string, { inputs, attrs, backend }: AnyCall): TensorInfo | TensorInfo[] {
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
