/**
 * What executors of graphs have in common. A model is the bytes of an ONNX file; tensors are what onnxruntime's packages
 * call so, by their form.
 */

/** Element types that go in and out of a model. */
export type DeviceDtype = 'float32' | 'int32' | 'bool' | 'int64';

/** A tensor that a session takes or gives. One that lies on a device has no `data` to read. */
export interface DeviceTensor {
  readonly type: string;
  readonly dims: readonly number[];
  /** Where it lies: `cpu`, or e.g. `gpu-buffer`. */
  readonly location: string;
  /** The elements, row-major, for tensors in `cpu` memory. Throws for others. */
  readonly data: unknown;
  /** Frees what the tensor holds on a device. */
  dispose(): void;
}

/** What a run takes: tensors by the names of the model's inputs. */
export type Feeds = Readonly<Record<string, DeviceTensor>>;

/** A model, ready to run. */
export interface Session {
  /** All outputs, by name. */
  run(feeds: Feeds): Promise<Readonly<Record<string, DeviceTensor>>>;
  /** The same at once; only where `GraphExecutor.sync` says so. */
  runSync?(feeds: Feeds): Readonly<Record<string, DeviceTensor>>;
  /** Frees it. Nothing may be run afterwards. */
  release(): Promise<void>;
}

/** What a session should know beforehand. */
export interface SessionOptions {
  /** Outputs that stay on the device, where there is one: they will be fed again. Default: none. */
  readonly onDevice?: readonly string[];
}

/** Runs graphs. One object a thread. */
export interface GraphExecutor {
  /** E.g. `onnx-cpu`. */
  readonly name: string;
  /** What it is and why it was taken, for reports. */
  readonly reason: string;
  /** Which forms of nodes it wants (see `onnx/dialects.ts`). */
  readonly dialect: Dialect;
  /** Whether sessions have `runSync`, and `loadSync` is there. */
  readonly sync: boolean;
  /**
   * Whether a program that is small had better run in this thread (`small/`): tensors lie in host memory, and a call
   * costs more than such a program takes. Default: false.
   */
  readonly leavesSmall?: boolean;
  /** @throws where the model cannot be run here, with the executor's own words */
  load(model: Uint8Array, options?: SessionOptions): Promise<Session>;
  loadSync?(model: Uint8Array, options?: SessionOptions): Session;
  /** A tensor of host values. The executor may read `data` until the next run has ended. Never shared memory. */
  tensor(
    dtype: DeviceDtype,
    data: Float32Array | Int32Array | Uint8Array | BigInt64Array,
    dims: readonly number[],
  ): DeviceTensor;
  /** The tensors that lie on its device and are not freed yet; absent where there is no device. */
  readonly onDevice?: ReadonlySet<DeviceTensor>;
  /** The values of a tensor, wherever it lies; a copy, or memory that nobody else writes. */
  download(tensor: DeviceTensor): Promise<Float32Array | Int32Array | Uint8Array>;
}

/** Families of executors that want different nodes for the same thing. */
export type Dialect = 'cpu' | 'webgpu';
