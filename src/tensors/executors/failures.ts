import { asError, oneLine, TroupeError, usageError } from '../../core/errors.ts';
import type { DeviceDtype, DeviceTensor, Feeds } from './contract.ts';

/** What an executor failed at, in its own words. */
export function failure(executor: string, doing: string, error: unknown): TroupeError {
  if (error instanceof TroupeError) return error;
  return new TroupeError(`${executor}: ${doing} failed: ${ownWords(error)}`, { cause: error });
}

/** In one line, without the places in onnxruntime's sources, which say nothing to those who have not got them. */
export function ownWords(error: unknown): string {
  // Which lengths of a shape are wrong stands in lines of their own.
  const lengths = asError(error).message.match(/(?<=\n) *index: .*/g) ?? [];
  return [oneLine(error), ...lengths.map(line => line.trim())]
    .join(', ')
    .replace(/^Error: /, '')
    .replace(/^\/\S+\.(?:cc|h|cpp):\d+ .* was false\. /, '')
    .replace(/ \/\S+\.(?:cc|h|cpp):\d+ .*?\]\s(?=\S)/, ' ')
    .trim();
}

/** An input that is missing is not noticed before the node that reads it, and not by every node. */
export function checkFeeds(executor: string, inputs: readonly string[], feeds: Feeds): void {
  for (const name of inputs) {
    if (feeds[name] === undefined) {
      const given = Object.keys(feeds).join(', ') || 'none';
      throw new TroupeError(`${executor}: input ${name} is missing, given: ${given}`);
    }
  }
}

/** Constructs onnxruntime's tensors; each of its packages brings its own. */
export type TensorConstructor = new (
  type: string,
  data: ArrayBufferView,
  dims: readonly number[],
) => DeviceTensor;

/** @throws for shared memory, which onnxruntime refuses without saying so, and where data and shape do not fit */
export function makeTensor(
  executor: string,
  Tensor: TensorConstructor,
  dtype: DeviceDtype,
  data: ArrayBufferView,
  dims: readonly number[],
): DeviceTensor {
  if (data.buffer instanceof SharedArrayBuffer) {
    throw usageError(`${executor}: a tensor in shared memory, expected a copy of it`);
  }
  try {
    return new Tensor(dtype, data, dims);
  } catch (error) {
    throw failure(executor, `making a ${dtype} tensor [${dims.join(', ')}]`, error);
  }
}

/** The values of a tensor in host memory. @throws for types that host tensors have not */
export function hostValues(executor: string, tensor: DeviceTensor): Float32Array | Int32Array | Uint8Array {
  const { data } = tensor;
  if (data instanceof Float32Array || data instanceof Int32Array || data instanceof Uint8Array) return data;
  throw new TroupeError(`${executor}: a tensor of ${tensor.type}, expected float32, int32 or bool`);
}

/** A model's bytes as onnxruntime takes them: it refuses shared memory. */
export const privateBytes = (model: Uint8Array): Uint8Array =>
  model.buffer instanceof SharedArrayBuffer ? Uint8Array.from(model) : model;
