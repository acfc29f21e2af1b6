import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import type { ImageShape } from '../../../src/data/augment/index.ts';
import {
  autoContrast,
  brightness,
  color,
  contrast,
  equalize,
  invert,
  posterize,
  sharpness,
  solarize,
  type Tone,
} from '../../../src/data/augment/tones.ts';

/** What Pillow 13.0.0 makes of two pictures: 5 × 5 grey levels 37 i + 11, and 4 × 4 colours 53 i + 7, modulo 256. */
const grey = Array.from({ length: 25 }, (_, i) => (37 * i + 11) % 256);
const colours = Array.from({ length: 48 }, (_, i) => (53 * i + 7) % 256);

function apply(tone: Tone, levels: readonly number[], shape: ImageShape, amount = 0): number[] {
  const x = Float32Array.from([9, ...levels], v => v / 255);
  const out = new Float32Array(levels.length + 2);
  tone(x, 1, out, 2, shape, amount);
  expect([...out.subarray(0, 2)]).toEqual([0, 0]);
  return [...out.subarray(2)].map(v => v * 255);
}
const onGrey = (tone: Tone, amount = 0) => apply(tone, grey, [5, 5, 1], amount);
const onColours = (tone: Tone, amount = 0) => apply(tone, colours, [4, 4, 3], amount);

/** Pillow cuts off or rounds to whole levels, up to twice. */
function near(got: readonly number[], pillow: readonly number[], within = 1) {
  expect(got).toHaveLength(pillow.length);
  got.forEach((v, i) => {
    expect(Math.abs(v - pillow[i]), `${i}: ${v} for ${pillow[i]}`).toBeLessThan(within);
  });
}
const exactly = (got: readonly number[], pillow: readonly number[]) => near(got, pillow, 1e-4);

describe('tones as Pillow has them', () => {
  it('invert', () => {
    exactly(
      onGrey(invert),
      [
        244, 207, 170, 133, 96, 59, 22, 241, 204, 167, 130, 93, 56, 19, 238, 201, 164, 127, 90, 53, 16, 235,
        198, 161, 124,
      ],
    );
  });

  it('solarize, from its threshold on', () => {
    exactly(
      onGrey(solarize, 103),
      [
        11, 48, 85, 133, 96, 59, 22, 14, 51, 88, 130, 93, 56, 19, 17, 54, 91, 127, 90, 53, 16, 20, 57, 94,
        124,
      ],
    );
    exactly(apply(solarize, [102, 103, 104], [1, 3, 1], 103), [102, 152, 151]);
    exactly(onGrey(solarize, 256), grey);
  });

  it('posterize, to as many levels as the bits allow', () => {
    exactly(
      onGrey(posterize, 2),
      [0, 0, 64, 64, 128, 192, 192, 0, 0, 64, 64, 128, 192, 192, 0, 0, 64, 128, 128, 192, 192, 0, 0, 64, 128],
    );
    exactly(onGrey(posterize, 8), grey);
    for (const bits of [1, 2, 3, 4]) {
      const all = apply(
        posterize,
        Array.from({ length: 256 }, (_, i) => i),
        [16, 16, 1],
        bits,
      );
      expect(new Set(all).size).toBe(2 ** bits);
    }
  });

  it('brightness', () => {
    near(
      onGrey(brightness, 1.54),
      [
        16, 73, 130, 187, 244, 255, 255, 21, 78, 135, 192, 249, 255, 255, 26, 83, 140, 197, 254, 255, 255, 30,
        87, 144, 201,
      ],
    );
    exactly(onColours(brightness, 1), colours);
    exactly(onGrey(brightness, 0), new Array(25).fill(0));
  });

  it('contrast, about the mean of the luminance', () => {
    near(
      onGrey(contrast, 0.28),
      [
        87, 97, 108, 118, 128, 139, 149, 88, 98, 108, 119, 129, 139, 150, 89, 99, 109, 120, 130, 140, 151, 89,
        100, 110, 120,
      ],
      1.5,
    );
    near(
      onColours(contrast, 1.72),
      [
        0, 9, 100, 191, 255, 0, 25, 116, 207, 255, 0, 40, 131, 222, 255, 0, 56, 147, 238, 255, 0, 71, 162,
        253, 255, 0, 87, 178, 255, 0, 11, 102, 193, 255, 0, 26, 117, 209, 255, 0, 42, 133, 224, 255, 0, 57,
        148, 240,
      ],
      1.5,
    );
    exactly(onColours(contrast, 1), colours);
  });

  it('colour, and none on grey', () => {
    near(
      onColours(color, 0.28),
      [
        37, 52, 67, 176, 190, 134, 99, 114, 129, 130, 73, 88, 161, 176, 191, 64, 79, 94, 203, 217, 161, 126,
        141, 156, 157, 100, 115, 168, 182, 126, 91, 106, 121, 122, 65, 80, 153, 168, 183, 56, 71, 86, 195,
        209, 153, 118, 133, 148,
      ],
      1.5,
    );
    near(
      onColours(color, 1.72),
      [
        0, 67, 158, 155, 247, 0, 38, 129, 220, 255, 0, 67, 100, 191, 255, 3, 94, 185, 182, 255, 0, 65, 156,
        247, 255, 3, 94, 147, 239, 0, 30, 121, 212, 255, 0, 59, 92, 183, 255, 0, 86, 177, 174, 255, 0, 57,
        148, 239,
      ],
      1.5,
    );
    exactly(onColours(color, 1), colours);
    exactly(onGrey(color, 0.28), grey);
  });

  it('sharpness, the outermost pixels as they were', () => {
    near(
      onGrey(sharpness, 0.28),
      [
        11, 48, 85, 122, 159, 196, 176, 70, 79, 88, 125, 147, 170, 179, 17, 54, 105, 128, 150, 202, 239, 20,
        57, 94, 131,
      ],
      1.5,
    );
    near(
      onColours(sharpness, 1.72),
      [
        7, 60, 113, 166, 219, 16, 69, 122, 175, 228, 25, 78, 131, 184, 237, 0, 58, 154, 221, 255, 14, 96, 149,
        202, 255, 52, 105, 172, 239, 0, 32, 99, 195, 220, 17, 70, 123, 176, 229, 26, 79, 132, 185, 238, 35,
        88, 141, 194,
      ],
      1.5,
    );
    exactly(onColours(sharpness, 1), colours);
  });

  it('autoContrast, each channel for itself', () => {
    near(
      onGrey(autoContrast),
      [
        0, 41, 82, 124, 165, 206, 248, 3, 44, 86, 127, 168, 210, 251, 6, 48, 89, 130, 172, 213, 255, 10, 51,
        92, 134,
      ],
    );
    near(
      onColours(autoContrast),
      [
        0, 47, 116, 163, 224, 8, 63, 116, 185, 227, 8, 77, 127, 185, 255, 27, 77, 146, 191, 255, 38, 91, 146,
        216, 255, 38, 108, 155, 216, 0, 55, 108, 177, 219, 0, 69, 119, 177, 246, 19, 69, 138, 183, 246, 30,
        83, 138, 207,
      ],
    );
    exactly(apply(autoContrast, [40, 40, 40, 40], [2, 2, 1]), [40, 40, 40, 40]);
  });

  it('equalize', () => {
    // 256 pixels, one at the highest level: there Pillow's whole number of pixels a level is exact.
    const squares = Array.from({ length: 256 }, (_, i) => (i * i) >> 8);
    const got = apply(equalize, squares, [16, 16, 1]);
    const every17th = got.filter((_, i) => i % 17 === 0);
    exactly(every17th, [0, 16, 32, 51, 68, 85, 102, 119, 136, 153, 170, 187, 204, 221, 238, 255]);
    exactly(apply(equalize, [40, 40, 40, 40], [2, 2, 1]), [40, 40, 40, 40]);
    exactly(apply(equalize, [7, 9, 7, 9], [2, 2, 1]), [0, 255, 0, 255]);
  });

  it('equalize makes any histogram even, channel by channel', () => {
    const random = Random.fromSeed(1);
    const x = new Float32Array(64 * 64 * 3).map((_, i) => random.uniform() ** (1 + (i % 3)));
    const out = new Float32Array(x.length);
    equalize(x, 0, out, 0, [64, 64, 3], 0);
    for (let channel = 0; channel < 3; channel++) {
      const counts = new Float64Array(8);
      for (let i = channel; i < out.length; i += 3) counts[Math.min(7, Math.floor(out[i] * 8))]++;
      // 4,096 pixels; one level may hold some hundred of the cubes.
      for (const count of counts) expect(Math.abs(count - 512)).toBeLessThan(channel === 2 ? 420 : 180);
    }
  });

  it('keep every image in [0, 1], whatever the amount', () => {
    const random = Random.fromSeed(2);
    const x = new Float32Array(7 * 5 * 3);
    random.fillUniform(x);
    const out = new Float32Array(x.length);
    for (const tone of [invert, brightness, contrast, color, sharpness, autoContrast, equalize]) {
      for (const amount of [0, 0.1, 1, 1.9]) {
        tone(x, 0, out, 0, [7, 5, 3], amount);
        expect(out.every(v => v >= 0 && v <= 1)).toBe(true);
      }
    }
  });
});
