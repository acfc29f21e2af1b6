import { usageError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import { shuffleWith } from './words.ts';

/**
 * Who gets which arm. Arm 0 is the baseline; every other arm shares it.
 * - `sequential`: one arm after the other, in equal parts: comparing with an old baseline.
 * - `alternating`: trial t gets arm t modulo arms.
 * - `per trial`: each trial draws its arm, by weights (equal ones unless told).
 * - `blocks`: permuted blocks of `size` trials, a multiple of the arms, each arm as often in each.
 * - `per session`: sessions of so many trials, shuffled so that each arm has as many (or one more).
 * - `by operator`: two arms; `shares` is each operator's chance of working on arm 1. Not randomised, but as it happens
 *   where people choose.
 */
export type SimulatedDesign =
  | { readonly assign: 'sequential' | 'alternating' }
  | { readonly assign: 'per trial'; readonly weights?: readonly number[] | undefined }
  | { readonly assign: 'blocks'; readonly size: number }
  | { readonly assign: 'per session'; readonly trials: number }
  | { readonly assign: 'by operator'; readonly shares: readonly number[] };

/**
 * Makes a function that fills `arm` with the arms of an experiment, all of its chance from `random`.
 * @param counts how many arms there are, the baseline included, and how many operators
 * @param trials `operator` is that of each trial, for designs that depend on it
 * @throws a usage error for a design that cannot be
 */
export function armAssigner(
  design: SimulatedDesign,
  { arms, operators }: { readonly arms: number; readonly operators: number },
  { arm, operator }: { readonly arm: Uint8Array; readonly operator: Uint8Array },
): (random: Random) => void {
  const n = arm.length;
  const words = new Uint32Array(n);
  switch (design.assign) {
    case 'sequential':
      for (let t = 0; t < n; t++) arm[t] = Math.floor((t * arms) / n);
      return () => {};
    case 'alternating':
      for (let t = 0; t < n; t++) arm[t] = t % arms;
      return () => {};
    case 'per trial': {
      const edges = edgesOf(design.weights ?? new Array<number>(arms).fill(1), arms);
      return random => {
        random.fillUint32(words);
        for (let t = 0; t < n; t++) {
          let k = 0;
          while (words[t] >= edges[k]) k++;
          arm[t] = k;
        }
      };
    }
    case 'blocks': {
      const { size } = design;
      if (!(size >= arms && size % arms === 0))
        throw usageError(`design: blocks of ${size}: expected a multiple of the ${arms} arms`);
      return random => {
        for (let t = 0; t < n; t++) arm[t] = (t % size) % arms;
        random.fillUint32(words);
        for (let from = 0; from < n; from += size)
          shuffleWith(arm, from, Math.min(from + size, n), words, from);
      };
    }
    case 'per session': {
      if (!(Number.isSafeInteger(design.trials) && design.trials >= 1))
        throw usageError(`design: sessions of ${design.trials} trials: expected 1 or more`);
      const sessions = new Uint8Array(Math.ceil(n / design.trials));
      return random => {
        for (let s = 0; s < sessions.length; s++) sessions[s] = s % arms;
        random.fillUint32(words, sessions.length);
        shuffleWith(sessions, 0, sessions.length, words);
        for (let t = 0; t < n; t++) arm[t] = sessions[Math.floor(t / design.trials)];
      };
    }
    case 'by operator': {
      const { shares } = design;
      if (arms !== 2 || shares.some(share => !(share >= 0 && share <= 1)))
        throw usageError(
          `design: shares ${shares.join(', ')} of ${arms} arms: expected chances, of two arms`,
        );
      if (shares.length !== operators)
        throw usageError(`design: ${shares.length} shares: expected one for each of ${operators} operators`);
      return random => {
        random.fillUint32(words);
        for (let t = 0; t < n; t++) arm[t] = words[t] * 2 ** -32 < shares[operator[t]] ? 1 : 0;
      };
    }
  }
}

/** Where each arm's share of the words ends; the last at 2³², whatever sums round to. */
function edgesOf(weights: readonly number[], arms: number): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (weights.length !== arms || weights.some(weight => !(weight > 0)) || !Number.isFinite(total))
    throw usageError(`design: weights ${weights.join(', ')}: expected ${arms} numbers above 0`);
  let sum = 0;
  return weights.map((weight, k) => {
    sum += weight;
    return k === arms - 1 ? 2 ** 32 : (sum / total) * 2 ** 32;
  });
}
