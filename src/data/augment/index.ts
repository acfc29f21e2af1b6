export { type AffineOptions, affine, shiftRotate } from './affine.ts';
export { chain, identity } from './chain.ts';
export type { Augment, ImageShape, UnlabelledPair } from './contract.ts';
export { cutout } from './cutout.ts';
export { flip, padCrop } from './flip-crop.ts';
