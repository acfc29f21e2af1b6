import { TroupeError } from '../../core/errors.ts';
import { type PackageHost, packageHost } from '../packages.ts';
import type { GraphExecutor } from './contract.ts';
import { hostValues, makeTensor, ownWords } from './failures.ts';
import { openPublic } from './onnx-native.ts';

type OpenPublic = Parameters<typeof openPublic>[1];
type MakeTensor = Parameters<typeof makeTensor>[1];

/** What we use of onnxruntime-web. */
interface WebOrt extends OpenPublic {
  readonly Tensor: MakeTensor;
  readonly env: { readonly wasm: { numThreads?: number; proxy?: boolean } };
}

/** Where onnxruntime-web lies. @throws where it is not installed */
export function locateWasm(host: PackageHost = packageHost): string {
  const file = host.resolve('onnxruntime-web');
  if (file !== undefined) return file;
  throw new TroupeError('onnxruntime-web is not installed: npm i onnxruntime-web');
}

export const wasmReason = 'onnxruntime, WebAssembly, one thread';

/**
 * onnxruntime's WebAssembly build: two to four times slower than the native one, and the same on every machine. It
 * reads its `.wasm` file from its own package.
 * @throws where onnxruntime-web is not installed or does not load
 */
export async function startOnnxWasm(host: PackageHost = packageHost): Promise<GraphExecutor> {
  const name = 'onnx-wasm';
  const file = locateWasm(host);
  const ort = await host.load(file).then(
    loaded => (loaded as { readonly default?: WebOrt }).default ?? (loaded as WebOrt),
    (error: unknown) => {
      throw new TroupeError(`onnxruntime-web does not load: ${ownWords(error)}`, { cause: error });
    },
  );
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.proxy = false;
  const settings = { executionProviders: ['wasm'], graphOptimizationLevel: 'all', logSeverityLevel: 4 };
  return {
    name,
    reason: wasmReason,
    dialect: 'cpu',
    leavesSmall: true,
    sync: false,
    load: model => openPublic(name, ort, model, settings),
    tensor: (...of) => makeTensor(name, ort.Tensor, ...of),
    download: async tensor => hostValues(name, tensor),
  };
}
