import { timeoutProvider } from 'rxjs/internal/scheduler/timeoutProvider';

/**
 * RxJS reports an error that no subscriber handles from a timer, later, where nothing tells which message caused it,
 * and by then that message would count as handled. All such reports leave through RxJS's timeout provider, so while
 * a message is being given to an actor they are caught there. Everything else passes through untouched.
 */
interface Delivery {
  readonly outer: Delivery | undefined;
  caught: { readonly error: unknown } | undefined;
}
/** The innermost: a full link may have its consumer take a message while its producer handles one. */
let delivery: Delivery | undefined;

/** From here to `endDelivery`, what RxJS would report later is kept. */
export function beginDelivery(): void {
  timeoutProvider.delegate ??= delegate;
  delivery = { outer: delivery, caught: undefined };
}

/** @returns the first error that nobody handled since `beginDelivery` */
export function endDelivery(): { readonly error: unknown } | undefined {
  const caught = delivery?.caught;
  delivery = delivery?.outer;
  return caught;
}

const delegate = {
  setTimeout: ((handler: (...args: unknown[]) => void, timeout?: number, ...args: unknown[]) => {
    if (!delivery || timeout !== undefined) return setTimeout(handler, timeout, ...args);
    try {
      handler(); // throws what was to be reported
    } catch (error) {
      delivery.caught ??= { error };
    }
    return undefined;
  }) as unknown as typeof setTimeout,
  clearTimeout: ((handle: NodeJS.Timeout) => clearTimeout(handle)) as unknown as typeof clearTimeout,
};
