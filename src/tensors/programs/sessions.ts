import { createHash } from 'node:crypto';
import type { GraphExecutor, Session, SessionOptions } from '../executors/contract.ts';

interface Shared {
  readonly session: Session;
  users: number;
}

/** The sessions of an executor, by what they were made of. */
interface Sessions {
  readonly open: Map<string, Shared>;
  /** Those that are being loaded: whoever wants one meanwhile waits for the same. */
  readonly loading: Map<string, Promise<Session>>;
}

const sessionsOf = new WeakMap<GraphExecutor, Sessions>();

/** A session that others on this thread may use too; `release` when done with it. */
export interface SessionLease {
  readonly session: Session;
  release(): void;
}

/** A session for a model at once. Programs with the same graph share one. */
export function leaseSync(executor: GraphExecutor, model: Uint8Array, options: SessionOptions): SessionLease {
  const { open, key } = placeOf(executor, model, options);
  return leaseOf(open, key, open.get(key)?.session ?? executor.loadSync!(model, options));
}

/** The same where the executor takes its time to load. */
export async function lease(
  executor: GraphExecutor,
  model: Uint8Array,
  options: SessionOptions,
): Promise<SessionLease> {
  const { open, loading, key } = placeOf(executor, model, options);
  const known = open.get(key);
  if (known) return leaseOf(open, key, known.session);
  let load = loading.get(key);
  if (!load) {
    load = executor.load(model, options).finally(() => loading.delete(key));
    loading.set(key, load);
  }
  return leaseOf(open, key, await load);
}

/** How many sessions an executor holds at the moment. */
export const sessionCount = (executor: GraphExecutor): number => sessionsOf.get(executor)?.open.size ?? 0;

function placeOf(executor: GraphExecutor, model: Uint8Array, { onDevice = [] }: SessionOptions) {
  let sessions = sessionsOf.get(executor);
  if (!sessions) {
    sessions = { open: new Map(), loading: new Map() };
    sessionsOf.set(executor, sessions);
  }
  return { ...sessions, key: `${createHash('sha256').update(model).digest('hex')} ${onDevice.join()}` };
}

function leaseOf(open: Map<string, Shared>, key: string, session: Session): SessionLease {
  const entry = open.get(key) ?? { session, users: 0 };
  // Another one was loaded at once while this one took its time.
  if (entry.session !== session) void session.release();
  open.set(key, entry);
  entry.users++;
  let held = true;
  return {
    session: entry.session,
    release() {
      if (!held) return;
      held = false;
      if (--entry.users > 0) return;
      open.delete(key);
      void entry.session.release();
    },
  };
}
