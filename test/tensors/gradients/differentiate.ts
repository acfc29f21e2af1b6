import { expect } from 'vitest';
import { type Tensor, tf } from '../../../src/tensors/index.ts';
import { type Case, numbersOf } from './cases/case.ts';

/** Half the distance of the two values of a central difference; a power of two, so that x ± h is exact enough. */
const H = 1 / 128;

const tensorsOf = ({ at }: Case, numbers: readonly Float32Array[]): Tensor[] =>
  at.map(({ shape }, i) => tf.tensor(numbers[i], [...shape]));

/** Random enough weights, so that every element of the result counts, and differently. */
const weight = (i: number) => Math.cos(1.7 * i + 0.4);

/** What a case gives, on the backend of now. */
export const result = (test: Case): number[] => resultAt(test, test.at.map(numbersOf));

function resultAt(test: Case, numbers: readonly Float32Array[]): number[] {
  const found: number[] = [];
  tf.tidy(() => void found.push(...test.f(...tensorsOf(test, numbers)).dataSync()));
  return found;
}

/** Σ wᵢ yᵢ, added up in float64. */
const value = (test: Case, numbers: readonly Float32Array[]): number =>
  resultAt(test, numbers).reduce((sum, y, i) => sum + weight(i) * y, 0);

/**
 * Where tfjs' gradient is not what central differences say, on the backend of now.
 * @param most how many elements of each argument are looked at, spread over it
 */
export function mismatches(test: Case, tolerance: number, most: number): string[] {
  const found = analytic(test);
  const numbers = test.at.map(numbersOf);
  return numbers.flatMap((values, argument) => {
    const wrong: string[] = [];
    for (let i = 0; i < values.length; i += Math.ceil(values.length / most)) {
      const x = values[i];
      const [above, below] = [x + H, x - H].map(moved => {
        values[i] = moved;
        return value(test, numbers);
      });
      values[i] = x;
      const wanted = (above - below) / (2 * H);
      const dx = found[argument][i];
      if (Math.abs(dx - wanted) <= tolerance * Math.max(1, Math.abs(wanted))) continue;
      wrong.push(`argument ${argument}, element ${i}: ${dx}, not ${wanted}`);
    }
    return wrong;
  });
}

/** The gradient of each argument by tfjs, on the backend of now. */
export function analytic(test: Case): number[][] {
  const found: number[][] = [];
  tf.tidy(() => {
    const loss = (...tensors: Tensor[]) => {
      const y = test.f(...tensors);
      return tf.sum(
        tf.mul(
          y,
          tf.tensor(
            Float32Array.from({ length: y.size }, (_, i) => weight(i)),
            y.shape,
          ),
        ),
      );
    };
    for (const [i, dx] of tf
      .grads(loss)(tensorsOf(test, test.at.map(numbersOf)))
      .entries()) {
      expect(dx.shape).toEqual(test.at[i].shape);
      found.push([...dx.dataSync()]);
    }
  });
  return found;
}
