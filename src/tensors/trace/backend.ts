import type { DataType, KernelConfig, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { asError, usageError } from '../../core/errors.ts';
import { GraphBuilder } from '../graph/builder.ts';
import type { Dtype, Value } from '../graph/values.ts';
import { loweringTable } from '../lowering/table.ts';
import * as tf from '../ops.ts';
import { NotCompilable, unknownKernel } from './not-compilable.ts';

const BACKEND = 'troupe-trace';

/**
 * A backend of TensorFlow.js that computes nothing: its kernels build a graph. Gradients, custom gradients and all that
 * is written in terms of kernels record themselves.
 */
class RecordingBackend extends tf.KernelBackend {
  builder = new GraphBuilder();
  /** The ids of all tensors of the recording. */
  handed: object[] = [];
  readonly #values = new WeakMap<object, Value>();

  /** A fresh tensor handle for a value. Each has a `dataId` of its own: the engine frees them one by one. */
  handle(value: Value): TensorInfo {
    const dataId = {};
    this.handed.push(dataId);
    this.#values.set(dataId, value);
    return { dataId, shape: [...value.shape], dtype: value.dtype as DataType };
  }

  /** The value of a tensor; one that was computed outside becomes a constant. */
  lookUp(tensor: TensorInfo): Value {
    const known = this.#values.get(tensor.dataId);
    if (known) return known;
    if (tensor instanceof tf.Variable) {
      throw usageError(
        `a tf.Variable inside a step: expected what changes between calls as state or as an input`,
      );
    }
    const dtype = graphDtype(tensor.dtype);
    const data = engine().state.tensorInfo.get(tensor.dataId)?.backend.readSync(tensor.dataId);
    if (data === undefined) throw usageError('a tensor that was disposed is used inside a step');
    const value = this.builder.constant(data.slice(), tensor.shape, dtype);
    this.#values.set(tensor.dataId, value);
    return value;
  }

  override write(values: tf.BackendValues, shape: number[], dtype: DataType): object {
    const graphType = graphDtype(dtype);
    const source = values as ArrayLike<number>;
    const data =
      graphType === 'float32'
        ? Float32Array.from(source)
        : graphType === 'int32'
          ? Int32Array.from(source)
          : Uint8Array.from(source);
    return this.handle(this.builder.constant(data, shape, graphType)).dataId;
  }

  override readSync(): never {
    throw new NotCompilable(
      'a step reads the values of a tensor (dataSync, arraySync, print, a condition on a value): they are known only when the compiled program runs; choose with tf.where',
    );
  }

  override read(): never {
    return this.readSync();
  }

  override numDataIds = (): number => 0;
  override disposeData = (): boolean => true;
  override refCount = (): number => 1;
  override incRef = (): void => {};
  decRef = (): void => {};
  override memory = () => ({ unreliable: true });
  override floatPrecision = (): 32 => 32;
  override epsilon = (): number => 1e-7;
}

function graphDtype(dtype: string): Dtype {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new NotCompilable(`tensors of type ${dtype} cannot be compiled; expected float32, int32 or bool`);
}

/** The parts of the engine that its types keep private; tfjs is pinned for their sake. */
interface Engine {
  backendName: string | undefined;
  backendInstance: object | undefined;
  /** Set while another backend starts; the engine then refuses to work. */
  pendingBackendInit: unknown;
  readonly state: {
    numTensors: number;
    numDataBuffers: number;
    numBytes: number;
    readonly tensorInfo: Map<
      object,
      { readonly backend: { readSync(dataId: object): Float32Array | Int32Array | Uint8Array } }
    >;
  };
}

const engine = () => tf.engine() as unknown as Engine;

let recording: RecordingBackend | undefined;

/** The backend, with a kernel for every row of the table. */
function recordingBackend(): RecordingBackend {
  if (recording) return recording;
  recording = new RecordingBackend();
  for (const { kernel, lower } of loweringTable.values()) {
    const config: KernelConfig = {
      kernelName: kernel,
      backendName: BACKEND,
      kernelFunc({ inputs, attrs }) {
        const backend = recordingBackend();
        const values: Record<string, Value> = {};
        for (const name in inputs) {
          const input = inputs[name];
          if (input) values[name] = backend.lookUp(input);
        }
        const made = lower(backend.builder, values, attrs ?? {});
        return Array.isArray(made) ? made.map(value => backend.handle(value)) : backend.handle(made as Value);
      },
    };
    tf.registerKernel(config);
  }
  return recording;
}

/** What a recording has at hand. */
export interface Recorder {
  /** Makes a tensor that stands for a value. */
  tensor(value: Value): Tensor;
  /** The value that a tensor stands for. */
  valueFor(tensor: Tensor): Value;
}

/**
 * Runs `record` with every operation of TensorFlow.js building nodes of `builder`, and puts the engine back as it was.
 * Nothing else can run meanwhile, since it is synchronous.
 */
export function whileRecording<T>(builder: GraphBuilder, record: (recorder: Recorder) => T): T {
  const backend = recordingBackend();
  const active = engine();
  const { backendName, backendInstance, pendingBackendInit } = active;
  const outer = backend.builder;
  const { numTensors, numDataBuffers, numBytes } = active.state;
  backend.builder = builder;
  // `setBackend` does the same, and sets all kernels of the backend up again, each time.
  active.backendName = BACKEND;
  active.backendInstance = backend;
  active.pendingBackendInit = null;
  tf.engine().startScope('trace');
  try {
    return record({
      tensor: value => tf.engine().makeTensorFromTensorInfo(backend.handle(value)),
      valueFor: tensor => backend.lookUp(tensor),
    });
  } catch (error) {
    const kernel = /Kernel '(\w+)' not registered for backend|registered kernel '(\w+)'/.exec(
      asError(error).message,
    );
    throw kernel ? unknownKernel(kernel[1] ?? kernel[2]) : error;
  } finally {
    tf.engine().endScope();
    active.backendName = backendName;
    active.backendInstance = backendInstance;
    active.pendingBackendInit = pendingBackendInit;
    backend.builder = outer;
    // What the step kept stands for nothing any more, and nobody else can have it.
    for (const dataId of backend.handed) active.state.tensorInfo.delete(dataId);
    backend.handed = [];
    Object.assign(active.state, { numTensors, numDataBuffers, numBytes });
  }
}
