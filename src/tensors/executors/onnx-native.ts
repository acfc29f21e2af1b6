import { TroupeError } from '../../core/errors.ts';
import { nativeCall, nativeCallLater } from '../../core/native-calls.ts';
import type { PackageHost } from '../packages.ts';
import type { DeviceTensor, Dialect, Feeds, GraphExecutor, Session, SessionOptions } from './contract.ts';
import {
  checkFeeds,
  failure,
  hostValues,
  makeTensor,
  ownWords,
  privateBytes,
  type TensorConstructor,
} from './failures.ts';

/** How to get the package without the hundreds of megabytes that its install script loads. */
const howToInstall = 'ONNXRUNTIME_NODE_INSTALL=skip npm i onnxruntime-node';

type Outputs = Record<string, DeviceTensor>;

/** The native session, one layer below the public one, whose `run` waits for the event loop and then blocks it. */
interface BindingSession {
  loadModel(buffer: ArrayBufferLike, offset: number, length: number, options: object): void;
  readonly inputMetadata: readonly { readonly name: string }[];
  readonly outputMetadata: readonly { readonly name: string }[];
  run(feeds: object, fetches: object, options: object): Outputs;
  dispose(): void;
}

interface Binding {
  readonly binding: { readonly InferenceSession: new () => BindingSession };
  initOrt(): void;
}

interface PublicSession {
  readonly inputNames: readonly string[];
  run(feeds: object): Promise<Outputs>;
  release(): Promise<void>;
}

interface PublicOrt {
  readonly Tensor: TensorConstructor;
  readonly InferenceSession: { create(model: Uint8Array, options: object): Promise<PublicSession> };
}

/** onnxruntime-node as it is installed here. */
export interface NativePackage {
  readonly ort: PublicOrt;
  /** Its inner layer; `undefined` where a version of it has another form. */
  readonly binding: Binding | undefined;
}

/** Where onnxruntime-node lies. @throws where it is not installed, or has no build for this machine */
export function locateNative(host: PackageHost): string {
  const file = host.resolve('onnxruntime-node');
  if (file !== undefined) return file;
  throw new TroupeError(`onnxruntime-node is not installed: ${howToInstall}`);
}

/** Loads onnxruntime-node. @throws with the reason where it cannot be used */
export function loadNative(host: PackageHost): NativePackage {
  const file = locateNative(host);
  let ort: PublicOrt;
  try {
    ort = nativeCall(() => host.require(file) as PublicOrt);
  } catch (error) {
    throw new TroupeError(`onnxruntime-node does not load here: ${ownWords(error)}`, { cause: error });
  }
  return { ort, binding: innerLayer(host) };
}

/** The package promises nothing about it, so it is looked at before it is used. */
function innerLayer(host: PackageHost): Binding | undefined {
  const file = host.resolve('onnxruntime-node/dist/binding.js');
  if (file === undefined) return undefined;
  try {
    const found = host.require(file) as Partial<Binding>;
    const methods = found.binding?.InferenceSession?.prototype as Partial<BindingSession> | undefined;
    const known = typeof methods?.loadModel === 'function' && typeof methods.run === 'function';
    if (!known || typeof found.initOrt !== 'function') return undefined;
    nativeCall(found.initOrt);
    return found as Binding;
  } catch {
    return undefined;
  }
}

/** What tells one native executor from another. */
export interface NativeKind {
  readonly name: string;
  readonly reason: string;
  readonly dialect: Dialect;
  readonly leavesSmall?: boolean;
  /** Settings of a session, beside those that all have. */
  settings(options: SessionOptions): object;
}

/** Settings of every session: one thread each, since actors have threads of their own; warnings stay inside. */
const common = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  graphOptimizationLevel: 'all',
  logSeverityLevel: 4,
};

/** An executor of onnxruntime-node. */
export function nativeExecutor(kind: NativeKind, { ort, binding }: NativePackage): GraphExecutor {
  const { name, reason, dialect, leavesSmall = false } = kind;
  const settings = (options: SessionOptions = {}) => ({ ...common, ...kind.settings(options) });
  const shared = {
    name,
    dialect,
    leavesSmall,
    tensor: (...of: Parameters<GraphExecutor['tensor']>) => makeTensor(name, ort.Tensor, ...of),
    download: async (tensor: DeviceTensor) => hostValues(name, tensor),
  };
  if (binding === undefined) {
    return {
      ...shared,
      sync: false,
      reason: `${reason}, by its public interface: no calls at once`,
      load: (model, options) => openPublic(name, ort, model, settings(options), nativeCallLater),
    };
  }
  const loadSync = (model: Uint8Array, options?: SessionOptions): Session =>
    openBinding(name, binding, model, settings(options));
  return { ...shared, sync: true, reason, loadSync, load: async (...of) => loadSync(...of) };
}

function openBinding(name: string, { binding }: Binding, model: Uint8Array, settings: object): Session {
  let session: BindingSession | undefined;
  let inputs: readonly string[];
  let fetches: object;
  try {
    const bytes = privateBytes(model);
    const opened = nativeCall(() => {
      const fresh = new binding.InferenceSession();
      fresh.loadModel(bytes.buffer, bytes.byteOffset, bytes.byteLength, settings);
      return { fresh, inputs: fresh.inputMetadata, outputs: fresh.outputMetadata };
    });
    session = opened.fresh;
    inputs = opened.inputs.map(input => input.name);
    fetches = Object.fromEntries(opened.outputs.map(output => [output.name, null]));
  } catch (error) {
    throw failure(name, 'loading a model', error);
  }
  const runSync = (feeds: Feeds): Outputs => {
    const open = session;
    if (open === undefined) throw releasedSession(name);
    checkFeeds(name, inputs, feeds);
    try {
      return nativeCall(() => open.run(feeds, fetches, {}));
    } catch (error) {
      throw failure(name, 'a run', error);
    }
  };
  return {
    runSync,
    run: async feeds => runSync(feeds),
    async release() {
      const open = session;
      session = undefined;
      if (open !== undefined) nativeCall(() => open.dispose());
    },
  };
}

/**
 * A session through the interface that onnxruntime's packages have in common.
 * @param within what calls of the package are done in
 */
export async function openPublic(
  name: string,
  { InferenceSession }: Pick<PublicOrt, 'InferenceSession'>,
  model: Uint8Array,
  settings: object,
  within: <T>(call: () => Promise<T>) => Promise<T> = call => call(),
): Promise<Session> {
  const create = () => InferenceSession.create(privateBytes(model), settings);
  const opened = await within(create).catch((error: unknown) => {
    throw failure(name, 'loading a model', error);
  });
  let session: PublicSession | undefined = opened;
  return {
    async run(feeds) {
      const open = session;
      if (open === undefined) throw releasedSession(name);
      checkFeeds(name, open.inputNames, feeds);
      try {
        return await within(() => open.run(feeds));
      } catch (error) {
        throw failure(name, 'a run', error);
      }
    },
    async release() {
      const open = session;
      session = undefined;
      if (open !== undefined) await within(() => open.release());
    },
  };
}

export const releasedSession = (name: string): TroupeError =>
  new TroupeError(`${name}: a run in a session that was released`);
