import { assertId, assertLabelling } from './checks.ts';
import type { DataSource, Labelling } from './contract.ts';
import { CounterStream, counterKey } from './counter.ts';

const side = 14;
const below = 2 ** 31;

const labellings: readonly Labelling[] = ['L', 'R'].flatMap(place => [
  { name: `${place} digit`, classes: 10 },
  { name: `${place} parity`, classes: 2 },
  { name: `${place} high`, classes: 2 },
]);

/**
 * Two digits side by side, 14 by 28, each drawn uniformly from a source of single ones of 14 by 14: the left and the right
 * halves have nothing to do with each other. Six labellings: of each half the digit, whether it is odd, and whether it is 5
 * or more (`L digit`, `L parity`, `L high`, then `R …`). Pair i is a function of (seed, split, i); there are 2³¹ of them.
 * @param digits the test split's pairs are of the test split's digits
 */
export function digitPairs(digits: DataSource, seed: number): DataSource {
  const name = digits.name.replace('mnist', 'digit-pairs');
  const stream = new CounterStream(counterKey(seed, name));
  const single = new Float32Array(side * side);
  const half = (out: Float32Array, at: number) => {
    digits.write(stream.integer(digits.count), single, 0);
    for (let row = 0; row < side; row++) {
      for (let column = 0; column < side; column++) {
        out[at + row * 2 * side + column] = single[row * side + column];
      }
    }
  };
  return {
    name,
    shape: [side, 2 * side, 1],
    count: Infinity,
    labellings,
    write(id, out, at) {
      assertId(name, id, below);
      stream.at(id);
      half(out, at);
      half(out, at + side);
    },
    label(id, labelling = 0) {
      assertId(name, id, below);
      assertLabelling(name, labelling, labellings.length);
      stream.at(id);
      let drawn = stream.integer(digits.count);
      if (labelling >= 3) drawn = stream.integer(digits.count);
      const digit = digits.label(drawn);
      if (labelling % 3 === 0) return digit;
      return labelling % 3 === 1 ? digit % 2 : Number(digit >= 5);
    },
  };
}
