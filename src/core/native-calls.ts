import { getEnvironmentData, isMainThread, setEnvironmentData, type Worker } from 'node:worker_threads';

// A thread that is terminated amid a call of a native library (onnxruntime-node 1.30: node-addon-api) takes the whole
// process with it: the library cannot throw into a thread that ends, and aborts. So each worker has a gate, which says
// whether it is in such a call, and which is closed before the worker is ended.

const key = 'troupe: native calls';

/** The words of a gate. */
const inside = 0;
const closed = 1;

/** Gates of the workers that this thread has started. */
const gates = new Map<Worker, Int32Array>();

let mine: Int32Array | undefined;
let depth = 0;
if (!isMainThread) {
  mine = getEnvironmentData(key) as Int32Array | undefined;
  // It is this thread's, not of those that it starts.
  setEnvironmentData(key, undefined);
}

/** Runs a synchronous call into a native library, in which this thread is not to be ended. */
export function nativeCall<T>(call: () => T): T {
  enter();
  try {
    return call();
  } finally {
    leave();
  }
}

/** The same for a library that does its work later, on this thread. */
export async function nativeCallLater<T>(call: () => Promise<T>): Promise<T> {
  enter();
  try {
    return await call();
  } finally {
    leave();
  }
}

function enter(): void {
  if (mine === undefined || depth++ > 0) return;
  Atomics.store(mine, inside, 1);
  if (Atomics.load(mine, closed) === 0) return;
  Atomics.store(mine, inside, 0);
  Atomics.notify(mine, inside);
  // Nobody opens it again: this thread is about to be ended.
  Atomics.wait(mine, closed, 1);
}

function leave(): void {
  if (mine === undefined || --depth > 0) return;
  Atomics.store(mine, inside, 0);
  Atomics.notify(mine, inside);
}

/** Starts a worker that has a gate. @param start makes it, at once */
export function withGate(start: () => Worker): Worker {
  const gate = new Int32Array(new SharedArrayBuffer(8));
  setEnvironmentData(key, gate as never);
  try {
    const worker = start();
    if (gates.size === 0) process.once('exit', closeAll);
    gates.set(worker, gate);
    worker.once('exit', () => {
      gates.delete(worker);
      if (gates.size === 0) process.removeListener('exit', closeAll);
    });
    return worker;
  } finally {
    setEnvironmentData(key, undefined);
  }
}

/** Terminates a worker as soon as it is in no native call. */
export async function endWorker(worker: Worker): Promise<void> {
  const gate = gates.get(worker);
  if (gate !== undefined) {
    Atomics.store(gate, closed, 1);
    // Asked again and again: `Atomics.waitAsync` would not keep the process up until the call has ended.
    while (Atomics.load(gate, inside) === 1) await new Promise(resolve => setTimeout(resolve, 1));
  }
  await worker.terminate();
}

/** How long the end of a process waits for the native calls of a worker, milliseconds. */
const patience = 10_000;

/** The end of a process terminates its workers. */
function closeAll(): void {
  for (const gate of gates.values()) Atomics.store(gate, closed, 1);
  const until = Date.now() + patience;
  for (const gate of gates.values()) {
    while (Atomics.load(gate, inside) === 1 && Date.now() < until) {
      Atomics.wait(gate, inside, 1, until - Date.now());
    }
  }
}
