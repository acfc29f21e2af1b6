import { sizeOf } from '../../core/arrays.ts';
import type { HostTensor } from '../../tensors/index.ts';
import type { SequentialLayer } from './contract.ts';

/**
 * What a stage's layers carry from mini-batch to mini-batch, by row. What a mini-batch leaves behind takes the place of what it started
 * from with the update only: a mini-batch that is played again starts from the same.
 */
export class CarriedRows {
  readonly #layers: readonly { readonly name: string; readonly shape: readonly number[] }[];
  #now: Record<string, Float32Array> = {};
  #next: Record<string, Float32Array> = {};

  constructor(layers: readonly SequentialLayer[]) {
    this.#layers = layers.flatMap(({ name, carries }) => (carries ? [{ name, shape: carries }] : []));
  }

  get state() {
    return { now: this.#now, next: this.#next };
  }
  set state({ now, next }: { now: Record<string, Float32Array>; next: Record<string, Float32Array> }) {
    this.#now = now;
    this.#next = next;
  }

  /** What rows `from` up to `from + rows` start from: zeros at first, and where `reset` says so. */
  of(from: number, rows: number, reset: Uint8Array | undefined): Readonly<Record<string, HostTensor>> {
    return Object.fromEntries(
      this.#layers.map(({ name, shape }) => {
        const width = sizeOf(shape);
        const data = new Float32Array(rows * width);
        const now = this.#now[name];
        if (now) data.set(now.subarray(from * width, (from + rows) * width));
        for (let row = 0; reset && row < rows; row++) {
          if (reset[from + row] === 1) data.fill(0, row * width, (row + 1) * width);
        }
        return [name, { shape: [rows, ...shape], data }];
      }),
    );
  }

  /** Keeps what rows from `from` on left behind. @param total rows of the mini-batch */
  put(from: number, total: number, given: Readonly<Record<string, HostTensor>>): void {
    for (const { name, shape } of this.#layers) {
      const left = given[name];
      if (!left) continue;
      const width = sizeOf(shape);
      if (this.#next[name]?.length !== total * width) this.#next[name] = new Float32Array(total * width);
      this.#next[name].set(left.data, from * width);
    }
  }

  /** With the update. */
  commit(): void {
    [this.#now, this.#next] = [this.#next, this.#now];
  }
}
