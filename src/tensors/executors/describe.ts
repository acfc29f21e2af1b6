import { asError } from '../../core/errors.ts';
import { wasmFlavour } from '../eager/backend.ts';
import { describeNative } from '../eager/native.ts';
import { type PackageHost, packageHost } from '../packages.ts';
import { type ExecutorName, executorNames } from './names.ts';
import { probeCuda } from './onnx-cuda.ts';
import { locateWasm, wasmReason } from './onnx-wasm.ts';
import { probeWebgpu } from './onnx-webgpu.ts';
import { probe } from './probe.ts';

/** One line of `troupe doctor`. */
export interface ExecutorDescription {
  readonly name: ExecutorName;
  readonly available: boolean;
  /** What it is, or why it is not available, and how to get it. */
  readonly reason: string;
  /** For a GPU that is a program: nobody is given it unasked. */
  readonly software?: boolean;
}

/** All that could run programs. Starts and loads nothing in this thread: what can end a process is tried in others. */
export function describeExecutors(host: PackageHost = packageHost): Promise<readonly ExecutorDescription[]> {
  return Promise.all(executorNames.map(name => describeExecutor(name, host)));
}

/** One of them. */
export async function describeExecutor(
  name: ExecutorName,
  host: PackageHost = packageHost,
): Promise<ExecutorDescription> {
  try {
    return { name, available: true, ...(await looks[name](host)) };
  } catch (error) {
    return { name, available: false, reason: asError(error).message };
  }
}

type Look = (host: PackageHost) => Promise<Partial<ExecutorDescription> & { readonly reason: string }>;

const looks: Readonly<Record<ExecutorName, Look>> = {
  async 'onnx-cpu'(host) {
    await probe('cpu', host);
    return { reason: 'onnxruntime, native' };
  },
  async 'onnx-webgpu'(host) {
    const { reason, software } = await probeWebgpu(host);
    return software ? { reason, software } : { reason };
  },
  'onnx-cuda': probeCuda,
  async 'onnx-wasm'(host) {
    locateWasm(host);
    return { reason: wasmReason };
  },
  'eager/tfjs-node-gpu': host => describeNative('tfjs-node-gpu', host),
  'eager/tfjs-node': host => describeNative('tfjs-node', host),
  async 'eager/wasm'() {
    return { reason: await wasmFlavour() };
  },
  async 'eager/cpu'() {
    return { reason: 'plain JavaScript' };
  },
};
