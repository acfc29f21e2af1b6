export type { Tensor } from '@tensorflow/tfjs';
export * from './backend.ts';
export * from './compile.ts';
export * from './contract.ts';
export { hostScalar, hostTensor, hostZeros } from './host.ts';
export * as tf from './ops.ts';
export { leavesOf, mapTree, treeLike, visitTree } from './trees.ts';
