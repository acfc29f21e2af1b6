import { sizeOf } from '../../core/arrays.ts';
import type { HostTensor } from '../contract.ts';
import type { DeviceDtype, DeviceTensor, GraphExecutor } from '../executors/contract.ts';
import type { Value } from '../graph/values.ts';
import type { Ports } from './wiring.ts';

/** A tensor that is filled anew for each run, with the array that it reads. */
interface Staging {
  readonly tensor: DeviceTensor;
  readonly data: Float32Array | Int32Array | Uint8Array;
}

/**
 * Brings the leaves of a program's inputs to its executor. Small ones go through one array, since each tensor of its
 * own costs; those in shared memory are copied, since onnxruntime refuses it.
 */
export class Feeder {
  readonly #tensor: GraphExecutor['tensor'];
  readonly #ports: Ports;
  readonly #specs: readonly Value[];
  readonly #packed: (Staging & { readonly data: Float32Array }) | undefined;
  /** Copies for leaves in shared memory; made when the first one comes. */
  readonly #private = new Map<number, Staging>();

  /**
   * @param tensor makes tensors as the session takes them
   * @param specs what each leaf looks like; a row's first length may differ in each run
   */
  constructor(tensor: GraphExecutor['tensor'], ports: Ports, specs: readonly Value[]) {
    this.#tensor = tensor;
    this.#ports = ports;
    this.#specs = specs;
    if (ports.packed.length > 0) {
      const data = new Float32Array(ports.packed.reduce((sum, i) => sum + sizeOf(specs[i].shape), 0));
      this.#packed = { data, tensor: tensor('float32', data, [data.length]) };
    }
  }

  /** Adds the tensors for some leaves to the feeds of a run. */
  feed(leaves: readonly HostTensor[], feeds: Record<string, DeviceTensor>): void {
    if (this.#packed) {
      let at = 0;
      for (const i of this.#ports.packed) {
        this.#packed.data.set(leaves[i].data, at);
        at += leaves[i].data.length;
      }
      feeds['P'] = this.#packed.tensor;
    }
    for (const i of this.#ports.alone) feeds[`i${i}`] = this.#alone(i, leaves[i]);
  }

  #alone(i: number, { data, shape }: HostTensor): DeviceTensor {
    const dtype = this.#specs[i].dtype as DeviceDtype;
    if (!(data.buffer instanceof SharedArrayBuffer)) return this.#tensor(dtype, data, shape);
    const known = this.#private.get(i);
    if (known?.data.length === data.length) {
      known.data.set(data);
      return known.tensor;
    }
    const own = data.slice();
    const staging = { data: own, tensor: this.#tensor(dtype, own, shape) };
    this.#private.set(i, staging);
    return staging.tensor;
  }
}
