import { createRequire } from 'node:module';
import type * as Ort from 'onnxruntime-common';
import type { DeviceTensor, Feeds, GraphExecutor, Session } from './contract.ts';

/** The native session of onnxruntime-node, one layer below its public one, whose `run` waits for the event loop. */
interface NativeSession {
  loadModel(buffer: ArrayBufferLike, offset: number, length: number, options: object): void;
  readonly outputMetadata: readonly { readonly name: string }[];
  run(feeds: object, fetches: object, options: object): Record<string, DeviceTensor>;
  dispose(): void;
}

interface NativeBinding {
  readonly binding: { readonly InferenceSession: new () => NativeSession };
  initOrt(): void;
}

const require = createRequire(import.meta.url);

/** Settings of every session: one thread each, since actors have threads of their own; warnings stay inside. */
const sessionOptions = {
  executionProviders: ['cpu'],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  graphOptimizationLevel: 'all',
  logSeverityLevel: 3,
} as const;

/** onnxruntime's native CPU executor. @throws where onnxruntime-node is not installed or does not load here */
export function startOnnxCpu(): GraphExecutor {
  const { Tensor } = require('onnxruntime-common') as typeof Ort;
  const native = require('onnxruntime-node/dist/binding.js') as NativeBinding;
  native.initOrt();
  const loadSync = (model: Uint8Array): Session => {
    const session = new native.binding.InferenceSession();
    session.loadModel(model.buffer, model.byteOffset, model.byteLength, sessionOptions);
    const fetches = Object.fromEntries(session.outputMetadata.map(({ name }) => [name, null]));
    const runSync = (feeds: Feeds) => session.run(feeds, fetches, {});
    return { runSync, run: async feeds => runSync(feeds), release: async () => session.dispose() };
  };
  return {
    name: 'onnx-cpu',
    reason: 'onnxruntime, native, one thread',
    dialect: 'cpu',
    sync: true,
    loadSync,
    load: async model => loadSync(model),
    tensor: (dtype, data, dims) => new Tensor(dtype, data as never, dims as number[]) as DeviceTensor,
    download: async tensor => tensor.data as Float32Array,
  };
}
