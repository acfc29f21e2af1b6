export type { Tensor } from '@tensorflow/tfjs-core';
export * from './compile.ts';
export * from './contract.ts';
export {
  initTensors,
  startExecutor,
  type ThreadExecutor,
} from './executors/choose.ts';
export * from './executors/contract.ts';
export { describeExecutors, type ExecutorDescription } from './executors/describe.ts';
export * from './executors/names.ts';
export { hostScalar, hostTensor, hostZeros } from './host.ts';
export type { Activation } from './layers/activations.ts';
export * from './layers/dense.ts';
export type { Initializer } from './layers/initializers.ts';
export * from './layout.ts';
export * as tf from './ops.ts';
export * from './optimizers/optimizers.ts';
export * from './optimizers/schedules.ts';
export * from './row-blocks.ts';
export { leavesOf, mapTree, treeLike, visitTree } from './trees.ts';
export * from './value-and-grad.ts';
export { fromVector, toVector } from './vectors.ts';
