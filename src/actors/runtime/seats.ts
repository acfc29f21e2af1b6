import { TroupeError } from '../../core/errors.ts';
import type { Copy } from './copy.ts';
import { isFinal } from './final-error.ts';
import { Cell, fromWire, type Notice } from './protocol.ts';
import type { MainThread, Thread, ThreadWatcher } from './threads.ts';

/** Where copies of actors sit: a thread, and the one that takes its place when it dies. */
export class Seat implements ThreadWatcher {
  readonly copies = new Set<Copy>();
  readonly #make: (watcher: ThreadWatcher) => Thread;
  readonly #warned: (actor: string, message: string) => void;
  #thread: Thread | undefined;
  #culprit: Copy | undefined;

  constructor(make: (watcher: ThreadWatcher) => Thread, warned: (actor: string, message: string) => void) {
    this.#make = make;
    this.#warned = warned;
  }

  thread(): Thread {
    this.#thread ??= this.#make(this);
    return this.#thread;
  }

  /** The thread, if there is one. */
  get present(): Thread | undefined {
    return this.#thread;
  }

  /** Whether the thread stands in `next` on a full link, and so looks at nothing that it is told. */
  get standsStill(): boolean {
    return this.#thread !== undefined && Atomics.load(this.#thread.cell, Cell.blocked) === 1;
  }

  /** @returns whether the thread, if that was its last copy, ended by itself within `ms` */
  async leave(copy: Copy, ms: number): Promise<boolean> {
    if (!this.copies.delete(copy)) return true;
    const thread = this.#thread;
    if (!thread || thread.main || this.copies.size > 0) return true;
    this.#thread = undefined;
    return await thread.close(ms);
  }

  /** Ends the thread, and with it every life on it. @param culprit whose budget it is charged to; all if unknown */
  kill(reason: Error, culprit?: Copy): void {
    this.#culprit = culprit;
    this.#thread?.kill(reason);
  }

  notice(notice: Notice): void {
    if (notice.type === 'warning') {
      this.#warned(notice.actor, notice.message);
      return;
    }
    const copy = [...this.copies].find(other => other.name === notice.actor);
    if (!copy) return;
    switch (notice.type) {
      case 'saved':
        copy.savesTo(notice.room);
        return;
      case 'crashed': {
        const error = fromWire(notice.error);
        const kind = /^(Troupe)?Error$/.test(error.name) ? '' : `${error.name}: `;
        const reason = isFinal(error)
          ? error
          : new TroupeError(`crashed: ${kind}${error.message}`, { cause: error });
        this.condemn(copy, reason);
      }
    }
  }

  /** Ends the life of a copy that failed; off the main thread with the whole thread, in whatever state that is. */
  condemn(copy: Copy, reason: Error): void {
    const thread = this.thread();
    if (!thread.main) {
      this.kill(reason, copy);
      return;
    }
    (thread as MainThread).host.abandon(copy.name);
    copy.crashed(reason);
  }

  gone(reason: Error): void {
    const culprit = this.#culprit;
    this.#culprit = undefined;
    this.#thread = undefined;
    for (const copy of [...this.copies]) copy.crashed(reason, culprit === undefined || culprit === copy);
  }
}
