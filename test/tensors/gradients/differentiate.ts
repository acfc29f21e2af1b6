import { expect } from 'vitest';
import { type Tensor, tf } from '../../../src/tensors/index.ts';
import { type Case, numbersOf } from './cases/case.ts';

/** Half the distance of the two values of a central difference; a power of two, so that x ± h is exact enough. */
const H = 1 / 128;

const tensorsOf = ({ at }: Case, numbers: readonly Float32Array[]): Tensor[] =>
  at.map(({ shape }, i) => tf.tensor(numbers[i], [...shape]));

/** Random enough weights, so that every element of the result counts, and differently. */
const weight = (i: number) => Math.cos(1.7 * i + 0.4);

/** Σ wᵢ yᵢ, added up in float64. */
function value(test: Case, numbers: readonly Float32Array[]): number {
  let sum = 0;
  tf.tidy(() => {
    test
      .f(...tensorsOf(test, numbers))
      .dataSync()
      .forEach((y, i) => {
        sum += weight(i) * y;
      });
  });
  return sum;
}

/** The gradient of each argument by central differences, on the backend of now. */
export function differences(test: Case): number[][] {
  const numbers = test.at.map(numbersOf);
  return numbers.map(values =>
    Array.from(values, (x, i) => {
      const [above, below] = [x + H, x - H].map(moved => {
        values[i] = moved;
        return value(test, numbers);
      });
      values[i] = x;
      return (above - below) / (2 * H);
    }),
  );
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
