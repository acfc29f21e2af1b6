import type { KernelFunc } from '@tensorflow/tfjs-core';
import { type AnyCall, given, onCpu, replace } from './wasm-backend.ts';

/** Stock wasm kernels (4.22) that take the bits of whole numbers and of truth values for those of real ones. */
const onlyFloats = [
  ...['Log1p', 'Reciprocal', 'Asin', 'Acos', 'Asinh', 'Acosh', 'Atanh', 'IsNan', 'IsInf', 'IsFinite'],
  ...['RealDiv', 'FloorDiv', 'Mod', 'Pow', 'Prelu', 'ClipByValue', 'StridedSlice'],
];
/** Those that do so, or write four bytes where there is one, with truth values alone. */
const noTruthValues = [
  ...['Abs', 'Neg', 'Sign', 'Round', 'Exp', 'Expm1', 'Square', 'Atan', 'Sinh', 'Softplus', 'Step', 'Atan2'],
  ...['Relu', 'Relu6', 'Selu', 'LeakyRelu', 'TopK', 'Reverse'],
];

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

function elsewhere(name: string, wrong: (call: AnyCall) => boolean): void {
  replace(
    name,
    stock => (call: AnyCall) =>
      wrong(call) ? onCpu(name, call) : stock(call as unknown as Parameters<KernelFunc>[0]),
  );
}
