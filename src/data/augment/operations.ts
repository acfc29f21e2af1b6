import type { Random } from '../../core/random.ts';
import type { ImageShape } from './contract.ts';
import { coverSquare } from './cutout.ts';
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
} from './tones.ts';
import { aboutMiddle, type Mapping, warpNearest } from './warp.ts';

/**
 * One of RandAugment's operations at a magnitude of 0 to 10. `x` and `out` must not overlap; `fill` stands where the
 * image has nothing.
 */
export type Operation = (
  x: Float32Array,
  at: number,
  out: Float32Array,
  outAt: number,
  shape: ImageShape,
  magnitude: number,
  random: Random,
  fill: number,
) => void;

/** A tone whose amount follows from the magnitude. */
const toned =
  (tone: Tone, amountOf: (magnitude: number) => number): Operation =>
  (x, at, out, outAt, shape, magnitude) =>
    tone(x, at, out, outAt, shape, amountOf(magnitude));

/** 0.1 to 1.9; an image is left as it is at 5. */
const factor = (magnitude: number): number => 0.1 + 0.18 * magnitude;
const nothing = (): number => 0;

const map: Mapping = { xx: 1, xy: 0, x: 0, yx: 0, yy: 1, y: 0 };

/** A map whose amount follows from magnitude and image and whose direction is drawn; the nearest pixel is taken. */
const mapped =
  (
    set: (amount: number, shape: ImageShape) => void,
    amountOf: (magnitude: number, shape: ImageShape) => number,
  ): Operation =>
  (x, at, out, outAt, shape, magnitude, random, fill) => {
    const amount = amountOf(magnitude, shape);
    map.xx = 1;
    map.xy = 0;
    map.x = 0;
    map.yx = 0;
    map.yy = 1;
    map.y = 0;
    set(random.uint32() < 2 ** 31 ? amount : -amount, shape);
    warpNearest(x, at, out, outAt, shape, map, fill);
  };

/** Up to 30 degrees, in whole ones. */
const turned = mapped(
  (angle, shape) => {
    map.xx = Math.cos(angle);
    map.xy = Math.sin(angle);
    map.yx = -map.xy;
    map.yy = map.xx;
    aboutMiddle(map, shape, 0, 0);
  },
  magnitude => (Math.trunc(magnitude * 3) * Math.PI) / 180,
);

/** Up to 0.3 pixels a row, from the image's upper edge on. */
const shear = (magnitude: number): number => 0.03 * magnitude;

/** So many pixels of 32, of an image of another size in proportion; in whole ones. */
const pixels = (magnitude: number, most: number, side: number): number =>
  Math.trunc((magnitude * most * side) / 320);

/** A square of up to 20 pixels of 32; its middle is drawn evenly, what reaches over the edge is lost. */
const hole: Operation = (x, at, out, outAt, shape, magnitude, random, fill) => {
  const [rows, columns, channels] = shape;
  const size = pixels(magnitude, 20, rows);
  for (let i = 0, count = rows * columns * channels; i < count; i++) out[outAt + i] = x[at + i];
  const half = size >> 1;
  const top = random.integer(rows) - half;
  coverSquare(out, outAt, shape, top, random.integer(columns) - half, size, fill);
};

/**
 * The fifteen operations that UDA draws from, and what a magnitude m means, as in its published source
 * (google-research/uda, image/randaugment), which has them from AutoAugment. Lengths there are pixels of a 32-pixel
 * image; here they grow and shrink with the image.
 *
 * | operation | at magnitude m |
 * | --- | --- |
 * | Invert, AutoContrast, Equalize | the same at every m |
 * | Cutout | hole of ⌊2m⌋ pixels of 32 |
 * | Sharpness, Contrast, Color, Brightness | factor 0.1 + 0.18 m; 1 leaves the image |
 * | Posterize | 4 − ⌊0.4 m⌋ bits |
 * | Solarize | inverts levels from 256 − ⌊25.6 m⌋ on |
 * | ShearX, ShearY | ± 0.03 m, from the upper or left edge |
 * | TranslateX, TranslateY | ± ⌊m⌋ pixels of 32 |
 * | Rotate | ± ⌊3m⌋ degrees |
 */
export const operations = {
  Invert: toned(invert, nothing),
  Cutout: hole,
  Sharpness: toned(sharpness, factor),
  AutoContrast: toned(autoContrast, nothing),
  Posterize: toned(posterize, magnitude => 4 - Math.trunc((magnitude * 4) / 10)),
  ShearX: mapped(amount => {
    map.xy = amount;
    map.x = amount / 2;
  }, shear),
  TranslateX: mapped(
    amount => {
      map.x = amount;
    },
    (magnitude, shape) => pixels(magnitude, 10, shape[1]),
  ),
  TranslateY: mapped(
    amount => {
      map.y = amount;
    },
    (magnitude, shape) => pixels(magnitude, 10, shape[0]),
  ),
  ShearY: mapped(amount => {
    map.yx = amount;
    map.y = amount / 2;
  }, shear),
  Rotate: turned,
  Equalize: toned(equalize, nothing),
  Contrast: toned(contrast, factor),
  Color: toned(color, factor),
  Solarize: toned(solarize, magnitude => 256 - Math.trunc((magnitude * 256) / 10)),
  Brightness: toned(brightness, factor),
} as const satisfies Record<string, Operation>;

/** The name of one of the fifteen, written as RandAugment writes it. */
export type OperationName = keyof typeof operations;
