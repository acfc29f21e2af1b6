import { TroupeError } from '../../core/errors.ts';

/** What `play` throws when it stopped because it was asked to, with its state saved at this step. */
export class Interrupted extends TroupeError {
  override readonly name = 'Interrupted';
  readonly step: number;

  constructor(step: number) {
    super(`interrupted at step ${step}, state saved`, { kind: 'interrupted' });
    this.step = step;
  }
}

/**
 * The error that `play` throws when it was asked to stop and has saved: the run counts as interrupted, not as failed.
 * @param step the step of the checkpoint just written
 */
export const interrupted = (step: number): Interrupted => new Interrupted(step);
