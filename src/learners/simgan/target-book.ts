import { TroupeError } from '../../core/errors.ts';
import type { VectorEnvironment } from '../../env/contract.ts';

/** Steps that the target's world has taken, by what for. */
export interface TargetBook {
  readonly collected: number;
  readonly trained: number;
  readonly evaluated: number;
}

/** What nobody has asked anything of yet. */
export const emptyBook: TargetBook = { collected: 0, trained: 0, evaluated: 0 };

/** What a gate throws instead of stepping the target beyond its budget. */
export class BudgetExceeded extends TroupeError {
  override readonly name: string = 'BudgetExceeded';

  constructor(message: string) {
    super(message, { kind: 'usage' });
  }
}

/** Whether an error is, or was thrown for, a gate's refusal: between threads only the name of its class is left. */
export function isBudgetExceeded(thrown: unknown): boolean {
  for (let error: unknown = thrown; error instanceof Error; error = error.cause)
    if (error.name === 'BudgetExceeded') return true;
  return false;
}

/**
 * The book with so many steps more.
 * @param budget of collecting and training together; evaluation is booked, but free. `null`: no bound
 * @throws `BudgetExceeded` where they would pass the budget
 */
export function booked(
  book: TargetBook,
  budget: number | null,
  what: keyof TargetBook,
  steps: number,
): TargetBook {
  const used = book.collected + book.trained;
  if (what !== 'evaluated' && budget !== null && used + steps > budget)
    throw new BudgetExceeded(
      `${used} of budget = ${budget} target steps are used, expected at most ${budget - used} more, got ${steps}`,
    );
  return { ...book, [what]: book[what] + steps };
}

/** An environment that tells before each step how many of its copies are about to take it: all of them. */
export function watchedSteps(
  environment: VectorEnvironment,
  taking: (steps: number) => void,
): VectorEnvironment {
  return {
    count: environment.count,
    observationSpace: environment.observationSpace,
    actionSpace: environment.actionSpace,
    autoreset: environment.autoreset,
    observations: environment.observations,
    rewards: environment.rewards,
    terminated: environment.terminated,
    truncated: environment.truncated,
    finalObservations: environment.finalObservations,
    info: environment.info,
    reset: options => environment.reset(options),
    step(actions) {
      taking(environment.count);
      environment.step(actions as Float32Array);
    },
    ...(environment.snapshot && { snapshot: () => environment.snapshot?.() ?? null }),
    ...(environment.restore && { restore: state => environment.restore?.(state) }),
    close: () => environment.close(),
  };
}
