import { createHash } from 'node:crypto';
import type { GraphExecutor, Session, SessionOptions } from '../executors/contract.ts';

interface Shared {
  readonly session: Session;
  users: number;
}

const shared = new WeakMap<GraphExecutor, Map<string, Shared>>();

/** A session that others on this thread may use too; `release` when done with it. */
export interface SessionLease {
  readonly session: Session;
  release(): void;
}

/** A session for a model at once. Programs with the same graph share one. */
export function leaseSync(executor: GraphExecutor, model: Uint8Array, options: SessionOptions): SessionLease {
  const { sessions, key } = placeOf(executor, model, options);
  return leaseOf(sessions, key, sessions.get(key)?.session ?? executor.loadSync!(model, options));
}

/** The same where the executor takes its time to load. */
export async function lease(
  executor: GraphExecutor,
  model: Uint8Array,
  options: SessionOptions,
): Promise<SessionLease> {
  const { sessions, key } = placeOf(executor, model, options);
  const session = sessions.get(key)?.session ?? (await executor.load(model, options));
  return leaseOf(sessions, key, session);
}

/** How many sessions an executor holds at the moment. */
export const sessionCount = (executor: GraphExecutor): number => shared.get(executor)?.size ?? 0;

function placeOf(executor: GraphExecutor, model: Uint8Array, { onDevice = [] }: SessionOptions) {
  let sessions = shared.get(executor);
  if (!sessions) {
    sessions = new Map();
    shared.set(executor, sessions);
  }
  return { sessions, key: `${createHash('sha256').update(model).digest('hex')} ${onDevice.join()}` };
}

function leaseOf(sessions: Map<string, Shared>, key: string, session: Session): SessionLease {
  const entry = sessions.get(key) ?? { session, users: 0 };
  // Two that loaded at the same time: the later one is not needed.
  if (entry.session !== session) void session.release();
  sessions.set(key, entry);
  entry.users++;
  let held = true;
  return {
    session: entry.session,
    release() {
      if (!held) return;
      held = false;
      if (--entry.users > 0) return;
      sessions.delete(key);
      void entry.session.release();
    },
  };
}
