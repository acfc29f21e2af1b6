import { type PackageHost, packageHost } from '../packages.ts';
import type { GraphExecutor } from './contract.ts';
import { loadNative, nativeExecutor } from './onnx-native.ts';

/** What an executor on the processor takes. */
export interface CpuOptions {
  /** Threads that one run may use. Results do not depend on it. Default: 1, since actors have threads of their own. */
  readonly threads?: number;
}

/**
 * onnxruntime's native executor on the processor.
 * @throws where onnxruntime-node is not installed or does not load here
 */
export function startOnnxCpu(
  { threads = 1 }: CpuOptions = {},
  host: PackageHost = packageHost,
): GraphExecutor {
  const count = threads === 1 ? 'one thread' : `${threads} threads`;
  return nativeExecutor(
    {
      name: 'onnx-cpu',
      reason: `onnxruntime, native, ${count}`,
      dialect: 'cpu',
      leavesSmall: true,
      settings: () => ({ executionProviders: ['cpu'], intraOpNumThreads: threads }),
    },
    loadNative(host),
  );
}
