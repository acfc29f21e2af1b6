import { TroupeError } from '../../core/errors.ts';

/** The mean of figures over steps. */
export class Means<K extends string> {
  readonly #sums = new Map<K, number>();
  #count = 0;

  add(figures: Readonly<Record<K, number>>): void {
    for (const name of Object.keys(figures) as K[]) {
      this.#sums.set(name, (this.#sums.get(name) ?? 0) + figures[name]);
    }
    this.#count++;
  }

  /** Of nothing: no figures. */
  get values(): Record<K, number> {
    return Object.fromEntries([...this.#sums].map(([name, sum]) => [name, sum / this.#count])) as Record<
      K,
      number
    >;
  }
}

/** @throws where a figure is no number any more: the game is lost for both sides */
export function finite(figures: Readonly<Record<string, number>>, who: string, step: number): void {
  const broken = Object.entries(figures).find(([, value]) => !Number.isFinite(value));
  if (!broken) return;
  throw new TroupeError(
    `${who} at step ${step}: the game broke down: ${broken[0]} = ${broken[1]}; try a lower learningRate, or spectral norm`,
  );
}
