import { usageError } from '../../core/errors.ts';
import type { HostTensor } from '../../tensors/index.ts';
import type { StepReport } from './messages.ts';

type Figures = Omit<StepReport, 'step'>;
const none: Figures = {
  supervisedLoss: 0,
  supervisedKept: 0,
  consistencyLoss: 0,
  consistencyKept: 0,
  meanMaxProb: 0,
};

/** Means of a step's figures over the steps between two reports. */
export class ReportMeans {
  #sums = { ...none };
  #steps = 0;

  add(figures: Partial<Readonly<Record<keyof Figures, HostTensor>>>): void {
    this.#steps++;
    for (const name of Object.keys(none) as (keyof Figures)[]) {
      this.#sums = { ...this.#sums, [name]: this.#sums[name] + (figures[name]?.data[0] ?? 0) };
    }
  }

  /** Of the steps since it was called last. @throws where learning broke down */
  take(step: number): StepReport {
    const entries = Object.entries(this.#sums).map(([name, sum]) => [name, sum / this.#steps] as const);
    const broken = entries.find(([, mean]) => !Number.isFinite(mean));
    if (broken) {
      throw usageError(`learning broke down: ${broken[0]} = ${broken[1]}; try a lower learningRate`);
    }
    this.#sums = { ...none };
    this.#steps = 0;
    return { step, ...(Object.fromEntries(entries) as unknown as Figures) };
  }
}
