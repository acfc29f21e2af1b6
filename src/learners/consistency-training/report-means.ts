import { usageError } from '../../core/errors.ts';
import type { HostTensor } from '../../tensors/index.ts';
import type { StepReport } from './messages.ts';

type Figures = Omit<StepReport, 'step'>;
type Name = keyof Figures;

const none: Figures = {
  supervisedLoss: 0,
  supervisedKept: 0,
  consistencyLoss: 0,
  consistencyKept: 0,
  meanMaxProb: 0,
};
const names = Object.keys(none) as Name[];

/** Means of a step's figures over the steps between two reports. */
export class ReportMeans {
  #sums: Record<Name, number> = { ...none };
  #steps = 0;

  /** @param figures scalars; what a step has not is 0 */
  add(figures: Partial<Readonly<Record<Name, HostTensor>>>): void {
    this.#steps++;
    for (const name of names) this.#sums[name] += figures[name]?.data[0] ?? 0;
  }

  /** Of the steps since it was called last. @throws where learning broke down */
  take(step: number): StepReport {
    const means = this.#sums;
    for (const name of names) {
      means[name] /= this.#steps;
      if (Number.isFinite(means[name])) continue;
      throw usageError(`learning broke down: ${name} = ${means[name]}; try a lower learningRate`);
    }
    this.#sums = { ...none };
    this.#steps = 0;
    return { step, ...means };
  }
}
