import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.ts';
import { CounterStream, counterKey } from '../../src/data/counter.ts';
import { glyphs } from '../../src/data/glyphs.ts';

const pixels = 196;
const sampleOf = (source: ReturnType<typeof glyphs>, id: number) => {
  const out = new Float32Array(pixels);
  source.write(id, out, 0);
  return out;
};

/** The recipe word by word, every Gaussian by its own exponential. */
function plain(seed: number, id: number): { label: number; image: number[] } {
  const corners = new Float64Array(100);
  Random.fromSeed(seed).split('glyphs', 'polylines').fillUniform(corners, -0.9, 0.9);
  const stream = new CounterStream(counterKey(seed, 'glyphs')).at(id);
  const label = stream.integer(10);
  const turn = stream.uniform(-0.35, 0.35);
  const scale = stream.uniform(0.75, 1.15);
  const shift = [stream.uniform(-0.2, 0.2), stream.uniform(-0.2, 0.2)];
  const width = stream.uniform(0.5, 0.9);
  const places = [0, 1, 2, 3, 4].map(corner => {
    const [x, y] = [0, 1].map(axis => corners[10 * label + 2 * corner + axis] + 0.16 * stream.normal());
    const turned = [x * Math.cos(turn) - y * Math.sin(turn), x * Math.sin(turn) + y * Math.cos(turn)];
    return turned.map((value, axis) => 6.5 * (scale * value + shift[axis] + 1));
  });
  const dots = [0, 1, 2, 3].flatMap(from =>
    [0, 0.2, 0.4, 0.6, 0.8, 1].map(share =>
      [0, 1].map(axis => (1 - share) * places[from][axis] + share * places[from + 1][axis]),
    ),
  );
  const image = Array.from({ length: pixels }, (_, i) => {
    const ink = dots.map(([x, y]) => {
      const distance = (x - (i % 14)) ** 2 + (y - Math.floor(i / 14)) ** 2;
      return Math.exp(-distance / (2 * width * width));
    });
    return Math.min(
      1.2,
      ink.reduce((sum, value) => sum + value, 0),
    );
  });
  return { label, image: image.map(value => value + 0.25 * stream.normal() - 0.15) };
}

describe('glyphs', () => {
  const train = glyphs(3, 'train');
  const test = glyphs(3, 'test');

  it('are drawn as the recipe says', () => {
    expect(train).toMatchObject({ name: 'glyphs (train)', shape: [14, 14, 1], count: Infinity });
    for (const id of [0, 1, 77, 2 ** 30 - 1]) {
      const { label, image } = plain(3, id);
      expect(train.label(id)).toBe(label);
      sampleOf(train, id).forEach((value, i) => {
        expect(value).toBeCloseTo(image[i], 6);
      });
      expect(sampleOf(test, id)[50]).toBeCloseTo(plain(3, id + 2 ** 30).image[50], 6);
    }
  });

  it('are a function of seed and number, in whatever order they are read', () => {
    const ids = fc.array(fc.integer({ min: 0, max: 2 ** 30 - 1 }), { minLength: 1, maxLength: 8 });
    const other = glyphs(3, 'train');
    fc.assert(
      fc.property(ids, ids, (before, read) => {
        for (const id of before) sampleOf(other, id);
        for (const id of read) {
          other.label(before[0]);
          expect(sampleOf(other, id)).toEqual(sampleOf(train, id));
        }
      }),
      { numRuns: 50 },
    );
    expect(sampleOf(glyphs(4, 'train'), 0)).not.toEqual(sampleOf(train, 0));
  });

  it('are written at their place and nowhere else', () => {
    const out = new Float32Array(pixels + 2).fill(7);
    train.write(5, out, 1);
    expect([out[0], out[pixels + 1]]).toEqual([7, 7]);
    expect(out.slice(1, -1)).toEqual(sampleOf(train, 5));
  });

  it('have classes drawn uniformly, values within the ink and five times the noise, which is 0.25', () => {
    const n = 4000;
    const counts = new Array<number>(10).fill(0);
    let lowest = 0;
    let highest = 0;
    let square = 0;
    let blank = 0;
    for (let id = 0; id < n; id++) {
      counts[train.label(id)]++;
      const image = sampleOf(train, id);
      lowest = Math.min(lowest, ...image);
      highest = Math.max(highest, ...image);
      // Pixels below 0 hold no ink, but for a little: a half normal around −0.15.
      for (const value of image) {
        if (value >= -0.15) continue;
        square += (value + 0.15) ** 2;
        blank++;
      }
    }
    // Five standard deviations of a binomial count.
    for (const count of counts) expect(Math.abs(count - n / 10)).toBeLessThan(5 * Math.sqrt(n * 0.1 * 0.9));
    expect(lowest).toBeGreaterThan(-1.65);
    expect(highest).toBeGreaterThan(1.9);
    expect(highest).toBeLessThan(2.6);
    expect(Math.sqrt(square / blank)).toBeCloseTo(0.25, 2);
  });

  it('of the test split are none of the train split', () => {
    const first = (source: typeof train, id: number) => sampleOf(source, id).subarray(0, 4).join();
    const ids = Array.from({ length: 2000 }, (_, id) => id);
    const seen = new Set(ids.map(id => first(train, id)));
    expect(seen.size).toBe(2000);
    expect(ids.filter(id => seen.has(first(test, id)))).toEqual([]);
    for (const source of [train, test]) {
      expect(() => source.label(2 ** 30)).toThrow(
        /sample 1073741824: expected a whole number from 0 to 1073741823/,
      );
    }
  });
});

describe('numbers by number', () => {
  const stream = new CounterStream(counterKey(1, 'test'));
  const draw = (id: number, n: number) => {
    stream.at(id);
    return Array.from({ length: n }, () => stream.uint32());
  };

  it('are the same whenever they are asked for, and other ones for another sample, purpose and seed', () => {
    const first = draw(9, 50);
    draw(10, 7);
    stream.normal();
    expect(draw(9, 50)).toEqual(first);
    expect(new Set([...first, ...draw(10, 50), ...draw(2 ** 32 - 1, 50)]).size).toBe(150);
    for (const key of [counterKey(2, 'test'), counterKey(1, 'other')]) {
      expect(new CounterStream(key).at(9).uint32()).not.toBe(first[0]);
    }
  });

  it('are uniform and normal, across samples and within them', () => {
    for (const normals of [
      Array.from({ length: 40_000 }, (_, id) => stream.at(id).normal()),
      within(40_000),
    ]) {
      const moment = (power: number) => normals.reduce((sum, x) => sum + x ** power, 0) / normals.length;
      // Five standard errors.
      expect(Math.abs(moment(1))).toBeLessThan(5 / 200);
      expect(Math.abs(moment(2) - 1)).toBeLessThan((5 * Math.SQRT2) / 200);
      expect(Math.abs(moment(4) - 3)).toBeLessThan((5 * Math.sqrt(96)) / 200);
      const lagged = normals.slice(1).reduce((sum, x, i) => sum + x * normals[i], 0) / normals.length;
      expect(Math.abs(lagged)).toBeLessThan(5 / 200);
    }
    const bytes = new Array<number>(256).fill(0);
    for (let id = 0; id < 51_200; id++) for (const word of draw(id, 2)) bytes[word >>> 24]++;
    // χ² with 255 degrees of freedom: mean 255, standard deviation 22.6.
    const square = bytes.reduce((sum, count) => sum + (count - 400) ** 2 / 400, 0);
    expect(Math.abs(square - 255)).toBeLessThan(5 * 22.6);
  });

  const within = (n: number) => {
    stream.at(0);
    return Array.from({ length: n }, () => stream.normal());
  };
});
