import { affine, shiftRotate } from './affine.ts';
import { chain, identity } from './chain.ts';
import type { Augment } from './contract.ts';
import { cutout } from './cutout.ts';
import { flip, padCrop } from './flip-crop.ts';
import { randAugment } from './rand-augment.ts';

/** The augmentations by name. What is a share of the image's side is rounded to whole pixels where it must be. */
export const policies = [
  'affine-cutout',
  'rand-augment',
  'affine',
  'shift-rotate',
  'flip-crop',
  'identity',
] as const;

/** One of `policies`. */
export type Policy = (typeof policies)[number];

/** How strong a policy is, and what stands where the image has nothing. */
export interface PolicyOptions {
  /** Multiplies how far affine maps go; 0 leaves the holes and the crops. Default 1. */
  readonly strength?: number;
  /** Default 0. */
  readonly fill?: number;
}

/**
 * - `affine-cutout`: the affine family, then a hole of 4/14 of the side (4 pixels of 14).
 * - `rand-augment`: UDA's two operations of fifteen, then a hole of half the side; it has one strength.
 * - `affine`: the affine family alone, for the labelled side (at half strength).
 * - `shift-rotate`: rotations and shifts alone.
 * - `flip-crop`: mirrored every other time, then padded by an eighth of the side (4 pixels of 32) and cropped.
 * - `identity`: the image itself, a control.
 */
export function augmentOf(policy: Policy, { strength = 1, fill = 0 }: PolicyOptions = {}): Augment {
  switch (policy) {
    case 'affine-cutout':
      return chain(
        affine({ strength, fill }),
        cutout(([rows]) => Math.round((rows * 4) / 14), fill),
      );
    case 'rand-augment':
      return randAugment(fill);
    case 'affine':
      return affine({ strength, fill });
    case 'shift-rotate':
      return shiftRotate({ strength, fill });
    case 'flip-crop':
      return chain(
        flip,
        padCrop(([rows]) => Math.round(rows / 8)),
      );
    case 'identity':
      return identity;
  }
}
