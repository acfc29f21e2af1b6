import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.ts';

const seeds = fc.integer({ min: -(2 ** 52), max: 2 ** 52 });
const draw = (random: Random, n: number) => Array.from({ length: n }, () => random.uint32());

/** xoshiro128** 1.1 as its authors publish it, in BigInt arithmetic, to hold ours against. */
function reference(state: readonly number[], n: number): number[] {
  const mask = 0xffffffffn;
  const rotate = (x: bigint, k: bigint) => ((x << k) | (x >> (32n - k))) & mask;
  const s = state.map(BigInt);
  return Array.from({ length: n }, () => {
    const result = (rotate((s[1] * 5n) & mask, 7n) * 9n) & mask;
    const t = (s[1] << 9n) & mask;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 11n);
    return Number(result);
  });
}

/** A stream whose next word is `word`: the generator's scrambling, undone. */
function drawing(word: number): Random {
  const inverse = (x: number, of: number) => Math.imul(x, of) >>> 0;
  const unscaled = inverse(word, 0x38e38e39); // 1/9
  const b = inverse(((unscaled >>> 7) | (unscaled << 25)) >>> 0, 0xcccccccd); // 1/5
  const random = Random.fromSeed(0);
  random.state = [1, b, 2, 3];
  return random;
}

function fill<A extends Float32Array | Float64Array>(out: A, word: number, low: number, high: number): A {
  drawing(word).fillUniform(out, low, high);
  return out;
}

/** The double `steps` above. */
function above(value: number, steps: number): number {
  const float = Float64Array.of(value === 0 ? 0 : value);
  const bits = new BigInt64Array(float.buffer);
  bits[0] += BigInt(value < 0 ? -steps : steps);
  return float[0];
}

/** Whether an array of this type holds nothing between the two. */
function adjacent(
  type: Float32ArrayConstructor | Float64ArrayConstructor,
  value: number,
  high: number,
): boolean {
  const middle = value + (high - value) / 2;
  const [stored] = type.of(middle);
  return stored >= high || stored === value;
}

describe('Random', () => {
  it('is xoshiro128**', () => {
    fc.assert(
      fc.property(seeds, seed => {
        const random = Random.fromSeed(seed);
        const expected = reference(random.state, 20);
        expect(draw(random, 20)).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  it('keeps its bits for good: runs saved today must resume tomorrow', () => {
    expect(draw(Random.fromSeed(7), 3)).toMatchInlineSnapshot(`
      [
        3149652381,
        1657825623,
        1517979878,
      ]
    `);
    expect(draw(Random.fromSeed(7).split('rollout', 1), 3)).toMatchInlineSnapshot(`
      [
        1687128527,
        3253844096,
        2663766923,
      ]
    `);
  });

  it('splits by label, whatever the parent has given out', () => {
    const early = Random.fromSeed(1).split('a', 2);
    const parent = Random.fromSeed(1);
    draw(parent, 100);
    expect(draw(parent.split('a', 2), 5)).toEqual(draw(early, 5));
  });

  it('keeps labels apart', () => {
    const random = Random.fromSeed(3);
    const children = [
      random.split('ab'),
      random.split('a', 'b'),
      random.split('a'),
      random.split('1'),
      random.split(1),
      random.split(2 ** 40),
      random.split(2 ** 40 + 1),
      random.split(1, 1),
      random.split('a').split('b'),
      Random.fromSeed(4).split('ab'),
    ];
    expect(new Set(children.map(child => draw(child, 2).join())).size).toBe(
      new Set(children.map((_, i) => i)).size,
    );
  });

  it('gives children that do not run along with each other', () => {
    const parent = Random.fromSeed(0);
    const columns = Array.from({ length: 40 }, (_, i) => {
      const child = parent.split(i);
      return Array.from({ length: 2_000 }, () => child.uniform(-1, 1));
    });
    // Correlation of n = 2,000 pairs has a standard error of 0.022: 780 pairs, so allow 5 of them.
    for (let i = 0; i < columns.length; i++) {
      for (let j = 0; j < i; j++) {
        const correlation = columns[i].reduce((sum, x, k) => sum + x * columns[j][k], 0) / (2_000 / 3);
        expect(Math.abs(correlation)).toBeLessThan(0.115);
      }
    }
  });

  it('goes on from a saved state', () => {
    const random = Random.fromSeed(11);
    draw(random, 13);
    const { state } = random;
    const rest = draw(random, 5);
    const other = Random.fromSeed(0);
    other.state = state;
    expect(draw(other, 5)).toEqual(rest);
  });

  it('gives uniform, integer and normal numbers with the right moments', () => {
    const random = Random.fromSeed(5);
    const n = 100_000;
    const mean = (make: () => number) => Array.from({ length: n }, make).reduce((a, b) => a + b, 0) / n;
    expect(mean(() => random.uniform(2, 4))).toBeCloseTo(3, 1);
    expect(mean(() => random.integer(6))).toBeCloseTo(2.5, 1);
    expect(Math.abs(mean(() => random.normal()))).toBeLessThan(0.02);
    expect(mean(() => random.normal() ** 2)).toBeCloseTo(1, 1);
    const filled = new Float32Array(n + 1);
    random.fillNormal(filled);
    expect(filled.reduce((sum, x) => sum + x ** 4, 0) / n).toBeCloseTo(3, 0);
    expect(filled[n]).not.toBe(0);
  });

  it('fills arrays with the words that calls would give, and stands where they would have left it', () => {
    const [filled, called] = [Random.fromSeed(9), Random.fromSeed(9)];
    const words = new Uint32Array(1001);
    filled.fillUint32(words, 1000);
    expect([...words.subarray(0, 1000)]).toEqual(Array.from({ length: 1000 }, () => called.uint32()));
    expect(words[1000]).toBe(0);
    filled.fillUint32(words);
    expect([...words]).toEqual(Array.from({ length: 1001 }, () => called.uint32()));
    expect(filled.state).toEqual(called.state);
  });

  it.each([0, 1, 2, 7, 1023, 1024, 1025, 3001])(
    'fills arrays with %i normal numbers, a pair of two words',
    count => {
      const [filled, called] = [Random.fromSeed(3), Random.fromSeed(3)];
      const expected: number[] = [];
      while (expected.length < count) {
        const radius = Math.sqrt(-2 * Math.log(1 - called.uint32() * 2 ** -32));
        const angle = 2 * Math.PI * called.uint32() * 2 ** -32;
        expected.push(radius * Math.cos(angle), radius * Math.sin(angle));
      }
      const out = new Float64Array(count);
      filled.fillNormal(out);
      expect([...out]).toEqual(expected.slice(0, count));
      expect(filled.state).toEqual(called.state);
    },
  );

  describe('between two bounds', () => {
    const words = fc.oneof(
      fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      fc.constantFrom(2 ** 32 - 1, 2 ** 32 - 2, 0),
    );
    const any = fc.double({ noNaN: true, noDefaultInfinity: true });
    const single = fc.float({ noNaN: true, noDefaultInfinity: true });
    const narrow = fc
      .tuple(any, fc.integer({ min: 1, max: 40 }))
      .map(([low, ulps]) => [low, above(low, ulps)]);
    const near = fc.tuple(single, fc.double({ min: 1e-12, max: 1e-3, noNaN: true })).map(([low, share]) => {
      return [low, low + Math.abs(low) * share];
    });
    const bounds = fc
      .oneof(fc.tuple(any, any), fc.tuple(single, single), narrow, near)
      .filter(([low, high]) => low < high && Number.isFinite(high));

    it('a number is never the upper one, and otherwise what it always was', () => {
      fc.assert(
        fc.property(bounds, words, ([low, high], word) => {
          const value = drawing(word).uniform(low, high);
          expect(value).toBeGreaterThanOrEqual(low);
          expect(value).toBeLessThan(high);
          const plain = low + (high - low) * (word * 2 ** -32);
          if (plain < high) expect(value).toBe(plain);
        }),
      );
    });

    it.each([Float32Array, Float64Array])('nor is what fills a %o', type => {
      fc.assert(
        fc.property(bounds, words, ([low, high], word) => {
          const [value] = fill(new type(1), word, low, high);
          expect(value).toBeLessThan(high);
          const [rounded] = type.of(drawing(word).uniform(low, high));
          if (rounded < high) expect(value).toBe(rounded);
          else expect(adjacent(type, value, high)).toBe(true);
        }),
      );
    });

    it('rounds the last number of [0, 1) down in single precision', () => {
      expect(fill(new Float64Array(1), 2 ** 32 - 1, 0, 1)[0]).toBe(1 - 2 ** -32);
      expect(fill(new Float32Array(1), 2 ** 32 - 1, 0, 1)[0]).toBe(1 - 2 ** -24);
      expect(fill(new Float32Array(1), 2 ** 32 - 1, -1, 0)[0]).toBe(-(2 ** -32));
      expect(fill(new Float32Array(1), 2 ** 32 - 1, -1, -(2 ** -30))[0]).toBeLessThan(-(2 ** -30));
      expect(fill(new Float32Array(1), 2 ** 32 - 1, -1e-50, 0)[0]).toBe(-(2 ** -149));
    });
  });

  it('draws integers of every size without leaving the range', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 2 ** 32 }), (seed, below) => {
        const value = Random.fromSeed(seed).integer(below);
        return Number.isInteger(value) && value >= 0 && value < below;
      }),
    );
  });

  it('shuffles into a permutation', () => {
    const items = Int32Array.from({ length: 100 }, (_, i) => i);
    const shuffled = Random.fromSeed(2).shuffle(items.slice());
    expect([...shuffled].sort((a, b) => a - b)).toEqual([...items]);
    expect(shuffled).not.toEqual(items);
  });

  it('refuses a seed that is not a whole number', () => {
    expect(() => Random.fromSeed(0.5)).toThrow('seed: expected a safe integer, got 0.5');
    expect(() => Random.fromSeed(1).integer(0)).toThrow('below must be 1 to 2^32, got 0');
  });
});
