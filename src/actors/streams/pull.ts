import type { Observable } from 'rxjs';
import { TroupeError } from '../../core/errors.ts';
import type { Need } from '../../data/contract.ts';
import type { Output } from '../contract.ts';

/** The consumer's end of a stream of batches. */
export interface Pull<B> {
  /**
   * The next batch, in order. Asks for one more.
   * @throws where `total` have been taken
   */
  next(): Promise<B>;
}

/**
 * Takes batches as a loop wants them: gives credit, so that `ahead` batches are made while the consumer works on another,
 * and hands them out in their order.
 * @param ahead batches that may wait; default 2
 * @param total batches that the consumer will take in all; it then asks for none beyond, so that a stream's ledger says what was used. Default: no end
 * @param from the number of the first one; default 0
 */
export function pull<B extends { readonly index: number }>(
  batches: Observable<B>,
  needs: Output<Need>,
  {
    ahead = 2,
    total = Number.POSITIVE_INFINITY,
    from = 0,
  }: { readonly ahead?: number; readonly total?: number; readonly from?: number } = {},
): Pull<B> {
  const waiting: B[] = [];
  const wanted: ((batch: B) => void)[] = [];
  let expected = from;
  let given = 0;
  let taken = 0;
  batches.subscribe(batch => {
    if (batch.index !== expected) {
      throw new TroupeError(
        `batches: expected number ${expected}, got ${batch.index}: it came twice, or one is lost`,
      );
    }
    expected++;
    const give = wanted.shift();
    if (give) give(batch);
    else waiting.push(batch);
  });

  return {
    async next() {
      if (taken === total)
        throw new TroupeError(`batches: expected ${total} to be taken, asked for one more`);
      taken++;
      // Kept before anything is waited for: whoever asks first has the earlier one.
      const batch = waiting.shift() ?? new Promise<B>(resolve => void wanted.push(resolve));
      const missing = Math.min(taken + ahead, total) - given;
      if (missing > 0) {
        given += missing;
        await needs.ready();
        needs.next({ batches: missing });
      }
      return batch;
    },
  };
}
