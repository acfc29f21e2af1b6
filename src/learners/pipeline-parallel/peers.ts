import type { Output } from '../../actors/contract.ts';
import { TroupeError } from '../../core/errors.ts';
import type { StageConfig } from './config.ts';

interface Share {
  readonly head: Int32Array;
  readonly gradient: Float32Array;
  readonly sums: Float64Array;
}

interface Waiting {
  flush: number;
  readonly gradient: Float32Array;
  readonly sums: Float64Array;
}

/**
 * Data parallelism: the same stage of R pipelines, each with the gradient of its part of the mini-batch, already weighed by its rows.
 * Everyone sends its share to all others and adds them up in the order of the pipelines, so all get the same bits.
 */
export class PeerGradients {
  readonly #config: StageConfig;
  readonly #output: Output<Share>;
  readonly #shares: (Waiting | undefined)[] = [];
  #flush = -1;
  #reason: Error = new TroupeError('the mini-batch is over');
  #wanted: { resolve(): void; reject(error: Error): void } | undefined;

  constructor(config: StageConfig, output: Output<Share>) {
    this.#config = config;
    this.#output = output;
  }

  /** A share came in; what is left of an earlier flush is dropped. */
  put({ head, gradient, sums }: Share): void {
    const [flush, replica] = head;
    if (flush < this.#flush) return;
    const { [replica]: known = { flush, gradient: gradient.slice(), sums: sums.slice() } } = this.#shares;
    known.gradient.set(gradient);
    known.sums.set(sums);
    known.flush = flush;
    this.#shares[replica] = known;
    this.#wanted?.resolve();
  }

  /** From now on only this flush counts. Whoever waits for another is told. */
  begin(flush: number, reason: Error): void {
    this.#flush = flush;
    this.#reason = reason;
    this.#wanted?.reject(reason);
    this.#wanted = undefined;
  }

  /**
   * Sends this pipeline's share and waits for all others.
   * @param sums its statistics; theirs are added to them
   * @returns the whole gradient; `own`, if there is no other pipeline
   * @throws where the flush is over: nothing of it will ever come
   */
  async total(flush: number, own: Float32Array, sums: Float64Array): Promise<Float32Array> {
    const { replica, replicas } = this.#config;
    if (replicas === 1) return own;
    // A slab has no fields of no length.
    const padded = sums.length > 0 ? sums : new Float64Array(1);
    const gradient = own.length > 0 ? own : new Float32Array(1);
    await this.#output.ready();
    if (flush < this.#flush) throw this.#reason;
    this.#output.next({ head: Int32Array.of(flush, replica, 0, 0), gradient, sums: padded });
    while (!this.#whole(flush)) {
      await new Promise<void>((resolve, reject) => {
        this.#wanted = { resolve, reject };
      });
    }
    const total = new Float32Array(own.length);
    const ownSums = sums.slice();
    sums.fill(0);
    for (let r = 0; r < replicas; r++) {
      const share = r === replica ? { gradient: own, sums: ownSums } : (this.#shares[r] as Waiting);
      for (let i = 0; i < total.length; i++) total[i] += share.gradient[i];
      for (let i = 0; i < sums.length; i++) sums[i] += share.sums[i];
    }
    return total;
  }

  #whole(flush: number): boolean {
    const { replica, replicas } = this.#config;
    for (let r = 0; r < replicas; r++) {
      if (r !== replica && this.#shares[r]?.flush !== flush) return false;
    }
    return true;
  }
}
