import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as Wasm from '@tensorflow/tfjs-backend-wasm';
import { asError, TroupeError, usageError } from '../../core/errors.ts';
import type { Executor } from '../contract.ts';
import * as tf from '../ops.ts';
import { type PackageHost, packageHost } from '../packages.ts';
import { startNative } from './native.ts';
import { replaceWrongKernels } from './wasm-dtypes.ts';
import { replaceSlowKernels } from './wasm-kernels.ts';
import { addMissingKernels } from './wasm-missing.ts';

const require = createRequire(import.meta.url);

/** In the order of preference. */
export const backendNames = ['tfjs-node-gpu', 'tfjs-node', 'wasm', 'cpu'] as const;
/** The name of a tensor backend. */
export type BackendName = (typeof backendNames)[number];

let started: Promise<Executor> | undefined;
let running: Executor | undefined;

/** The backend that this thread runs on, or, where none was started, the one that needs no waiting: plain JavaScript. */
export function eagerNow(): Executor {
  if (running) return running;
  // The promise is for backends that start asynchronously; this one is there at once.
  void tf.setBackend('cpu');
  return { name: 'eager/cpu', reason: 'plain JavaScript: nothing else starts at once' };
}

/**
 * Makes the tfjs backend of this thread ready: TensorFlow's native library where a project has installed it and it
 * loads, else wasm, else plain JavaScript. Once a thread; later and concurrent calls share the first.
 * @param only take this backend or fail
 * @throws where none starts, or where the thread runs on another backend already
 */
export async function startEager(only?: BackendName, host: PackageHost = packageHost): Promise<Executor> {
  started ??= start(only, host).catch(error => {
    started = undefined;
    throw error;
  });
  const executor = await started;
  running = executor;
  if (only !== undefined && executor.name !== `eager/${only}`) {
    throw usageError(`tensors: expected eager/${only}, but this thread runs on ${executor.name} already`);
  }
  return executor;
}

async function start(only: BackendName | undefined, host: PackageHost): Promise<Executor> {
  // Production mode silences tfjs' advertisements; its input checks stay on.
  tf.enableProdMode();
  const passedOver: string[] = [];
  for (const name of only ? [only] : backendNames) {
    try {
      const what = await starters[name](host);
      return { name: `eager/${name}`, reason: [...passedOver, `${name}: ${what}`].join('; ') };
    } catch (error) {
      passedOver.push(asError(error).message);
    }
  }
  throw new TroupeError(`tensors: no backend starts: ${passedOver.join('; ')}`);
}

/** Each starts a backend and says what it is, or throws with the reason. */
const starters: Readonly<Record<BackendName, (host: PackageHost) => Promise<string>>> = {
  'tfjs-node-gpu': host => startNative('tfjs-node-gpu', host),
  'tfjs-node': host => startNative('tfjs-node', host),
  async wasm() {
    // Not before it is wanted: where it is registered, tfjs takes it for every operation, and has to wait for it.
    const { setWasmPaths } = require('@tensorflow/tfjs-backend-wasm') as typeof Wasm;
    setWasmPaths(wasmFolder());
    await keepingHandlers(() => select('wasm'));
    replaceSlowKernels();
    replaceWrongKernels();
    addMissingKernels();
    return wasmFlavour();
  },
  async cpu() {
    await select('cpu');
    return 'plain JavaScript';
  },
};

async function select(backend: string): Promise<void> {
  if (!(await tf.setBackend(backend))) throw new Error(`tfjs' backend ${backend} does not start`);
  await tf.ready();
}

/**
 * Takes back the process handlers that `start` adds. tfjs' wasm module (emscripten) installs some that rethrow: with
 * them, a rejection that nobody handles ends the process with the module's whole source as its message.
 */
async function keepingHandlers(start: () => Promise<void>): Promise<void> {
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.map(event => process.rawListeners(event));
  await start();
  for (const [i, event] of events.entries()) {
    for (const listener of process.rawListeners(event)) {
      if (!before[i].includes(listener)) process.removeListener(event, listener as () => void);
    }
  }
}

/** Where the wasm binaries lie, with the separator at the end that tfjs wants. */
function wasmFolder(): string {
  const manifest = require.resolve('@tensorflow/tfjs-backend-wasm/package.json');
  return join(dirname(manifest), 'dist', '/');
}

/** What tfjs' wasm backend is here. */
export async function wasmFlavour(): Promise<string> {
  // The flag is the backend's.
  require('@tensorflow/tfjs-backend-wasm');
  const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
  return simd ? 'WebAssembly with SIMD, one thread' : 'WebAssembly without SIMD, one thread';
}
