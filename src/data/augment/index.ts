export { type AffineOptions, affine, shiftRotate } from './affine.ts';
export {
  augmentLabelled,
  type BatchAugmentation,
  images,
  pairOf,
  type SampleAugment,
} from './batches.ts';
export { chain, identity } from './chain.ts';
export type { Augment, ImageShape, UnlabelledPair } from './contract.ts';
export { cutout } from './cutout.ts';
export { flip, padCrop } from './flip-crop.ts';
export { type Operation, type OperationName, operations } from './operations.ts';
export { augmentOf, type Policy, type PolicyOptions, policies } from './policies.ts';
export { randAugment } from './rand-augment.ts';
export { type Texts, texts, unchanged } from './texts.ts';
