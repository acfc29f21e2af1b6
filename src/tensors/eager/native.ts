import { asError } from '../../core/errors.ts';
import * as tf from '../ops.ts';
import { type PackageHost, packageHost } from '../packages.ts';

/** TensorFlow's native library as tfjs backends: optional peers, used where a project has installed them. */
export type NativeBackend = 'tfjs-node-gpu' | 'tfjs-node';

/** What we use of such a package; importing it registers and selects the tfjs backend `tensorflow`. */
export interface NativeTfjs {
  readonly version: { readonly 'tfjs-core'?: string; readonly 'tfjs-node'?: string };
  getBackend(): string;
  backend(): object & { readonly isUsingGpuDevice?: boolean };
}

/** Why a native package cannot be used, without loading it, or the file to load. */
function locate(name: NativeBackend, host: PackageHost): { file: string } | { reason: string } {
  const file = host.resolve(`@tensorflow/${name}`);
  if (file === undefined) return { reason: `@tensorflow/${name} is not installed` };
  if (!host.hasLegacyUtil) {
    return { reason: `@tensorflow/${name} 4.22 does not run on Node 23 or newer (tfjs#8609)` };
  }
  return { file };
}

/**
 * Loads a native package, which makes `tensorflow` the backend of this thread.
 * @returns what it runs on
 * @throws with the reason where it cannot be used; the backend is then undecided
 */
export async function startNative(name: NativeBackend, host: PackageHost = packageHost): Promise<string> {
  const found = locate(name, host);
  if ('reason' in found) throw new Error(found.reason);
  let native: NativeTfjs;
  try {
    const loaded = (await host.load(found.file)) as NativeTfjs & { readonly default?: NativeTfjs };
    native = loaded.default ?? loaded;
  } catch (error) {
    throw new Error(`@tensorflow/${name} failed to load: ${firstLine(error)}`, { cause: error });
  }
  const core = native.version['tfjs-core'];
  if (core !== tf.version_core) {
    throw new Error(
      `@tensorflow/${name} brings tfjs-core ${core}, expected ${tf.version_core}: install the same version`,
    );
  }
  if (!(await tf.setBackend('tensorflow'))) throw new Error(`@tensorflow/${name} registered no backend`);
  // A library can load and still fail at its first operation.
  const five = tf.tidy(() => tf.add(tf.scalar(2), tf.scalar(3)).dataSync()[0]);
  if (five !== 5) throw new Error(`@tensorflow/${name} computes 2 + 3 = ${five}`);
  return native.backend().isUsingGpuDevice ? 'TensorFlow on a GPU' : 'TensorFlow on the CPU';
}

/** Looks at a native package in a process of its own: a library that aborts takes only that with it. */
export async function describeNative(
  name: NativeBackend,
  host: PackageHost = packageHost,
): Promise<{ readonly available: boolean; readonly reason: string }> {
  const found = locate(name, host);
  if ('reason' in found) return { available: false, reason: found.reason };
  const script = `
    const tf = require(${JSON.stringify(found.file)});
    const sum = tf.add(tf.scalar(2), tf.scalar(3)).dataSync()[0];
    console.log('\\n' + JSON.stringify({ sum, gpu: tf.backend().isUsingGpuDevice === true, core: tf.version_core }));`;
  try {
    const answer = JSON.parse((await host.run(script)).trim().split('\n').at(-1)!) as {
      sum: number;
      gpu: boolean;
      core: string;
    };
    if (answer.sum !== 5) return { available: false, reason: `it computes 2 + 3 = ${answer.sum}` };
    if (answer.core !== tf.version_core) {
      return { available: false, reason: `it brings tfjs-core ${answer.core}, expected ${tf.version_core}` };
    }
    return { available: true, reason: answer.gpu ? 'TensorFlow on a GPU' : 'TensorFlow on the CPU' };
  } catch (error) {
    return { available: false, reason: `@tensorflow/${name} failed to load: ${firstLine(error)}` };
  }
}

const firstLine = (error: unknown): string => asError(error).message.split('\n')[0];
