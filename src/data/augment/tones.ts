import type { ImageShape } from './contract.ts';

/**
 * Changes of an image's tones, with the meaning that the Python Imaging Library (`ImageOps`, `ImageEnhance`) gives
 * them, on numbers in [0, 1] that stand for its levels 0 to 255. `x` and `out` must not overlap. Where that library
 * rounds each result to a level, these do not; where an operation is about levels, a number counts as the nearest one.
 */
export type Tone = (
  x: Float32Array,
  at: number,
  out: Float32Array,
  outAt: number,
  shape: ImageShape,
  amount: number,
) => void;

const clamp = (value: number): number => Math.min(1, Math.max(0, value));

/** The level from 0 to 255 that a number in [0, 1] stands for. */
const levelOf = (value: number): number => (255 * clamp(value) + 0.5) | 0;

const sizeOf = (shape: ImageShape): number => shape[0] * shape[1] * shape[2];

/** Light for dark. The amount means nothing. */
export const invert: Tone = (x, at, out, outAt, shape) => {
  for (let i = 0, count = sizeOf(shape); i < count; i++) out[outAt + i] = 1 - x[at + i];
};

/** Inverts the levels from `amount` (0 to 256) on; 256 changes nothing. */
export const solarize: Tone = (x, at, out, outAt, shape, amount) => {
  for (let i = 0, count = sizeOf(shape); i < count; i++) {
    const value = x[at + i];
    out[outAt + i] = levelOf(value) < amount ? value : 1 - value;
  }
};

/** Keeps the first `amount` (1 to 8) of a level's eight bits, so 2^amount levels; with 8 it only rounds to levels. */
export const posterize: Tone = (x, at, out, outAt, shape, amount) => {
  const kept = 256 - 2 ** (8 - amount);
  for (let i = 0, count = sizeOf(shape); i < count; i++) out[outAt + i] = (levelOf(x[at + i]) & kept) / 255;
};

/** From black (0) over the image itself (1) to lighter ones. */
export const brightness: Tone = (x, at, out, outAt, shape, amount) => {
  for (let i = 0, count = sizeOf(shape); i < count; i++) out[outAt + i] = clamp(amount * x[at + i]);
};

/** From an even grey of the image's mean (0) over the image itself (1) to harder ones. */
export const contrast: Tone = (x, at, out, outAt, shape, amount) => {
  const pixels = shape[0] * shape[1];
  let sum = 0;
  for (let i = 0; i < pixels; i++) sum += greyAt(x, at + i * shape[2], shape[2]);
  const mean = sum / pixels;
  for (let i = 0, count = sizeOf(shape); i < count; i++) {
    out[outAt + i] = clamp(mean + amount * (x[at + i] - mean));
  }
};

/** From grey (0) over the image itself (1) to more colourful ones; grey images stay as they are. */
export const color: Tone = (x, at, out, outAt, shape, amount) => {
  const channels = shape[2];
  for (let i = 0, count = sizeOf(shape); i < count; i += channels) {
    const grey = greyAt(x, at + i, channels);
    for (let channel = i; channel < i + channels; channel++) {
      out[outAt + channel] =
        channels === 1 ? x[at + channel] : clamp(grey + amount * (x[at + channel] - grey));
    }
  }
};

/** Luminance of a pixel, by the weights of ITU-R BT.601. */
const greyAt = (x: Float32Array, at: number, channels: number): number =>
  channels === 1 ? x[at] : 0.299 * x[at] + 0.587 * x[at + 1] + 0.114 * x[at + 2];

/** Stretches each channel so that it goes from 0 to 1; an even one stays. The amount means nothing. */
export const autoContrast: Tone = (x, at, out, outAt, shape) => {
  const count = sizeOf(shape);
  const channels = shape[2];
  for (let channel = 0; channel < channels; channel++) {
    let low = 1;
    let high = 0;
    for (let i = at + channel; i < at + count; i += channels) {
      if (x[i] < low) low = x[i];
      if (x[i] > high) high = x[i];
    }
    const even = high <= low;
    const from = even ? 0 : low;
    const width = even ? 1 : high - low;
    for (let i = channel; i < count; i += channels) out[outAt + i] = (x[at + i] - from) / width;
  }
};

const counts = new Uint32Array(256);
const equal = new Float32Array(256);

/**
 * Gives each channel an even histogram: a level becomes the share of the pixels below it, among those below the
 * highest. That library rounds pixels per level down to a whole number, and so leaves images of fewer than 256 pixels
 * as they are; this does not. A channel of one level stays. The amount means nothing.
 */
export const equalize: Tone = (x, at, out, outAt, shape) => {
  const count = sizeOf(shape);
  const channels = shape[2];
  for (let channel = 0; channel < channels; channel++) {
    counts.fill(0);
    for (let i = at + channel; i < at + count; i += channels) counts[levelOf(x[i])]++;
    let highest = 255;
    while (highest > 0 && counts[highest] === 0) highest--;
    const others = shape[0] * shape[1] - counts[highest];
    for (let level = 0, below = 0; level <= highest; level++) {
      equal[level] = below / others;
      below += counts[level];
    }
    for (let i = channel; i < count; i += channels) {
      const value = x[at + i];
      out[outAt + i] = others === 0 ? value : equal[levelOf(value)];
    }
  }
};

/**
 * From a smoothed image (0) over the image itself (1) to sharper ones. Smoothed: the mean of a pixel and its eight
 * neighbours where the pixel counts five times; the outermost pixels stay.
 */
export const sharpness: Tone = (x, at, out, outAt, shape, amount) => {
  const [rows, columns, channels] = shape;
  const width = columns * channels;
  const count = rows * width;
  for (let i = 0; i < count; i++) out[outAt + i] = x[at + i];
  for (let row = 1; row < rows - 1; row++) {
    for (let i = row * width + channels; i < (row + 1) * width - channels; i++) {
      const here = at + i;
      const value = x[here];
      let sum = 4 * value;
      for (let line = here - width; line <= here + width; line += width) {
        sum += x[line - channels] + x[line] + x[line + channels];
      }
      const smooth = sum / 13;
      out[outAt + i] = clamp(smooth + amount * (value - smooth));
    }
  }
};
