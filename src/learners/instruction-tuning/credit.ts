import type { Observable } from 'rxjs';
import { usageError } from '../../core/errors.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { Need } from '../../data/contract.ts';

/** Sends batches as far as there is credit, from where an earlier life of the actor left off. @param send the batch of a number */
export function onCredit(
  {
    needs,
    restored,
    save,
  }: {
    readonly needs: Observable<Need>;
    readonly restored: Snapshot | undefined;
    save(state: Snapshot): void;
  },
  send: (index: number) => void,
): void {
  let { sent } = (restored as { sent: number } | undefined) ?? { sent: 0 };
  needs.subscribe(({ batches }) => {
    if (!Number.isSafeInteger(batches) || batches < 0) {
      throw usageError(`needs: batches = ${batches}: expected a whole number, 0 or more`);
    }
    for (let i = 0; i < batches; i++) send(sent++);
    save({ sent });
  });
}
