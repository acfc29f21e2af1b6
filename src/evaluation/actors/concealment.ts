import type { Observable, Subscription } from 'rxjs';
import type { Guard } from '../contract.ts';

/** A message in which the name of an arm was found. */
export interface Leak {
  readonly link: string;
  readonly word: string;
  /** The message about the word. */
  readonly excerpt: string;
}

/** What concealment is watched by: streams to tap, and what was found. */
export interface ConcealmentScan {
  /** Reads every message of a stream. @param link its name, for people */
  tap(link: string, messages: Observable<unknown>): void;
  readonly leaks: readonly Leak[];
  readonly messages: number;
  /** The verdict so far. */
  guard(): Guard;
  stop(): void;
}

/** Leaks kept: the first ones say all. */
const kept = 10;

/**
 * Scans messages, as they would be serialised, for words that cells and operators must never see: the names of arms. It
 * finds names, not what may be guessed from numbers: that is the blinding test's.
 * @param words at least one, none empty; found in any case of letters, also within longer words
 */
export function concealmentScan(words: readonly string[]): ConcealmentScan {
  const wanted = words.map(word => word.toLowerCase());
  const leaks: Leak[] = [];
  const subscriptions: Subscription[] = [];
  let messages = 0;
  let found = 0;
  return {
    leaks,
    get messages() {
      return messages;
    },
    tap(link, stream) {
      subscriptions.push(
        stream.subscribe(message => {
          messages++;
          const text = JSON.stringify(message);
          const lower = text.toLowerCase();
          for (const word of wanted) {
            const at = lower.indexOf(word);
            if (at < 0) continue;
            found++;
            if (leaks.length < kept)
              leaks.push({ link, word, excerpt: text.slice(Math.max(0, at - 30), at + word.length + 30) });
          }
        }),
      );
    },
    guard: () => ({
      name: 'concealment',
      passed: found === 0 && messages > 0,
      says:
        found === 0
          ? `no arm was named in ${messages.toLocaleString('en')} messages to and from cells and operators`
          : `${found} of ${messages} messages named an arm: "${leaks[0].word}" on ${leaks[0].link}`,
    }),
    stop() {
      for (const subscription of subscriptions) subscription.unsubscribe();
    },
  };
}
