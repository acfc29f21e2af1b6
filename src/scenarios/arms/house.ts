import { isFinal } from '../../actors/runtime/final-error.ts';
import { startSystem } from '../../actors/runtime/system.ts';
import { asError, type TroupeError } from '../../core/errors.ts';
import { LaneThreads, type LearnerPlace } from './lane.ts';

/** The system that arms' actors live in. The run's own goes on where this one fails. */
export type House = Awaited<ReturnType<typeof openHouse>>;

/** Starts one. @param warn is told what its actors say to people */
export async function openHouse(seed: number, learners: LearnerPlace, warn: (message: string) => void) {
  const system = await startSystem({ seed });
  const lanes: LaneThreads[] = [];
  let failed = false;
  system.events.subscribe(event => {
    if (event.type === 'warning') warn(`${event.actor}: ${event.message}`);
    if (event.type === 'failed') failed = true;
  });
  return {
    system,
    lane(index: number): LaneThreads {
      lanes[index] ??= new LaneThreads(system, index, learners);
      return lanes[index];
    },
    /** What it failed with, once it is gone; `undefined` where it has not failed. */
    async failure(): Promise<Error | undefined> {
      return failed ? system.failed.catch((error: unknown) => asError(error)) : undefined;
    },
  };
}

/** Whether it would fail in the same way again: nobody dies of bad luck where the input is wrong. */
export function comesAgain(failure: Error): boolean {
  for (let error: unknown = failure; error instanceof Error; error = error.cause) {
    if (isFinal(error) || (error as Partial<TroupeError>).kind === 'usage') return true;
  }
  return false;
}
