import { type PackageHost, packageHost } from '../packages.ts';
import type { GraphExecutor } from './contract.ts';
import { loadNative, nativeExecutor } from './onnx-native.ts';

/** What an executor on the processor takes. */
export interface CpuOptions {
  /**
   * Threads that one run may use. Results do not depend on it. Default: 1, since actors have threads of their own; more
   * pay where one learner is what a run waits for, from about 256 rows by 256 units.
   */
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
      name: threads === 1 ? 'onnx-cpu' : `onnx-cpu/${threads}`,
      reason: `onnxruntime, native, ${count}`,
      dialect: 'cpu',
      leavesSmall: true,
      settings: () => ({
        executionProviders: ['cpu'],
        intraOpNumThreads: threads,
        // Between two calls its threads would spin for work, and take the cores of actors.
        ...(threads > 1 && { extra: { session: { intra_op: { allow_spinning: '0' } } } }),
      }),
    },
    loadNative(host),
  );
}
