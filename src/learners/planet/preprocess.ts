import type { Random } from '../../core/random.ts';
import { type Tensor, tf } from '../../tensors/index.ts';

/** Levels that five bits hold. */
const LEVELS = 32;
/** Bytes that share a level. */
const STEP = 256 / LEVELS;

/**
 * Bytes of images to numbers around 0: ⌊o / 8⌋ / 32 + u / 32 − 1/2, in [−1/2, 1/2). Five bits are kept, and noise fills the
 * steps between them (Hafner et al. 2019, appendix A, after Kingma & Dhariwal 2018).
 * @param bytes 0 … 255, any shape
 * @param noise uniform in [0, 1), of the same shape; left out: none, the lower end of each step
 * @param scale what is taken off these numbers, default 0, and what they are divided by then, default 1
 */
export function preprocessPixels(
  bytes: Tensor,
  noise?: Tensor,
  { center = 0, unit = 1 }: { readonly center?: number; readonly unit?: number } = {},
): Tensor {
  const levels = tf.floor(tf.div(bytes, STEP));
  // All in one multiplication and one addition: there are hundreds of thousands of pixels in a batch.
  const spread = tf.mul(noise ? tf.add(levels, noise) : levels, 1 / (LEVELS * unit));
  return tf.sub(spread, (0.5 + center) / unit);
}

/**
 * The image that preprocessed numbers stand for: the middle byte of the level that each lies in. For pictures.
 * @param values around [−1/2, 1/2); others count as the nearest level
 */
export function pixelBytes(values: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(values.length);
  for (let i = 0; i < bytes.length; i++) {
    const level = Math.min(LEVELS - 1, Math.max(0, Math.floor((values[i] + 0.5) * LEVELS)));
    bytes[i] = level * STEP + STEP / 2;
  }
  return bytes;
}

/** Room for random bits, written before it is read. */
let room = new Uint32Array(0);

/**
 * Noise for `preprocessPixels`: uniform over the middles of 256 parts of [0, 1). A draw of 32 bits serves four numbers, its lowest
 * byte the first: a batch takes hundreds of thousands, and pictures have 32 levels.
 */
export function fillDither(random: Random, out: Float32Array): void {
  const draws = Math.ceil(out.length / 4);
  if (room.length < draws) room = new Uint32Array(draws);
  random.fillUint32(room, draws);
  let i = 0;
  for (let draw = 0; draw < draws; draw++) {
    const bits = room[draw];
    // What is written beyond the end is dropped.
    out[i++] = middleOf(bits & 255);
    out[i++] = middleOf((bits >>> 8) & 255);
    out[i++] = middleOf((bits >>> 16) & 255);
    out[i++] = middleOf(bits >>> 24);
  }
}

/** The middle of one of 256 parts of [0, 1). */
const middleOf = (part: number): number => (part + 0.5) / 256;
