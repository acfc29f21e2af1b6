import { type Kernels, kernelBytes } from './kernels.ts';

/** What is used of the language's WebAssembly, whose types come with those of browsers only. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (pages: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyApi };

/** Memory that a program has for its arrays, until it lets go of it. */
export interface Block {
  readonly memory: ArrayBuffer;
  /** Where it begins, in bytes: a multiple of `ALIGNMENT`. */
  readonly base: number;
  readonly kernels: Kernels;
  release(): void;
}

/** Arrays begin at multiples of this many bytes, so that a vector never lies in two lines of the cache. */
export const ALIGNMENT = 16;
const PAGE = 65_536;
/** Bytes of one memory; what nobody has written takes no room. Each memory reserves gibibytes of addresses, so programs share. */
const ARENA = 256 * PAGE;
/** A program with more than this is not small, bytes. */
export const MOST_BYTES = ARENA / 4;

/** A WebAssembly memory with an instance of the kernels, which the programs of a thread share. */
class Arena {
  readonly #memory = new WebAssembly.Memory({ initial: ARENA / PAGE, maximum: ARENA / PAGE });
  readonly #kernels: Kernels;
  /** What is taken, in ascending order: from, and up to but not including. */
  readonly #taken: { readonly from: number; readonly to: number }[] = [];

  constructor(module: object) {
    const { exports } = new WebAssembly.Instance(module, { env: { memory: this.#memory } });
    this.#kernels = exports as Kernels;
  }

  /** The first gap that is large enough, filled with zeros; `undefined` where there is none. */
  take(bytes: number): Block | undefined {
    let from = 0;
    let at = 0;
    for (; at < this.#taken.length && this.#taken[at].from - from < bytes; at++) from = this.#taken[at].to;
    if (from + bytes > ARENA) return undefined;
    const span = { from, to: from + bytes };
    this.#taken.splice(at, 0, span);
    new Uint8Array(this.#memory.buffer, from, bytes).fill(0);
    return {
      memory: this.#memory.buffer,
      base: from,
      kernels: this.#kernels,
      release: () => {
        const held = this.#taken.indexOf(span);
        if (held >= 0) this.#taken.splice(held, 1);
      },
    };
  }
}

let module: object | undefined;
/** A full one is dropped, and lives on in the blocks that were taken from it. */
let current: Arena | undefined;

/** Takes memory. @param bytes at most `MOST_BYTES` */
export function takeBlock(bytes: number): Block {
  // Kernels read and write vectors, of which the last may reach past what it is for.
  const size = Math.ceil(bytes / ALIGNMENT) * ALIGNMENT + ALIGNMENT;
  const found = current?.take(size);
  if (found) return found;
  module ??= new WebAssembly.Module(kernelBytes());
  current = new Arena(module);
  return current.take(size)!;
}
