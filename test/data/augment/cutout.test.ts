import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { affine, chain, cutout, flip, identity, padCrop } from '../../../src/data/augment/index.ts';

const ones = (count: number) => new Float32Array(count).fill(1);
const ramp = (count: number) => Float32Array.from({ length: count }, (_, i) => i);

describe('cutout', () => {
  it('covers a square of the size, in every channel, smaller only at the edge', () => {
    const random = Random.fromSeed(1);
    const sizes = new Set<number>();
    const out = new Float32Array(8 * 6 * 2);
    for (let i = 0; i < 500; i++) {
      expect(cutout(4)(ones(96), 0, out, 0, [8, 6, 2], random)).toBe('cutout');
      const rows = new Set<number>();
      const columns = new Set<number>();
      out.forEach((v, at) => {
        if (v !== 0) return;
        rows.add(Math.floor(at / 12));
        columns.add(Math.floor(at / 2) % 6);
      });
      expect(out.filter(v => v === 0)).toHaveLength(rows.size * columns.size * 2);
      expect(Math.max(...rows) - Math.min(...rows) + 1).toBe(rows.size);
      sizes.add(rows.size).add(columns.size);
    }
    expect([...sizes].sort()).toEqual([2, 3, 4]);
  });

  it('puts the middle of the hole evenly over the pixels', () => {
    const random = Random.fromSeed(2);
    const out = new Float32Array(9);
    const counts = new Float64Array(9);
    for (let i = 0; i < 9000; i++) {
      cutout(1)(ones(9), 0, out, 0, [3, 3, 1], random);
      counts[out.indexOf(0)]++;
    }
    // Five standard deviations of a binomial count.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt(1000 * (8 / 9)));
  });

  it('refuses what is no size', () => {
    for (const size of [-1, 1.5, Number.NaN]) {
      expect(() => cutout(size)).toThrow(
        `cutout: size = ${size}: expected a whole number of pixels, 0 or more`,
      );
    }
  });

  it('fills with what it is given, and changes nothing of size 0', () => {
    const out = new Float32Array(9);
    cutout(9, 0.5)(ones(9), 0, out, 0, [3, 3, 1], Random.fromSeed(3));
    expect([...out].every(v => v === 0.5)).toBe(true);
    cutout(0)(ones(9), 0, out, 0, [3, 3, 1], Random.fromSeed(3));
    expect([...out].every(v => v === 1)).toBe(true);
  });
});

describe('a chain', () => {
  it('does one after the other with the same numbers, and leaves its input alone', () => {
    const x = ones(14 * 14);
    const [by, hand] = [new Float32Array(196), new Float32Array(196)];
    const [a, b, c] = [affine(), cutout(4, 0.5), affine({ strength: 0.5 })];
    const done = chain(a, b, c)(x, 0, by, 0, [14, 14, 1], Random.fromSeed(4));
    const random = Random.fromSeed(4);
    const [first, second] = [new Float32Array(196), new Float32Array(196)];
    a(x, 0, first, 0, [14, 14, 1], random);
    b(first, 0, second, 0, [14, 14, 1], random);
    c(second, 0, hand, 0, [14, 14, 1], random);
    expect([...by]).toEqual([...hand]);
    expect(done).toBe('affine, cutout, affine');
    expect(x.every(v => v === 1)).toBe(true);
  });

  it('copies where there is nothing to do', () => {
    const out = new Float32Array(5);
    expect(chain()(ramp(6), 2, out, 1, [2, 2, 1], Random.fromSeed(5))).toBe('identity');
    expect([...out]).toEqual([0, 2, 3, 4, 5]);
    identity(ramp(4), 0, out, 0, [2, 2, 1], Random.fromSeed(5));
    expect([...out]).toEqual([0, 1, 2, 3, 5]);
    expect(chain(identity, identity)(ramp(4), 0, out, 0, [2, 2, 1], Random.fromSeed(5))).toBe('identity');
  });
});

describe('flip and crop', () => {
  it('mirrors about every other image, whole pixels at a time', () => {
    const random = Random.fromSeed(6);
    const out = new Float32Array(8);
    let mirrored = 0;
    for (let i = 0; i < 1000; i++) {
      const done = flip(ramp(8), 0, out, 0, [2, 2, 2], random);
      if (done === 'flip') mirrored++;
      expect([...out]).toEqual(done === 'flip' ? [2, 3, 0, 1, 6, 7, 4, 5] : [0, 1, 2, 3, 4, 5, 6, 7]);
    }
    expect(Math.abs(mirrored - 500)).toBeLessThan(80);
  });

  it('refuses to pad by more than there is to mirror', () => {
    const out = new Float32Array(6);
    expect(() => padCrop(2)(ramp(6), 0, out, 0, [2, 3, 1], Random.fromSeed(8))).toThrow(
      'crop: amount = 2: expected 0 to 1 for images of [2,3,1]',
    );
  });

  it('pads by reflection without the edge twice, and cuts any of the places', () => {
    const random = Random.fromSeed(7);
    const image = Float32Array.from({ length: 16 }, (_, i) => 10 * Math.floor(i / 4) + (i % 4));
    const out = new Float32Array(16);
    const seen = new Map<string, number>();
    for (let i = 0; i < 2000; i++) {
      expect(padCrop(2)(image, 0, out, 0, [4, 4, 1], random)).toBe('crop');
      const columns = [...out.subarray(0, 4)].map(v => v % 10).join('');
      const rows = [0, 4, 8, 12].map(at => Math.floor(out[at] / 10)).join('');
      const whole = [...out].every((v, at) => v === 10 * Number(rows[at >> 2]) + Number(columns[at & 3]));
      expect(whole).toBe(true);
      seen.set(`${rows} ${columns}`, (seen.get(`${rows} ${columns}`) ?? 0) + 1);
    }
    const cuts = ['2101', '1012', '0123', '1232', '2321'];
    expect([...seen.keys()].sort()).toEqual(cuts.flatMap(r => cuts.map(c => `${r} ${c}`)).sort());
    for (const count of seen.values()) expect(Math.abs(count - 80)).toBeLessThan(5 * Math.sqrt(80));
  });
});
