import { Random } from '../core/random.ts';
import { assertId, assertLabelling } from './checks.ts';
import type { DataSource } from './contract.ts';
import { CounterStream, counterKey } from './counter.ts';

const classes = 10;
const corners = 5;
const perSegment = 6;
const dots = (corners - 1) * perSegment;
const side = 14;

/** Where the test split's samples start among all of a seed's: the train split has those below. */
export const testOffset = 2 ** 30;

/**
 * Endless images of ten random signs, 14 by 14. A class is a polyline of five corners drawn once from the seed, uniform in
 * [−0.9, 0.9]². A sample moves every corner by N(0, 0.16), turns by U(−0.35, 0.35) rad, scales by U(0.75, 1.15), shifts by
 * U(−0.2, 0.2) on each axis, draws six dots a segment (both corners among them) as Gaussians of one width U(0.5, 0.9) px,
 * adds them up to 1.2 at most, adds noise N(0, 0.25) to each pixel and subtracts 0.15: values are around 0, not in [0, 1].
 * (−1, −1) is the centre of the first pixel, (1, 1) of the last. Classes are drawn uniformly.
 *
 * Sample i is a function of (seed, split, i): numbers 0 … 2³⁰ − 1 in each split, and none is in both.
 */
export function glyphs(seed: number, split: 'train' | 'test'): DataSource {
  const name = `glyphs (${split})`;
  const offset = split === 'test' ? testOffset : 0;
  const polylines = new Float64Array(classes * corners * 2);
  Random.fromSeed(seed).split('glyphs', 'polylines').fillUniform(polylines, -0.9, 0.9);
  const stream = new CounterStream(counterKey(seed, 'glyphs'));
  const canvas = new Canvas();
  const sample = (id: number) => {
    assertId(name, id, testOffset);
    return stream.at(id + offset).integer(classes);
  };
  return {
    name,
    shape: [side, side, 1],
    count: Infinity,
    labellings: [{ name: 'sign', classes }],
    write(id, out, at) {
      canvas.draw(polylines, sample(id), stream);
      for (let i = 0; i < canvas.ink.length; i++) {
        out[at + i] = Math.min(canvas.ink[i], 1.2) + 0.25 * stream.normal() - 0.15;
      }
    },
    label(id, labelling = 0) {
      assertLabelling(name, labelling, 1);
      return sample(id);
    },
  };
}

/** Room for one sign, used again for the next. */
class Canvas {
  readonly ink = new Float64Array(side * side);
  readonly #x = new Float64Array(corners);
  readonly #y = new Float64Array(corners);
  readonly #across = new Float64Array(side);
  readonly #down = new Float64Array(side);

  draw(polylines: Float64Array, sign: number, stream: CounterStream): void {
    const turn = stream.uniform(-0.35, 0.35);
    const scale = stream.uniform(0.75, 1.15);
    const shiftX = stream.uniform(-0.2, 0.2);
    const shiftY = stream.uniform(-0.2, 0.2);
    const width = stream.uniform(0.5, 0.9);
    const cos = scale * Math.cos(turn);
    const sin = scale * Math.sin(turn);
    for (let i = 0; i < corners; i++) {
      const from = 2 * (sign * corners + i);
      const x = polylines[from] + 0.16 * stream.normal();
      const y = polylines[from + 1] + 0.16 * stream.normal();
      this.#x[i] = pixel(cos * x - sin * y + shiftX);
      this.#y[i] = pixel(sin * x + cos * y + shiftY);
    }
    this.ink.fill(0);
    const sharpness = 1 / (2 * width * width);
    for (let dot = 0; dot < dots; dot++) {
      const i = Math.floor(dot / perSegment);
      const share = (dot % perSegment) / (perSegment - 1);
      gaussian(this.#across, this.#x[i] + share * (this.#x[i + 1] - this.#x[i]), sharpness);
      gaussian(this.#down, this.#y[i] + share * (this.#y[i + 1] - this.#y[i]), sharpness);
      this.#add();
    }
  }

  #add(): void {
    for (let row = 0, at = 0; row < side; row++) {
      const down = this.#down[row];
      for (let column = 0; column < side; column++) this.ink[at++] += down * this.#across[column];
    }
  }
}

const pixel = (place: number): number => ((place + 1) * (side - 1)) / 2;

/** exp(−sharpness (i − centre)²) at i = 0 … 13, each from the one before: three exponentials instead of fourteen. */
function gaussian(out: Float64Array, centre: number, sharpness: number): void {
  let value = Math.exp(-sharpness * centre * centre);
  let ratio = Math.exp(sharpness * (2 * centre - 1));
  const step = Math.exp(-2 * sharpness);
  for (let i = 0; i < side; i++) {
    out[i] = value;
    value *= ratio;
    ratio *= step;
  }
}
