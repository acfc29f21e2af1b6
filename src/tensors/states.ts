import type { GraphExecutor } from './executors/contract.ts';

/** A state of programs, as far as its size goes. */
export interface SizedState {
  /** What holds it; `undefined` for the eager one of its thread. */
  readonly executor: GraphExecutor | undefined;
  /** Bytes of its tensors, each counted once. */
  readonly bytes: number;
  /** Bytes of copies on the host beside them. */
  readonly fetchedBytes: number;
}

/** The states of this thread. Weakly: one that nobody disposes of goes with its programs, as it would otherwise. */
const known = new Set<WeakRef<SizedState>>();
const places = new WeakMap<SizedState, WeakRef<SizedState>>();
const collected = new FinalizationRegistry<WeakRef<SizedState>>(place => known.delete(place));

/** Counts a state from now on. */
export function countState(state: SizedState): void {
  const place = new WeakRef(state);
  known.add(place);
  places.set(state, place);
  collected.register(state, place, place);
}

/** Its tensors are freed: it counts no more. */
export function discountState(state: SizedState): void {
  const place = places.get(state);
  if (place === undefined) return;
  known.delete(place);
  collected.unregister(place);
}

/** The states that nobody has disposed of and that an executor holds; `undefined`: the eager one. */
export function statesOn(executor: GraphExecutor | undefined): readonly SizedState[] {
  return [...known].flatMap(place => {
    const state = place.deref();
    return state !== undefined && state.executor === executor ? [state] : [];
  });
}
