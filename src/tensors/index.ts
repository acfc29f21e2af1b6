export type { Tensor } from '@tensorflow/tfjs-core';
export * from './compile.ts';
export * from './compile-in-two.ts';
export * from './contract.ts';
export {
  initTensors,
  startExecutor,
  type ThreadExecutor,
} from './executors/choose.ts';
export * from './executors/contract.ts';
export { describeExecutors, type ExecutorDescription } from './executors/describe.ts';
export * from './executors/names.ts';
export { type TensorsHeld, tensorsHeld } from './held.ts';
export { hostScalar, hostTensor, hostZeros } from './host.ts';
export { type Activation, activate } from './layers/activations.ts';
export {
  type AttentionBias,
  additiveMask,
  attend,
  causalMask,
  type SelfAttention,
  selfAttention,
  selfAttentionInit,
} from './layers/attention.ts';
export * from './layers/batch-norm.ts';
export {
  type Convolution,
  type ConvolutionOptions,
  conv2d,
  conv2dInit,
  conv2dTranspose,
  conv2dTransposeInit,
  depthwiseConv2d,
  depthwiseConv2dInit,
  type Size2d,
} from './layers/convolution.ts';
export * from './layers/dense.ts';
export * from './layers/dropout.ts';
export * from './layers/embedding.ts';
export * from './layers/gru.ts';
export type { Initializer } from './layers/initializers.ts';
export * from './layers/losses.ts';
export { type Affine, affineInit, groupNorm, layerNorm, rmsNorm } from './layers/normalization.ts';
export { stopGradient } from './layers/own-gradient.ts';
export * from './layers/pooling.ts';
export {
  nextMemory,
  type RelativeAttention,
  type RelativeAttentionOptions,
  type RelativeScores,
  relativeAttention,
  relativeAttentionInit,
  relativeShift,
  sinusoids,
} from './layers/relative-attention.ts';
export * from './layers/resize.ts';
export * from './layers/spectral-norm.ts';
export * from './layers/transformer.ts';
export * from './layout.ts';
export * as tf from './ops.ts';
export * from './optimizers/adam.ts';
export * from './optimizers/clip.ts';
export * from './optimizers/ema.ts';
export * from './optimizers/leaf-vector.ts';
export * from './optimizers/rmsprop.ts';
export * from './optimizers/schedules.ts';
export * from './optimizers/sgd.ts';
export * from './output-shapes.ts';
export * from './row-blocks.ts';
export { leavesOf, mapTree, treeLike, visitTree } from './trees.ts';
export * from './value-and-grad.ts';
export { fromVector, toVector } from './vectors.ts';
