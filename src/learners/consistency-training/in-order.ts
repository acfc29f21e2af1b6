import type { Observable } from 'rxjs';
import { TroupeError } from '../../core/errors.ts';

/**
 * Messages as a loop wants them, in their order. For answers, which come because something was sent: what comes unasked is
 * taken with `pull`.
 * @param what for the error
 */
export function inOrder<M extends { readonly index: number }>(messages: Observable<M>, what: string) {
  const waiting: M[] = [];
  let wanted: ((message: M) => void) | undefined;
  let expected = 0;
  messages.subscribe(message => {
    if (message.index !== expected) {
      throw new TroupeError(`${what}: expected number ${expected}, got ${message.index}`);
    }
    expected++;
    if (!wanted) return void waiting.push(message);
    const give = wanted;
    wanted = undefined;
    give(message);
  });
  return {
    next: async (): Promise<M> => waiting.shift() ?? new Promise<M>(resolve => (wanted = resolve)),
  };
}
