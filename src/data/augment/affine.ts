import { usageError } from '../../core/errors.ts';
import type { Augment } from './contract.ts';
import { aboutMiddle, type Mapping, warp } from './warp.ts';

/** How far a random affine map may go each way, at strength 1. */
export interface AffineOptions {
  /** Radians. Default 0.35. */
  readonly rotation?: number;
  /** Share of the size. Default 0.2: 0.8 to 1.2 times as large. */
  readonly scale?: number;
  /** Columns by which a row is moved for each row of distance from the middle. Default 0.3. */
  readonly shear?: number;
  /** Share of the image's side. Default 1.5/14: 1.5 pixels of 14. */
  readonly shift?: number;
  /** What all four are multiplied by. Default 1; 0 changes nothing. */
  readonly strength?: number;
  /** What stands outside the image. Default 0. */
  readonly fill?: number;
}

/**
 * A random affine map about the image's middle: sheared, rotated, scaled (alike in both directions), then shifted;
 * every figure drawn evenly. Five numbers are drawn for an image, whatever the options. Pixels may have any values.
 * @throws a usage error where a figure is not finite, or images could shrink to nothing
 */
export function affine(options: AffineOptions = {}): Augment {
  const { rotation = 0.35, scale = 0.2, shear = 0.3, shift = 1.5 / 14, strength = 1, fill = 0 } = options;
  for (const [name, value] of Object.entries({ rotation, scale, shear, shift, strength, fill })) {
    if (!Number.isFinite(value)) throw usageError(`affine: ${name} = ${value}: expected a finite number`);
  }
  if (Math.abs(strength * scale) >= 1) {
    throw usageError(`affine: strength · scale = ${strength * scale}: expected less than 1 either way`);
  }
  const map: Mapping = { xx: 1, xy: 0, x: 0, yx: 0, yy: 1, y: 0 };
  return (x, at, out, outAt, shape, random) => {
    const angle = strength * rotation * random.uniform(-1, 1);
    const size = 1 + strength * scale * random.uniform(-1, 1);
    const slant = strength * shear * random.uniform(-1, 1);
    const right = strength * shift * shape[1] * random.uniform(-1, 1);
    const down = strength * shift * shape[0] * random.uniform(-1, 1);
    const cos = Math.cos(angle) / size;
    const sin = Math.sin(angle) / size;
    // The inverse of scale · rotation · shear.
    map.xx = cos + slant * sin;
    map.xy = sin - slant * cos;
    map.yx = -sin;
    map.yy = cos;
    warp(x, at, out, outAt, shape, aboutMiddle(map, shape, right, down), fill);
    return 'affine';
  };
}

/** Rotations and shifts only: the augmentation arm of Deep Bootstrap. */
export const shiftRotate = (options: Pick<AffineOptions, 'strength' | 'fill'> = {}): Augment => {
  const turned = affine({ ...options, rotation: 0.35, scale: 0, shear: 0 });
  return (...image) => {
    turned(...image);
    return 'shift-rotate';
  };
};
