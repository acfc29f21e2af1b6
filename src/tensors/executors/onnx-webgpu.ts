import { type DeviceLock, deviceLock } from '../../core/device-lock.ts';
import { asError, TroupeError } from '../../core/errors.ts';
import { nativeCall } from '../../core/native-calls.ts';
import type { Dtype } from '../graph/values.ts';
import { type PackageHost, packageHost } from '../packages.ts';
import type { DeviceTensor, Feeds, GraphExecutor, Session, SessionOptions } from './contract.ts';
import { hostValues } from './failures.ts';
import { loadNative, nativeExecutor, releasedSession } from './onnx-native.ts';
import { probe } from './probe.ts';
import { identityModel } from './probe-graph.ts';

const name = 'onnx-webgpu';

/** How many sessions that only fetch tensors are kept. */
const mostFetchers = 16;

/** What WebGPU runs on here. */
export interface Adapter {
  readonly reason: string;
  /** Whether it is a program that acts a GPU: right, and slower than the processor is otherwise. */
  readonly software: boolean;
}

/** Tries WebGPU in a process of its own. @throws with the reason where it does not work */
export async function probeWebgpu(host: PackageHost = packageHost): Promise<Adapter> {
  try {
    return adapterOf((await probe('webgpu', host)).drivers);
  } catch (error) {
    if (!asError(error).message.startsWith('Failed to get a WebGPU adapter')) throw error;
    throw new TroupeError('no GPU is found: WebGPU wants a driver for Vulkan, Metal or Direct3D 12', {
      cause: error,
    });
  }
}

const softwareDrivers = /swiftshader|vulkan_lvp|d3d10warp/i;
/** What is loaded on every machine with Vulkan, whatever the driver. */
const noDriver = /^libvulkan\.|VkLayer|mock_icd/i;

/** onnxruntime does not say which adapter it took, but only one whose driver was loaded. */
export function adapterOf(drivers: readonly string[]): Adapter {
  const some = drivers.filter(driver => !noDriver.test(driver));
  const real = some.filter(driver => !softwareDrivers.test(driver));
  const software = real.length === 0 && some.length > 0;
  const which = software ? some : real;
  const driven = which.length === 0 ? '' : ` (${which[0]})`;
  const what = software ? 'a software adapter, for tests' : 'a GPU';
  return { software, reason: `onnxruntime, WebGPU on ${what}${driven}` };
}

/**
 * onnxruntime's WebGPU provider. Outputs that are asked to stay on the device do, until they are disposed of.
 * Dawn does not bear two threads, so those of this process take turns, call by call.
 * @throws with the reason where there is no adapter, found out in a process of its own
 */
export async function startOnnxWebgpu(host: PackageHost = packageHost): Promise<GraphExecutor> {
  const lock = deviceLock();
  if (lock === undefined) {
    throw new TroupeError('not in a thread that Troupe did not start: the threads must take turns');
  }
  const { reason } = await probeWebgpu(host);
  const native = loadNative(host);
  if (native.binding === undefined) {
    throw new TroupeError(
      'this version of onnxruntime-node offers no calls at once, so the threads cannot take turns',
    );
  }
  const inner = nativeExecutor(
    {
      name,
      reason,
      dialect: 'webgpu',
      settings: ({ onDevice = [] }) => ({
        executionProviders: ['webgpu'],
        preferredOutputLocation: Object.fromEntries(onDevice.map(output => [output, 'gpu-buffer'])),
      }),
    },
    native,
  );
  return inTurns(inner, lock);
}

/** @param inner with `loadSync` */
function inTurns(inner: GraphExecutor, lock: DeviceLock): GraphExecutor {
  // A thread that is ended amid its turn, or waiting for it, would keep the others from theirs.
  const turn = <T>(call: () => T): T => nativeCall(() => lock.hold(call));
  // Referred to until they are freed: the garbage collector would free them outside of this thread's turn.
  const onDevice = new Set<DeviceTensor>();
  process.once('exit', () => {
    for (const tensor of onDevice) tensor.dispose();
  });
  const kept = (tensor: DeviceTensor, freed: () => void): void => {
    const free = tensor.dispose.bind(tensor);
    onDevice.add(tensor);
    tensor.dispose = () => {
      if (!onDevice.delete(tensor)) return;
      turn(free);
      freed();
    };
  };
  const loadNow = (model: Uint8Array, options?: SessionOptions): Session => {
    const session = turn(() => inner.loadSync!(model, options));
    // To free a tensor after the session that made it ends the process (onnxruntime 1.30): sessions wait for theirs.
    let living = 0;
    let released = false;
    const end = () => {
      if (released && living === 0) turn(() => void session.release());
    };
    const runSync = (feeds: Feeds) => {
      if (released) throw releasedSession(name);
      const outputs = turn(() => session.runSync!(feeds));
      for (const output of Object.values(outputs)) {
        if (output.location === 'cpu') continue;
        living++;
        kept(output, () => {
          living--;
          end();
        });
      }
      return outputs;
    };
    return {
      runSync,
      run: async feeds => runSync(feeds),
      async release() {
        if (released) return;
        released = true;
        end();
      },
    };
  };
  const fetchers = new Map<string, Session>();
  // A call at once would hold the thread for as long as the device takes: whoever acts in a loop acts elsewhere.
  const { loadSync: _, ...asynchronous } = inner;
  return {
    ...asynchronous,
    sync: false,
    onDevice,
    load: async (...of) => loadNow(...of),
    // A tensor's own `getData` ends the process (onnxruntime 1.30).
    async download(tensor) {
      if (tensor.location === 'cpu') return hostValues(name, tensor);
      const key = `${tensor.type}[${tensor.dims}]`;
      let fetcher = fetchers.get(key);
      if (fetcher === undefined) {
        if (fetchers.size >= mostFetchers) {
          const [oldest, session] = fetchers.entries().next().value!;
          fetchers.delete(oldest);
          await session.release();
        }
        fetcher = loadNow(identityModel(tensor.type as Dtype, tensor.dims));
        fetchers.set(key, fetcher);
      }
      return hostValues(name, fetcher.runSync!({ x: tensor }).y);
    },
  };
}
