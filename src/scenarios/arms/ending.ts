import { TroupeError } from '../../core/errors.ts';

/** How the arms that play at once end before they are done: all together, when the run is to stop or one has failed. */
export interface Ending {
  readonly signal: AbortSignal;
  /** Rejects then. */
  readonly ended: Promise<never>;
  end(): void;
}

/** @param signal the run's, which ends them as well */
export function endingOf(signal: AbortSignal): Ending {
  const controller = new AbortController();
  const ended = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(new TroupeError('the run was stopped')));
  });
  ended.catch(() => {}); // nobody may be waiting for it
  const end = () => {
    signal.removeEventListener('abort', end);
    controller.abort();
  };
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
  return { signal: controller.signal, ended, end };
}
