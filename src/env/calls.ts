/** What was asked of environments. */
export interface EnvironmentCalls {
  /** Vector environments made. */
  readonly made: number;
  readonly resets: number;
  /** Steps, each copy's counted. */
  readonly steps: number;
}

const calls = { made: 0, resets: 0, steps: 0 };

/**
 * What this thread has asked of environments that were made by `makeVectorEnvironment`, `loadEnvironment`, `vectorize` and
 * what stands on them, since it started. It shows from outside whether an actor on a thread of its own touches a world.
 */
export const environmentCalls = (): EnvironmentCalls => ({ ...calls });

/** Counts a call. @param times the copies that a step is of */
export function countCall(name: keyof EnvironmentCalls, times = 1): void {
  calls[name] += times;
}
