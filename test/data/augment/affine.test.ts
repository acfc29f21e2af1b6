import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { affine, type ImageShape, shiftRotate } from '../../../src/data/augment/index.ts';
import { aboutMiddle, warp, warpNearest } from '../../../src/data/augment/warp.ts';

const ramp = (shape: ImageShape) =>
  Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, (_, i) => (i + 1) / 64);
const still = { xx: 1, xy: 0, x: 0, yx: 0, yy: 1, y: 0 };

describe('a warp', () => {
  it('leaves an image as it is under the identity, in every channel, at any place', () => {
    for (const shape of [
      [3, 4, 1],
      [4, 3, 3],
    ] as const) {
      const x = ramp(shape);
      const padded = new Float32Array(x.length + 5);
      padded.set(x, 5);
      const out = new Float32Array(x.length + 2).fill(9);
      for (const draw of [warp, warpNearest]) {
        draw(padded, 5, out, 1, shape, still, 0);
        expect([...out]).toEqual([9, ...x, 9]);
      }
    }
  });

  it('shifts by half a pixel as the mean of neighbours, and fades into what is outside', () => {
    const out = new Float32Array(4);
    const map = aboutMiddle({ ...still }, [1, 4, 1], 0.5, 0);
    warp(Float32Array.of(0.25, 0.75, 0.25, 1), 0, out, 0, [1, 4, 1], map, 0);
    expect([...out]).toEqual([0.125, 0.5, 0.5, 0.625]);
    warp(Float32Array.of(0.25, 0.75, 0.25, 1), 0, out, 0, [1, 4, 1], map, 1);
    expect([...out]).toEqual([0.625, 0.5, 0.5, 0.625]);
  });

  it('fills what lies a pixel and more outside', () => {
    const out = new Float32Array(9);
    warp(ramp([3, 3, 1]), 0, out, 0, [3, 3, 1], aboutMiddle({ ...still }, [3, 3, 1], 2, -1), 0.5);
    expect([...out]).toEqual([0.5, 0.5, 4 / 64, 0.5, 0.5, 7 / 64, 0.5, 0.5, 0.5]);
  });

  it('turns a quarter about the middle without loss', () => {
    const quarter = { xx: 0, xy: 1, x: 0, yx: -1, yy: 0, y: 0 };
    const out = new Float32Array(9);
    for (const draw of [warp, warpNearest]) {
      draw(ramp([3, 3, 1]), 0, out, 0, [3, 3, 1], aboutMiddle({ ...quarter }, [3, 3, 1], 0, 0), 0);
      expect([...out].map(v => v * 64)).toEqual([7, 4, 1, 8, 5, 2, 9, 6, 3]);
    }
  });
});

describe('the affine family', () => {
  const shape = [14, 14, 1] as const;
  const image = new Float32Array(196);
  Random.fromSeed(1).fillUniform(image);

  it('changes nothing at strength 0', () => {
    const out = new Float32Array(196);
    affine({ strength: 0 })(image, 0, out, 0, shape, Random.fromSeed(2));
    expect([...out]).toEqual([...image]);
  });

  it('refuses what is no map', () => {
    expect(() => affine({ rotation: Number.NaN })).toThrow(
      'affine: rotation = NaN: expected a finite number',
    );
    expect(() => affine({ strength: 5 })).toThrow(
      'affine: strength · scale = 1: expected less than 1 either way',
    );
  });

  it('gives the same picture for the same numbers, another for others, and stays in [0, 1]', () => {
    const draw = (seed: number) => {
      const out = new Float32Array(196);
      affine()(image, 0, out, 0, shape, Random.fromSeed(seed));
      return [...out];
    };
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
    for (const value of draw(5)) expect(value).toBeGreaterThanOrEqual(0);
    for (const value of draw(5)) expect(value).toBeLessThanOrEqual(1);
  });

  /** Where the middle of a wide blob lands, and its second moments, tell the map that was drawn. */
  function moments(pixels: Float32Array, side: number) {
    let [sum, x, y] = [0, 0, 0];
    pixels.forEach((v, i) => {
      sum += v;
      x += v * (i % side);
      y += v * Math.floor(i / side);
    });
    return { sum, x: x / sum, y: y / sum };
  }
  const blob = (side: number, column: number, row: number) =>
    Float32Array.from({ length: side * side }, (_, i) =>
      Math.exp(-(((i % side) - column) ** 2 + (Math.floor(i / side) - row) ** 2) / 8),
    );

  it('moves the middle by up to 1.5 of 14 pixels, and half as far at half strength', () => {
    for (const [strength, most] of [
      [1, 1.5],
      [0.5, 0.75],
    ]) {
      let furthest = 0;
      const only = affine({ rotation: 0, scale: 0, shear: 0, strength });
      const out = new Float32Array(196);
      const random = Random.fromSeed(6);
      for (let i = 0; i < 400; i++) {
        only(blob(14, 6.5, 6.5), 0, out, 0, shape, random);
        const { x, y } = moments(out, 14);
        furthest = Math.max(furthest, Math.abs(x - 6.5), Math.abs(y - 6.5));
      }
      expect(furthest).toBeGreaterThan(0.95 * most);
      expect(furthest).toBeLessThan(most + 0.02);
    }
  });

  it('scales the area by 0.64 to 1.44', () => {
    const out = new Float32Array(28 * 28);
    const from = blob(28, 13.5, 13.5);
    const before = moments(from, 28).sum;
    const random = Random.fromSeed(7);
    const areas = Array.from({ length: 400 }, () => {
      affine({ rotation: 0, shear: 0, shift: 0 })(from, 0, out, 0, [28, 28, 1], random);
      return moments(out, 28).sum / before;
    });
    expect(Math.min(...areas)).toBeGreaterThan(0.63);
    expect(Math.min(...areas)).toBeLessThan(0.67);
    expect(Math.max(...areas)).toBeGreaterThan(1.4);
    expect(Math.max(...areas)).toBeLessThan(1.45);
  });

  it('turns by up to 0.35 radians either way, about the middle', () => {
    const out = new Float32Array(28 * 28);
    const random = Random.fromSeed(8);
    const angles = Array.from({ length: 400 }, () => {
      affine({ scale: 0, shear: 0, shift: 0 })(blob(28, 19.5, 13.5), 0, out, 0, [28, 28, 1], random);
      const { x, y } = moments(out, 28);
      expect(Math.hypot(x - 13.5, y - 13.5)).toBeCloseTo(6, 1);
      return Math.atan2(y - 13.5, x - 13.5);
    });
    expect(Math.max(...angles)).toBeGreaterThan(0.33);
    expect(Math.max(...angles)).toBeLessThan(0.355);
    expect(Math.min(...angles)).toBeLessThan(-0.33);
    expect(Math.min(...angles)).toBeGreaterThan(-0.355);
  });

  it('shears rows by up to 0.3 columns a row', () => {
    const out = new Float32Array(28 * 28);
    const random = Random.fromSeed(9);
    const slants = Array.from({ length: 400 }, () => {
      affine({ rotation: 0, scale: 0, shift: 0 })(blob(28, 13.5, 18.5), 0, out, 0, [28, 28, 1], random);
      const { x, y } = moments(out, 28);
      expect(y).toBeCloseTo(18.5, 1);
      return (x - 13.5) / 5;
    });
    expect(Math.max(...slants)).toBeGreaterThan(0.28);
    expect(Math.max(...slants)).toBeLessThan(0.305);
    expect(Math.min(...slants)).toBeLessThan(-0.28);
  });

  it('keeps areas where it only shifts and rotates', () => {
    const out = new Float32Array(28 * 28);
    const from = blob(28, 13.5, 13.5);
    const random = Random.fromSeed(10);
    for (let i = 0; i < 50; i++) {
      expect(shiftRotate()(from, 0, out, 0, [28, 28, 1], random)).toBe('shift-rotate');
      expect(moments(out, 28).sum / moments(from, 28).sum).toBeCloseTo(1, 2);
    }
  });
});
