import { TroupeError } from '../../core/errors.ts';

/** A step is fine, but no graph can be made of it, or its executor cannot run that graph: it can still run op by op. */
export class NotCompilable extends TroupeError {}

/** A kernel that no row of the lowering table covers. */
export class UnknownKernel extends NotCompilable {
  readonly kernel: string;

  constructor(kernel: string) {
    super(`tfjs kernel ${kernel} has no row in the lowering table`);
    this.kernel = kernel;
  }
}
