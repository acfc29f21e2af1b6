import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TroupeError } from '../../core/errors.ts';
import { type PackageHost, packageHost } from '../packages.ts';
import type { GraphExecutor } from './contract.ts';
import { loadNative, locateNative, nativeExecutor } from './onnx-native.ts';
import { probe } from './probe.ts';

/**
 * onnxruntime's CUDA provider, which its install script fetches (linux, x64, CUDA 12). All values go to the device and
 * back with each run: onnxruntime-node offers no tensors that stay on a CUDA device.
 * @throws with the reason where it cannot be used; found out in a process of its own
 */
export async function startOnnxCuda(host: PackageHost = packageHost): Promise<GraphExecutor> {
  const { reason } = await probeCuda(host);
  return nativeExecutor(
    {
      name: 'onnx-cuda',
      reason,
      dialect: 'cpu',
      // What CUDA has no kernel for runs on the processor.
      settings: () => ({ executionProviders: ['cuda', 'cpu'] }),
    },
    loadNative(host),
  );
}

/** Whether it works here. @throws with the reason where it does not */
export async function probeCuda(host: PackageHost = packageHost): Promise<{ readonly reason: string }> {
  const file = locateNative(host);
  if (!existsSync(cudaProvider(file))) {
    const how = 'ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node';
    const where = process.platform === 'linux' && process.arch === 'x64';
    throw new TroupeError(
      where ? `its CUDA provider is not installed: ${how}` : 'its CUDA provider is for Linux on x64 only',
    );
  }
  await probe('cuda', host);
  return { reason: 'onnxruntime on a CUDA GPU' };
}

/** Where onnxruntime looks for the provider. @param index the package's entry point, `dist/index.js` */
const cudaProvider = (index: string): string =>
  join(
    dirname(dirname(index)),
    'bin',
    'napi-v6',
    process.platform,
    process.arch,
    'libonnxruntime_providers_cuda.so',
  );
