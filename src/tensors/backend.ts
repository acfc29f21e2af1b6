import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { asError, TroupeError } from '../core/errors.ts';
import type { Executor } from './contract.ts';
import * as tf from './ops.ts';
import { replaceSlowKernels } from './wasmKernels.ts';

export type BackendName = 'tfjs-node-gpu' | 'tfjs-node' | 'wasm' | 'cpu';

let started: Promise<Executor> | undefined;

/**
 * Makes the tensor backend of this thread ready: the native ones where they are installed and load, else wasm (SIMD,
 * one thread), else plain JavaScript. Once a thread; later and concurrent calls share the first.
 * @param only take this backend or fail; for tests and for comparing backends
 */
export async function initTensors(only?: BackendName): Promise<Executor> {
  started ??= start(only).catch(error => {
    started = undefined;
    throw error;
  });
  const executor = await started;
  if (only !== undefined && executor.name !== `eager/${only}`) {
    throw new TroupeError(`tensors: this thread already runs on ${executor.name}, asked for eager/${only}`);
  }
  return executor;
}

async function start(only: BackendName | undefined): Promise<Executor> {
  // Production mode silences tfjs' advertisements; its input checks stay on.
  tf.enableProdMode();
  const passed: string[] = [];
  for (const name of only ? [only] : (['wasm', 'cpu'] as const)) {
    try {
      if (name === 'wasm') setWasmPaths(wasmFolder());
      if (!(await tf.setBackend(name))) throw new Error(`tfjs has no backend ${name}`);
      await tf.ready();
      if (name === 'wasm') replaceSlowKernels();
      const why = [...passed, only ? 'asked for' : `first of those installed that loads`].join('; ');
      return { name: `eager/${name}`, reason: why };
    } catch (error) {
      passed.push(`${name}: ${asError(error).message.split('\n')[0]}`);
    }
  }
  throw new TroupeError(`tensors: no backend could be started (${passed.join('; ')})`);
}

/** Where the wasm binaries lie, with the separator at the end that tfjs wants. */
function wasmFolder(): string {
  const manifest = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json');
  return join(dirname(manifest), 'dist', '/');
}
