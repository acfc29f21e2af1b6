import { usageError } from '../../core/errors.ts';
import type { Need } from '../../data/contract.ts';
import type { ActorContext, Output, ValuePort } from '../contract.ts';

interface Sent {
  readonly sent: number;
}

type Context = Pick<
  ActorContext<unknown, { readonly needs: ValuePort<Need> }, Record<never, never>>,
  'inputs' | 'restored' | 'save'
>;

/**
 * Sends what a stream makes, number after number, as far as it was given credit. How many it has sent is all of its state:
 * what it makes must follow from the number alone, so that one that is restarted, or put back where another was, goes on
 * with the same.
 */
export function sendOnCredit<T>(
  { inputs, restored, save }: Context,
  output: Output<T>,
  make: (index: number) => T,
) {
  let { sent } = (restored as unknown as Sent | undefined) ?? { sent: 0 };
  const state = () => ({ sent }) satisfies Sent;
  inputs.needs.subscribe(({ batches }) => {
    if (!Number.isSafeInteger(batches) || batches < 0) {
      throw usageError(`needs: batches = ${batches}: expected a whole number, 0 or more`);
    }
    for (let left = batches; left > 0; left--) {
      output.next(make(sent));
      sent++;
    }
    save(state());
  });
  return { snapshot: state };
}
