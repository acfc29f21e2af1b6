import { usageError } from '../../core/errors.ts';
import type { HostTensor } from '../contract.ts';
import type { DeviceTensor, GraphExecutor } from '../executors/contract.ts';
import type { Feeds } from './contract.ts';
import type { Tensors } from './variant.ts';

/**
 * What the first half of a step leaves for the second. It is used up by `second`, or given up by `dispose`; either frees
 * what lies on a device. It holds inputs as they were given, not copies: they must not change meanwhile.
 */
export interface Kept {
  /** Of the tensors that cross from one half to the other. */
  readonly bytes: number;
  /** Of the inputs that the second half reads again: they are held too. */
  readonly inputBytes: number;
  /** Gives it up. Does nothing where it was used already. */
  dispose(): void;
}

/** What a kept one of compiled halves holds. */
export interface Held<P> {
  /** Which halves it is of. */
  readonly pair: P;
  /** Leaves of the inputs that the second half reads, at their places. */
  readonly leaves: readonly HostTensor[];
  readonly crossing: Tensors;
  /** Where these lie. */
  readonly executor: GraphExecutor;
  /** What the first half read of the state, by segment. Weakly: it may be the state of some time ago. */
  readonly read: ReadonlyMap<number, WeakRef<DeviceTensor>>;
  /** All inputs, where the second half has never run and may yet turn out to be impossible. */
  readonly inputs: Feeds | undefined;
}

/** A `Kept` with its contents. */
export class KeptTensors<H> implements Kept {
  readonly bytes: number;
  readonly inputBytes: number;
  /** The program that made it. */
  readonly owner: object;
  readonly #free: (held: H) => void;
  #held: H | undefined;

  constructor(
    owner: object,
    sizes: { readonly bytes: number; readonly inputBytes: number },
    held: H,
    free: (held: H) => void = () => {},
  ) {
    this.owner = owner;
    this.bytes = sizes.bytes;
    this.inputBytes = sizes.inputBytes;
    this.#held = held;
    this.#free = free;
  }

  /** Its contents. @throws where they are gone */
  open(program: string): H {
    if (this.#held === undefined) {
      throw usageError(`${program}: second: kept: expected one that was neither used before nor disposed of`);
    }
    return this.#held;
  }

  dispose(): void {
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) this.#free(held);
  }
}

/** Frees what lies on a device. */
export function freeTensors(tensors: Tensors): void {
  for (const tensor of Object.values(tensors)) if (tensor.location !== 'cpu') tensor.dispose();
}

/** The kept one with its contents. @throws where it is another program's */
export function ownKept<H>(kept: Kept, owner: object, program: string): KeptTensors<H> {
  if (kept instanceof KeptTensors && kept.owner === owner) return kept as KeptTensors<H>;
  throw usageError(`${program}: second: kept: expected what its own \`first\` gave`);
}
