import { createRequire } from 'node:module';
import type * as Tfjs from '@tensorflow/tfjs-core';

/*
 * TensorFlow.js, loaded as the CommonJS that it is: for an `import` Node would first read its megabyte of text for the
 * names of its exports, which takes 130 ms in every thread. So the names stand here; a test holds them against the
 * package. Users see the package's own declarations, docstrings and all: the build puts them in this module's place.
 */
const require = createRequire(import.meta.url);
const core = require('@tensorflow/tfjs-core') as Omit<typeof Tfjs, 'raggedGather'> & {
  readonly raggedGather: unknown;
};
// Registers the backend that everything can fall back to.
require('@tensorflow/tfjs-backend-cpu');

export type * from '@tensorflow/tfjs-core';
// Those that we use as types, too.
export type KernelBackend = Tfjs.KernelBackend;
export type Rank = Tfjs.Rank;
export type Tensor<R extends Tfjs.Rank = Tfjs.Rank> = Tfjs.Tensor<R>;
export type Variable<R extends Tfjs.Rank = Tfjs.Rank> = Tfjs.Variable<R>;
// biome-ignore format: one name a line would be ten pages of names
export const {
  _FusedMatMul, Abs, abs, Acos, acos, Acosh, acosh, AdadeltaOptimizer, AdagradOptimizer, AdamaxOptimizer,
  AdamOptimizer, Add, add, AddN, addN, All, all, Any, any, ArgMax, argMax, ArgMin, argMin, Asin, asin, Asinh, asinh,
  Atan, atan, Atan2, atan2, Atanh, atanh, AvgPool, avgPool, AvgPool3D, avgPool3d, AvgPool3DGrad, AvgPoolGrad, backend,
  backend_util, basicLSTMCell, BatchMatMul, batchNorm, batchNorm2d, batchNorm3d, batchNorm4d, BatchToSpaceND,
  batchToSpaceND, Bincount, bincount, BitwiseAnd, bitwiseAnd, booleanMaskAsync, broadcast_util, BroadcastArgs,
  broadcastArgs, BroadcastTo, broadcastTo, browser, buffer, Cast, cast, Ceil, ceil, ClipByValue, clipByValue, clone,
  Complex, complex, ComplexAbs, Concat, concat, concat1d, concat2d, concat3d, concat4d, conv1d, Conv2D, conv2d,
  Conv2DBackpropFilter, Conv2DBackpropInput, conv2dTranspose, Conv3D, conv3d, Conv3DBackpropFilterV2,
  Conv3DBackpropInputV2, conv3dTranspose, copyRegisteredKernels, Cos, cos, Cosh, cosh, cosineWindow, CropAndResize,
  Cumprod, cumprod, Cumsum, cumsum, customGrad, DataStorage, DenseBincount, denseBincount, deprecationWarn,
  DepthToSpace, depthToSpace, depthwiseConv2d, DepthwiseConv2dNative, DepthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput, device_util, Diag, diag, Dilation2D, dilation2d, Dilation2DBackpropFilter,
  Dilation2DBackpropInput, disableDeprecationWarnings, dispose, disposeVariables, div, divNoNan, dot, Draw, dropout,
  Einsum, einsum, Elu, elu, EluGrad, enableDebugMode, enableProdMode, enclosingPowerOfTwo, engine, ensureShape, ENV,
  env, Environment, Equal, equal, Erf, erf, euclideanNorm, Exp, exp, ExpandDims, expandDims, Expm1, expm1, eye, FFT,
  fft, Fill, fill, findBackend, findBackendFactory, FlipLeftRight, Floor, floor, FloorDiv, floorDiv, FromPixels,
  fused, FusedBatchNorm, FusedConv2D, FusedDepthwiseConv2D, gather, gather_util, GatherNd, gatherND, GatherV2,
  getBackend, getGradient, getKernel, getKernelsForBackend, grad, grads, Greater, greater, GreaterEqual, greaterEqual,
  Identity, IFFT, ifft, Imag, imag, image, inTopKAsync, io, irfft, IsFinite, IsInf, isInf, IsNan, keep, kernel_impls,
  KernelBackend, LeakyRelu, leakyRelu, Less, less, LessEqual, lessEqual, linalg, LinSpace, linspace,
  localResponseNormalization, Log, log, Log1p, log1p, LogicalAnd, logicalAnd, LogicalNot, logicalNot, LogicalOr,
  logicalOr, LogicalXor, logicalXor, logSigmoid, LogSoftmax, logSoftmax, logSumExp, losses, LowerBound, lowerBound,
  LRN, LRNGrad, math, matMul, MatrixBandPart, Max, max, Maximum, maximum, MaxPool, maxPool, MaxPool3D, maxPool3d,
  MaxPool3DGrad, MaxPoolGrad, MaxPoolWithArgmax, maxPoolWithArgmax, Mean, mean, memory, meshgrid, Min, min, Minimum,
  minimum, MirrorPad, mirrorPad, Mod, mod, moments, MomentumOptimizer, movingAverage, mul, Multinomial, multinomial,
  Multiply, multiRNNCell, Neg, neg, nextFrame, NonMaxSuppressionV3, NonMaxSuppressionV4, NonMaxSuppressionV5, norm,
  NotEqual, notEqual, OneHot, oneHot, ones, OnesLike, onesLike, op, OP_SCOPE_SUFFIX, Optimizer, OptimizerConstructors,
  outerProduct, Pack, pad, pad1d, pad2d, pad3d, pad4d, PadV2, Pool, pool, Pow, pow, Prelu, prelu, print, Prod, prod,
  profile, RaggedGather, raggedGather, RaggedRange, raggedRange, RaggedTensorToTensor, raggedTensorToTensor, rand,
  randomGamma, randomNormal, randomStandardNormal, randomUniform, randomUniformInt, Range, range, Rank, ready, Real,
  real, RealDiv, Reciprocal, reciprocal, Reduction, registerBackend, registerGradient, registerKernel, Relu, relu,
  Relu6, relu6, removeBackend, Reshape, reshape, ResizeBilinear, ResizeBilinearGrad, ResizeNearestNeighbor,
  ResizeNearestNeighborGrad, Reverse, reverse, reverse1d, reverse2d, reverse3d, reverse4d, rfft, RMSPropOptimizer,
  RotateWithOffset, Round, round, Rsqrt, rsqrt, scalar, scatter_util, ScatterNd, scatterND, SearchSorted,
  searchSorted, Select, Selu, selu, separableConv2d, serialization, setBackend, setdiff1dAsync, setPlatform,
  SGDOptimizer, Sigmoid, sigmoid, Sign, sign, signal, Sin, sin, Sinh, sinh, Slice, slice, slice1d, slice2d, slice3d,
  slice4d, slice_util, Softmax, softmax, Softplus, softplus, SpaceToBatchND, spaceToBatchND, sparse,
  SparseFillEmptyRows, SparseReshape, SparseSegmentMean, SparseSegmentSum, SparseToDense, sparseToDense, spectral,
  split, SplitV, Sqrt, sqrt, Square, square, SquaredDifference, squaredDifference, squeeze, stack, StaticRegexReplace,
  Step, step, StridedSlice, stridedSlice, string, StringNGrams, StringSplit, StringToHashBucketFast, Sub, sub, Sum,
  sum, sumOutType, Tan, tan, Tanh, tanh, Tensor, tensor, tensor1d, tensor2d, tensor3d, tensor4d, tensor5d, tensor6d,
  tensor_util, TensorBuffer, TensorScatterUpdate, tensorScatterUpdate, test_util, tidy, Tile, tile, time, TopK, topk,
  train, Transform, Transpose, transpose, truncatedNormal, Unique, unique, Unpack, unregisterGradient,
  unregisterKernel, UnsortedSegmentSum, unsortedSegmentSum, unstack, upcastType, UpperBound, upperBound, util,
  valueAndGrad, valueAndGrads, Variable, variable, variableGrads, version_core, where, whereAsync, zeros, ZerosLike,
  zerosLike,
} = core;
// Names of the language's own, which may not be shadowed in here.
const { isFinite: finite, isNaN: notANumber } = core;

export { finite as isFinite, notANumber as isNaN };
