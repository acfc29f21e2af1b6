/** Kernels of TensorFlow.js without a row in the lowering table, and why. */
export const uncovered: Readonly<Record<string, string>> = {
  ...because('complex numbers are not compiled', ['Complex', 'ComplexAbs', 'Real', 'Imag', 'FFT', 'IFFT']),
  ...because('strings are not compiled', [
    'StaticRegexReplace',
    'StringNGrams',
    'StringSplit',
    'StringToHashBucketFast',
  ]),
  ...because('sparse and ragged tensors have shapes that depend on values', [
    'SparseFillEmptyRows',
    'SparseReshape',
    'SparseSegmentMean',
    'SparseSegmentSum',
    'SparseToDense',
    'RaggedGather',
    'RaggedRange',
    'RaggedTensorToTensor',
  ]),
  ...because('the shape of the result depends on values', [
    'NonMaxSuppressionV3',
    'NonMaxSuppressionV4',
    'NonMaxSuppressionV5',
    'Unique',
  ]),
  ...because('volumes: no learner has any', [
    'AvgPool3D',
    'AvgPool3DGrad',
    'MaxPool3D',
    'MaxPool3DGrad',
    'Conv3D',
    'Conv3DBackpropFilterV2',
    'Conv3DBackpropInputV2',
  ]),
  ...because('image processing outside of networks', [
    'CropAndResize',
    'RotateWithOffset',
    'Transform',
    'FromPixels',
    'Draw',
  ]),
  ...because('morphology: no learner has any', [
    'Dilation2D',
    'Dilation2DBackpropInput',
    'Dilation2DBackpropFilter',
  ]),
  ...because('draws random numbers: randomness is an input of a step', ['Multinomial']),
  ...because('no backend has a kernel of this name: tfjs composes it of others', [
    'BroadcastTo',
    'LogSoftmax',
    'LogicalXor',
    'LowerBound',
    'UpperBound',
    'MatrixBandPart',
    'Pool',
  ]),
  ...because('no learner needs it yet', ['SearchSorted', 'MaxPoolWithArgmax', 'BroadcastArgs']),
};

function because(reason: string, kernels: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(kernels.map(kernel => [kernel, reason]));
}
