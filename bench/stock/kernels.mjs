// tfjs' wasm backend (4.22) has neither of these kernels, so that stock tfjs cannot train a conv net or an embedding on
// it at all. These stand in for them, as fast as JavaScript and wasm's own product make them, so that there is something
// to measure against.

/** @param {typeof import('@tensorflow/tfjs')} tf */
export function registerStandIns(tf) {
  tf.registerKernel({
    kernelName: 'Conv2DBackpropFilter',
    backendName: 'wasm',
    kernelFunc: call => filterGradient(tf, call),
  });
  tf.registerKernel({
    kernelName: 'UnsortedSegmentSum',
    backendName: 'wasm',
    kernelFunc: call => segmentSum(call),
  });
}

/** The patches that each weight saw, as a matrix [weights, places], times the slopes [places, outputs]. */
function filterGradient(tf, { inputs: { x, dy }, attrs, backend }) {
  const { strides, pad, dimRoundingMode, filterShape } = attrs;
  const info = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad, dimRoundingMode);
  const { batchSize, outHeight, outWidth, inChannels, outChannels, filterHeight, filterWidth } = info;
  const places = batchSize * outHeight * outWidth;
  const weights = filterHeight * filterWidth * inChannels;
  const patches = backend.makeOutput([1, weights, places], 'float32');
  // Views into the heap end where an allocation grows it, so both are taken after the last one.
  fillPatches(backend.typedArrayFromHeap(patches), backend.typedArrayFromHeap(x), info);
  const product = tf.getKernel('BatchMatMul', 'wasm').kernelFunc({
    inputs: { a: patches, b: { ...dy, shape: [1, places, outChannels] } },
    attrs: { transposeA: false, transposeB: false },
    backend,
  });
  backend.disposeData(patches.dataId);
  return { ...product, shape: filterShape };
}

function fillPatches(to, from, info) {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth } = info;
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = info;
  let at = 0;
  for (let ky = 0; ky < filterHeight; ky++) {
    for (let kx = 0; kx < filterWidth; kx++) {
      for (let channel = 0; channel < inChannels; channel++) {
        for (let image = 0; image < batchSize; image++) {
          for (let oy = 0; oy < outHeight; oy++) {
            const y = oy * strideHeight + ky - padInfo.top;
            const row = (image * inHeight + y) * inWidth;
            for (let ox = 0; ox < outWidth; ox++, at++) {
              const x = ox * strideWidth + kx - padInfo.left;
              const inside = y >= 0 && y < inHeight && x >= 0 && x < inWidth;
              to[at] = inside ? from[(row + x) * inChannels + channel] : 0;
            }
          }
        }
      }
    }
  }
}

function segmentSum({ inputs: { x, segmentIds }, attrs: { numSegments }, backend }) {
  const out = backend.makeOutput([numSegments, ...x.shape.slice(segmentIds.shape.length)], 'float32');
  const to = backend.typedArrayFromHeap(out).fill(0);
  const from = backend.typedArrayFromHeap(x);
  const ids = backend.typedArrayFromHeap(segmentIds);
  const width = from.length / ids.length;
  for (let row = 0; row < ids.length; row++) {
    if (ids[row] < 0) continue;
    for (let k = 0; k < width; k++) to[ids[row] * width + k] += from[row * width + k];
  }
  return out;
}
