import type { HostTensor } from '../../tensors/index.ts';

/** Figures of a number of gradient steps: a tensor [steps] each, by name. */
export type StepFigures = Readonly<Record<string, HostTensor>>;

/** Means of figures over the gradient steps of an update, under their names in snake case, as metrics have them. */
export class FigureMeans {
  readonly #sums = new Map<string, { sum: number; count: number }>();

  add(figures: StepFigures): void {
    for (const [name, { data }] of Object.entries(figures)) {
      const held = this.#sums.get(name) ?? { sum: 0, count: 0 };
      this.#sums.set(name, held);
      for (const value of data) held.sum += value;
      held.count += data.length;
    }
  }

  get values(): Record<string, number> {
    return Object.fromEntries(
      [...this.#sums].map(([name, { sum, count }]) => [
        name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`),
        sum / count,
      ]),
    );
  }
}

/** The mean of one figure over stretches of gradient steps. */
export function meanOf(stretches: readonly HostTensor[]): number {
  let sum = 0;
  let count = 0;
  for (const { data } of stretches) {
    for (const value of data) sum += value;
    count += data.length;
  }
  return sum / count;
}
