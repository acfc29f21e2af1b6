import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { type ImageShape, type OperationName, operations } from '../../../src/data/augment/index.ts';

const grey = Array.from({ length: 25 }, (_, i) => (37 * i + 11) % 256);

/** What an operation makes of a picture of levels, over many draws of its direction. */
function results(
  name: OperationName,
  magnitude: number,
  { levels = grey, shape = [5, 5, 1] as ImageShape, fill = 0, draws = 40 } = {},
): string[] {
  const x = Float32Array.from(levels, v => v / 255);
  const random = Random.fromSeed(3).split(name);
  const seen = new Set<string>();
  for (let i = 0; i < draws; i++) {
    const out = new Float32Array(x.length);
    operations[name](x, 0, out, 0, shape, magnitude, random, fill);
    seen.add([...out].map(v => Math.round(v * 255)).join(' '));
  }
  return [...seen].sort();
}
const both = (...pictures: readonly (readonly number[])[]) => pictures.map(p => p.join(' ')).sort();

describe('operations that move pixels, as Pillow 13.0.0 moves them', () => {
  it('Rotate 8: by 24 degrees either way', () => {
    expect(results('Rotate', 8)).toEqual(
      both(
        [
          0, 85, 122, 88, 0, 48, 233, 14, 51, 17, 196, 162, 199, 236, 202, 125, 91, 128, 165, 94, 0, 54, 20,
          57, 0,
        ],
        [
          0, 196, 48, 85, 0, 125, 233, 14, 51, 122, 54, 162, 199, 236, 88, 20, 91, 128, 165, 17, 0, 57, 94,
          202, 0,
        ],
      ),
    );
  });

  it('ShearX 9: by 0.27 pixels a row, from the upper edge', () => {
    expect(results('ShearX', 9)).toEqual(
      both(
        [
          11, 48, 85, 122, 159, 196, 233, 14, 51, 88, 162, 199, 236, 17, 0, 91, 128, 165, 202, 0, 20, 57, 94,
          131, 0,
        ],
        [
          11, 48, 85, 122, 159, 196, 233, 14, 51, 88, 0, 125, 162, 199, 236, 0, 54, 91, 128, 165, 0, 239, 20,
          57, 94,
        ],
      ),
    );
  });

  it('ShearY 9: by 0.27 pixels a column, from the left edge', () => {
    expect(results('ShearY', 9)).toEqual(
      both(
        [
          11, 48, 14, 51, 88, 196, 233, 199, 236, 17, 125, 162, 128, 165, 202, 54, 91, 57, 94, 131, 239, 20,
          0, 0, 0,
        ],
        [
          11, 48, 0, 0, 0, 196, 233, 85, 122, 159, 125, 162, 14, 51, 88, 54, 91, 199, 236, 17, 239, 20, 128,
          165, 202,
        ],
      ),
    );
  });

  it('TranslateX, TranslateY: by whole pixels, a third of the side at most', () => {
    const line = [10, 20, 30, 40, 50, 60, 70, 80];
    // 8 of 32 pixels: magnitude 8 is 8 pixels of 32, so 2 of 8; 7 is rounded down to 1.
    expect(results('TranslateX', 8, { levels: line, shape: [1, 8, 1] })).toEqual(
      both([0, 0, 10, 20, 30, 40, 50, 60], [30, 40, 50, 60, 70, 80, 0, 0]),
    );
    expect(results('TranslateY', 7, { levels: line, shape: [8, 1, 1], fill: 1 })).toEqual(
      both([255, 10, 20, 30, 40, 50, 60, 70], [20, 30, 40, 50, 60, 70, 80, 255]),
    );
  });
});

describe('what a magnitude means', () => {
  it('Cutout m: a hole of 2 m pixels of 32', () => {
    const levels = new Array(32 * 32).fill(255);
    for (const magnitude of [1, 5, 9]) {
      const holes = results('Cutout', magnitude, { levels, shape: [32, 32, 1], draws: 60 }).map(
        picture => picture.split(' ').filter(v => v === '0').length,
      );
      expect(Math.max(...holes)).toBe((2 * magnitude) ** 2);
    }
    expect(
      results('Cutout', 9, { levels: levels.slice(0, 196), shape: [14, 14, 1], draws: 60 })
        .map(picture => picture.split(' ').filter(v => v === '0').length)
        .reduce((a, b) => Math.max(a, b)),
    ).toBe(49);
  });

  it('Sharpness, Contrast, Color, Brightness: the image itself at 5', () => {
    for (const name of ['Sharpness', 'Contrast', 'Color', 'Brightness'] as const) {
      expect(results(name, 5)).toEqual(both(grey));
    }
    // 0.1 + 0.18 m
    expect(results('Brightness', 1, { levels: [0, 100, 200, 250], shape: [2, 2, 1] })).toEqual(
      both([0, 28, 56, 70]),
    );
    expect(results('Brightness', 9, { levels: [0, 10, 100, 200], shape: [2, 2, 1] })).toEqual(
      both([0, 17, 172, 255]),
    );
  });

  it('Posterize m: 4, 4, 3, 3, 2, 2, 2, 1, 1 bits', () => {
    const levels = Array.from({ length: 256 }, (_, i) => i);
    const bits = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(magnitude => {
      const [picture] = results('Posterize', magnitude, { levels, shape: [16, 16, 1], draws: 1 });
      return Math.log2(new Set(picture.split(' ')).size);
    });
    expect(bits).toEqual([4, 4, 3, 3, 2, 2, 2, 1, 1]);
  });

  it('Solarize m: from 256 − ⌊25.6 m⌋ on', () => {
    const levels = Array.from({ length: 256 }, (_, i) => i);
    const thresholds = [1, 2, 5, 9].map(magnitude => {
      const [picture] = results('Solarize', magnitude, { levels, shape: [16, 16, 1], draws: 1 });
      return picture.split(' ').findIndex((v, i) => Number(v) !== i);
    });
    expect(thresholds).toEqual([231, 205, 128, 26]);
  });

  it('Invert, AutoContrast, Equalize: the same at every magnitude', () => {
    for (const name of ['Invert', 'AutoContrast', 'Equalize'] as const) {
      expect(results(name, 1)).toEqual(results(name, 9));
      expect(results(name, 1)).toHaveLength(1);
    }
    expect(results('Invert', 3)).toEqual(both(grey.map(v => 255 - v)));
  });
});

it('every operation keeps each channel of a colour image in [0, 1], and writes all of it', () => {
  const random = Random.fromSeed(4);
  const x = new Float32Array(12 * 12 * 3);
  random.fillUniform(x);
  expect(Object.keys(operations)).toHaveLength(15);
  for (const operation of Object.values(operations)) {
    for (let magnitude = 1; magnitude < 10; magnitude++) {
      const out = new Float32Array(x.length).fill(Number.NaN);
      operation(x, 0, out, 0, [12, 12, 3], magnitude, random, 0.5);
      expect(out.every(v => v >= 0 && v <= 1)).toBe(true);
    }
  }
});
