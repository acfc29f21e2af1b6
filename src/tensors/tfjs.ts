import { createRequire } from 'node:module';
import type * as Tfjs from '@tensorflow/tfjs-core';

/*
 * TensorFlow.js, loaded as the CommonJS that it is: for an `import` Node would first read its megabyte of text for the
 * names of its exports, which takes 130 ms in every thread. So the names stand here; a test holds them against the package.
 */
const require = createRequire(import.meta.url);
const core = require('@tensorflow/tfjs-core') as typeof Tfjs;
// Registers the backend that everything can fall back to.
require('@tensorflow/tfjs-backend-cpu');

export type * from '@tensorflow/tfjs-core';
export const { KernelBackend, Tensor, Variable } = core;
export type Tensor<R extends Tfjs.Rank = Tfjs.Rank> = Tfjs.Tensor<R>;
export type KernelBackend = Tfjs.KernelBackend;
export type Variable<R extends Tfjs.Rank = Tfjs.Rank> = Tfjs.Variable<R>;
// biome-ignore format: one name a line would be a page of names
export const {
  abs, acos, acosh, add, addN, all, any, argMax, argMin, asin, asinh, atan, atan2, atanh, avgPool, avgPool3d,
  backend, backend_util, basicLSTMCell, batchNorm, batchNorm2d, batchNorm3d, batchNorm4d, batchToSpaceND, bincount,
  bitwiseAnd, booleanMaskAsync, broadcastArgs, broadcastTo, broadcast_util, browser, buffer, cast, ceil,
  clipByValue, clone, complex, concat, concat1d, concat2d, concat3d, concat4d, conv1d, conv2d, conv2dTranspose,
  conv3d, conv3dTranspose, copyRegisteredKernels, cos, cosh, cosineWindow, cumprod, cumsum, customGrad,
  denseBincount, deprecationWarn, depthToSpace, depthwiseConv2d, device_util, diag, dilation2d,
  disableDeprecationWarnings, dispose, disposeVariables, div, divNoNan, dot, dropout, einsum, elu, enableDebugMode,
  enableProdMode, enclosingPowerOfTwo, engine, ensureShape, env, equal, erf, euclideanNorm, exp, expandDims, expm1,
  eye, fft, fill, findBackend, findBackendFactory, floor, floorDiv, fused, gather, gatherND, gather_util,
  getBackend, getGradient, getKernel, getKernelsForBackend, grad, grads, greater, greaterEqual, ifft, imag, image,
  inTopKAsync, io, irfft, isInf, keep, kernel_impls, leakyRelu, less, lessEqual, linalg, linspace,
  localResponseNormalization, log, log1p, logSigmoid, logSoftmax, logSumExp, logicalAnd, logicalNot, logicalOr,
  logicalXor, losses, lowerBound, matMul, math, max, maxPool, maxPool3d, maxPoolWithArgmax, maximum, mean, memory,
  meshgrid, min, minimum, mirrorPad, mod, moments, movingAverage, mul, multiRNNCell, multinomial, neg, nextFrame,
  norm, notEqual, oneHot, ones, onesLike, op, outerProduct, pad, pad1d, pad2d, pad3d, pad4d, pool, pow, prelu,
  print, prod, profile, raggedRange, raggedTensorToTensor, rand, randomGamma, randomNormal,
  randomStandardNormal, randomUniform, randomUniformInt, range, ready, real, reciprocal, registerBackend,
  registerGradient, registerKernel, relu, relu6, removeBackend, reshape, reverse, reverse1d, reverse2d, reverse3d,
  reverse4d, rfft, round, rsqrt, scalar, scatterND, scatter_util, searchSorted, selu, separableConv2d,
  serialization, setBackend, setPlatform, setdiff1dAsync, sigmoid, sign, signal, sin, sinh, slice, slice1d,
  slice2d, slice3d, slice4d, slice_util, softmax, softplus, spaceToBatchND, sparse, sparseToDense, spectral, split,
  sqrt, square, squaredDifference, squeeze, stack, step, stridedSlice, string, sub, sum, sumOutType, tan, tanh,
  tensor, tensor1d, tensor2d, tensor3d, tensor4d, tensor5d, tensor6d, tensorScatterUpdate, tensor_util, test_util,
  tidy, tile, time, topk, train, transpose, truncatedNormal, unique, unregisterGradient, unregisterKernel,
  unsortedSegmentSum, unstack, upcastType, upperBound, util, valueAndGrad, valueAndGrads, variable, variableGrads,
  version_core, where, whereAsync, zeros,
  zerosLike,
} = core;
// Names of the language's own, which may not be shadowed in here.
export const { isFinite: finite, isNaN: notANumber } = core;
export { finite as isFinite, notANumber as isNaN };
