import {
  getEnvironmentData,
  isMainThread,
  setEnvironmentData,
  threadId,
  type Worker,
} from 'node:worker_threads';
import { TroupeError } from './errors.ts';

const key = 'troupe: device lock';

/** How long a thread waits for another one's call to a device, milliseconds. */
const patience = 60_000;

/** Lets one thread of the process at a time call a library that does not bear two. */
export interface DeviceLock {
  /** Runs `call`, which is synchronous, while no other thread runs one. @throws after a minute of waiting */
  hold<T>(call: () => T): T;
}

/**
 * The lock that all threads of this process share.
 * @returns `undefined` in a thread that nobody gave it: one that was not started through `startWorker`
 */
export function deviceLock(): DeviceLock | undefined {
  const owner = sharedOwner();
  if (owner === undefined) return undefined;
  const me = threadId + 1;
  return {
    hold(call) {
      const mine = Atomics.load(owner, 0) === me;
      if (!mine) take(owner, me);
      try {
        return call();
      } finally {
        if (!mine) free(owner, me);
      }
    },
  };
}

/** Called before a worker is started: it inherits the lock. */
export function offerDeviceLock(): void {
  sharedOwner();
}

/** Called with every worker: one that is terminated amid a call would hold the lock for ever. */
export function freeDeviceLockAtExit(worker: Worker): void {
  // The id is gone when the event comes.
  const id = worker.threadId + 1;
  const owner = sharedOwner();
  if (owner !== undefined) worker.once('exit', () => free(owner, id));
}

/** One word: the id of the thread that holds the lock, plus one; zero for none. */
function sharedOwner(): Int32Array | undefined {
  const known = getEnvironmentData(key) as Int32Array | undefined;
  if (known !== undefined || !isMainThread) return known;
  const made = new Int32Array(new SharedArrayBuffer(4));
  setEnvironmentData(key, made as never);
  return made;
}

function take(owner: Int32Array, me: number): void {
  const until = Date.now() + patience;
  for (;;) {
    const other = Atomics.compareExchange(owner, 0, 0, me);
    if (other === 0) return;
    if (Atomics.wait(owner, 0, other, until - Date.now()) === 'timed-out') {
      throw new TroupeError(`thread ${other - 1} has used the device for ${patience / 1000} s`);
    }
  }
}

function free(owner: Int32Array, thread: number): void {
  if (Atomics.compareExchange(owner, 0, thread, 0) === thread) Atomics.notify(owner, 0, 1);
}
