import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { cutout, operations, randAugment } from '../../../src/data/augment/index.ts';

const image = new Float32Array(32 * 32);
Random.fromSeed(1).fillUniform(image);

describe('RandAugment as UDA draws it', () => {
  const augment = randAugment();
  const out = new Float32Array(image.length);
  const random = Random.fromSeed(2);
  const counts = new Map<string, number>();
  const perImage = [0, 0, 0];
  const draws = 6000;
  for (let i = 0; i < draws; i++) {
    const done = augment(image, 0, out, 0, [32, 32, 1], random).split(', ');
    expect(done.pop()).toBe('cutout');
    perImage[done.length]++;
    for (const name of done) counts.set(name, (counts.get(name) ?? 0) + 1);
  }

  it('does each of its two operations half of the time', () => {
    const sd = Math.sqrt(draws / 4);
    expect(Math.abs(perImage[0] - draws / 4)).toBeLessThan(5 * sd);
    expect(Math.abs(perImage[1] - draws / 2)).toBeLessThan(5 * sd);
    expect(Math.abs(perImage[2] - draws / 4)).toBeLessThan(5 * sd);
  });

  it('draws all fifteen at all nine magnitudes alike', () => {
    const all = Object.keys(operations).flatMap(name => [1, 2, 3, 4, 5, 6, 7, 8, 9].map(m => `${name} ${m}`));
    expect([...counts.keys()].sort()).toEqual(all.sort());
    const mean = draws / 135;
    for (const count of counts.values()) expect(Math.abs(count - mean)).toBeLessThan(5 * Math.sqrt(mean));
  });

  it('ends with a hole of half the side', () => {
    const white = new Float32Array(32 * 32).fill(1);
    let largest = 0;
    for (let i = 0; i < 200; i++) {
      cutout(16)(white, 0, out, 0, [32, 32, 1], Random.fromSeed(i));
      const holes = out.filter(v => v === 0).length;
      largest = Math.max(largest, holes);
      expect(holes).toBeGreaterThanOrEqual(64);
    }
    expect(largest).toBe(256);
    for (let i = 0; i < 200; i++) {
      const done = augment(white, 0, out, 0, [32, 32, 1], Random.fromSeed(i));
      if (done === 'cutout') expect(out.filter(v => v === 0).length).toBeLessThanOrEqual(256);
      if (done === 'cutout') expect(out.filter(v => v === 0).length).toBeGreaterThanOrEqual(64);
    }
  });

  it('is the operations in the order they are told in, whatever was augmented before', () => {
    for (let seed = 0; seed < 60; seed++) {
      const done = augment(image, 0, out, 0, [32, 32, 1], Random.fromSeed(seed)).split(', ');
      const by = Random.fromSeed(seed);
      let from = image;
      for (let step = 0; step < 2; step++) {
        const name = Object.keys(operations)[by.integer(15)] as keyof typeof operations;
        const magnitude = 1 + by.integer(9);
        if (by.uint32() < 2 ** 31) continue;
        expect(done.shift()).toBe(`${name} ${magnitude}`);
        const to = new Float32Array(image.length);
        operations[name](from, 0, to, 0, [32, 32, 1], magnitude, by, 0);
        from = to;
      }
      const last = new Float32Array(image.length);
      cutout(16)(from, 0, last, 0, [32, 32, 1], by);
      expect([...out]).toEqual([...last]);
    }
  });

  it('refuses images that are neither grey nor coloured', () => {
    expect(() => augment(image, 0, out, 0, [16, 32, 2], random)).toThrow(
      'rand-augment: shape = [16,32,2]: expected 1 or 3 channels',
    );
  });
});
