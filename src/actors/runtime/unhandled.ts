import { timeoutProvider } from 'rxjs/internal/scheduler/timeoutProvider';

/**
 * RxJS reports an error that no subscriber handles from a timer, later, where nothing tells which message caused it,
 * and by then that message would count as handled. All such reports leave through RxJS's timeout provider, so while
 * a message is being given to an actor they are caught there. Everything else passes through untouched.
 */
let caught: { error: unknown } | undefined;
let listening = false;

/** From here to `endDelivery`, what RxJS would report later is kept. */
export function beginDelivery(): void {
  timeoutProvider.delegate ??= delegate;
  caught = undefined;
  listening = true;
}

/** @returns the first error that nobody handled since `beginDelivery` */
export function endDelivery(): { error: unknown } | undefined {
  const result = caught;
  caught = undefined;
  listening = false;
  return result;
}

const delegate = {
  setTimeout: ((handler: (...args: unknown[]) => void, timeout?: number, ...args: unknown[]) => {
    if (!listening || timeout !== undefined) return setTimeout(handler, timeout, ...args);
    try {
      handler(); // throws what was to be reported
    } catch (error) {
      caught ??= { error };
    }
    return undefined;
  }) as unknown as typeof setTimeout,
  clearTimeout: ((handle: NodeJS.Timeout) => clearTimeout(handle)) as unknown as typeof clearTimeout,
};
