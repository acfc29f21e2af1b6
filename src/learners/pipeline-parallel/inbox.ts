import { TroupeError } from '../../core/errors.ts';

/** What of a flush waits to be taken, by micro-batch. Buffers go back when they are done with, so that no more are made. */
export class Inbox<T extends Float32Array | Int32Array> {
  readonly #make: () => T;
  readonly #free: T[] = [];
  readonly #waiting = new Map<string, T>();
  readonly #wanted = new Map<string, { resolve(data: T): void; reject(error: Error): void }>();
  /** Flushes before this one are over, and why. */
  #flush = -1;
  #reason: Error = new TroupeError('the mini-batch is over');

  /** @param make a buffer for the largest micro-batch */
  constructor(make: () => T) {
    this.#make = make;
  }

  /** Keeps a copy of what came in; what is left of an earlier flush is dropped. */
  put(head: Int32Array, data: T): void {
    const [flush, , micro] = head;
    if (flush < this.#flush) return;
    const copy = this.#free.pop() ?? this.#make();
    copy.set(data as never);
    const key = `${flush}/${micro}`;
    const wanted = this.#wanted.get(key);
    if (!wanted) {
      const twice = this.#waiting.get(key);
      if (twice) this.#free.push(twice);
      this.#waiting.set(key, copy);
      return;
    }
    this.#wanted.delete(key);
    wanted.resolve(copy);
  }

  /**
   * Takes the data of a micro-batch, when it is there. One taker at a time; `give` it back.
   * @throws where the flush is over: nothing of it will ever come
   */
  async take(flush: number, micro: number): Promise<T> {
    if (flush < this.#flush) throw this.#reason;
    const key = `${flush}/${micro}`;
    const there = this.#waiting.get(key);
    if (!there) return new Promise((resolve, reject) => this.#wanted.set(key, { resolve, reject }));
    this.#waiting.delete(key);
    return there;
  }

  /** The taker of a buffer is done with it. */
  give(buffer: T): void {
    this.#free.push(buffer);
  }

  /** From now on only this flush counts. Whoever waits for another is told. */
  begin(flush: number, reason: Error): void {
    this.#flush = flush;
    this.#reason = reason;
    for (const [key, buffer] of this.#waiting) {
      if (Number.parseInt(key, 10) >= flush) continue;
      this.#waiting.delete(key);
      this.#free.push(buffer);
    }
    for (const { reject } of this.#wanted.values()) reject(reason);
    this.#wanted.clear();
  }
}
