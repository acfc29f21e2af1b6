import type { Observable, Subscription } from 'rxjs';
import type { Guard } from '../contract.ts';

/** A message in which the name of an arm was found. */
export interface Leak {
  readonly link: string;
  readonly word: string;
  /** The message about the word. */
  readonly excerpt: string;
}

/** What a scan has read and found so far: plain data, for the scan of a later sitting to go on from. */
export type ScanState = {
  readonly messages: number;
  /** Messages that named an arm, once for each name. */
  readonly found: number;
  /** The first of them. */
  readonly leaks: readonly { readonly [field in keyof Leak]: string }[];
};

/** What concealment is watched by: streams to tap, and what was found. */
export interface ConcealmentScan {
  /** Reads every message of a stream. @param link its name, for people */
  tap(link: string, messages: Observable<unknown>): void;
  readonly leaks: readonly Leak[];
  readonly messages: number;
  readonly state: ScanState;
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
 * @param before what earlier sittings have read
 */
export function concealmentScan(words: readonly string[], before?: ScanState): ConcealmentScan {
  const wanted = words.map(word => word.toLowerCase());
  const leaks: Leak[] = [...(before?.leaks ?? [])];
  const subscriptions: Subscription[] = [];
  let messages = before?.messages ?? 0;
  let found = before?.found ?? 0;
  return {
    leaks,
    get messages() {
      return messages;
    },
    get state() {
      return { messages, found, leaks: [...leaks] };
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
          : `an arm was named ${found} times in ${messages} messages, first "${leaks[0].word}" on ${leaks[0].link}`,
    }),
    stop() {
      for (const subscription of subscriptions) subscription.unsubscribe();
    },
  };
}
