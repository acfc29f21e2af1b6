import { TroupeError } from '../../core/errors.ts';

/** A step is fine, but no graph can be made of it, or its executor cannot run that graph: it can still run op by op. */
export class NotCompilable extends TroupeError {
  /** Why, without the program's name. */
  readonly reason: string;

  constructor(reason: string, options: { readonly cause?: unknown; readonly program?: string } = {}) {
    const { program, cause } = options;
    super(program === undefined ? reason : `${program}: ${reason}`, { cause });
    this.reason = reason;
  }

  /** The same about a program. */
  of(program: string): NotCompilable {
    return new NotCompilable(this.reason, { cause: this, program });
  }
}

/** What is said of a kernel that no row of the lowering table covers. */
export const unknownKernel = (kernel: string): NotCompilable =>
  new NotCompilable(`tfjs kernel ${kernel} has no row in the lowering table`);
