import { TroupeError } from '../../core/errors.ts';

/** An operation that has no row in the module table. */
export class UnknownOperation extends TroupeError {
  readonly op: string;

  constructor(op: string) {
    super(`operation ${op} has no row in the module table: it cannot be written as JavaScript`, {
      kind: 'usage',
    });
    this.op = op;
  }
}
