import * as tf from '../tfjs.ts';
import { activations } from './activations.ts';
import { binary } from './binary.ts';
import { convolution } from './convolution.ts';
import { elementwise } from './elementwise.ts';
import { indexing } from './indexing.ts';
import { linearAlgebra } from './linear-algebra.ts';
import { normalization } from './normalization.ts';
import { pooling } from './pooling.ts';
import { reductions } from './reductions.ts';
import { resizing } from './resizing.ts';
import type { Row } from './row.ts';
import { shapes } from './shapes.ts';
import { orderTape } from './tape.ts';

/**
 * The gradients of tfjs' kernels. Not tfjs' own: its files do not load in Node without the whole of
 * `@tensorflow/tfjs`, several are wrong (operands that are broadcast, running sums along other axes than the last,
 * mirrored edges, ties of a maximum), and some are missing. And these are frugal: they are traced into programs, where
 * every kernel costs.
 *
 * Left out: complex numbers and FFT, Conv3D and pooling of volumes, Dilation2D, kernels that no op runs (BroadcastTo,
 * LogSoftmax, FusedBatchNorm, Einsum and TensorScatterUpdate, for which ops.ts has ops made of other kernels), and
 * second derivatives of maxima in windows and of LRN.
 *
 * They import tfjs-core themselves: `ops.ts`, where everything else gets it from, registers them.
 */
export const gradients: readonly Row[] = [
  ...elementwise,
  ...activations,
  ...binary,
  ...reductions,
  ...linearAlgebra,
  ...shapes,
  ...indexing,
  ...convolution,
  ...pooling,
  ...resizing,
  ...normalization,
];

/** Makes these the gradients of this thread, in the place of any others. */
export function registerGradients(): void {
  orderTape();
  for (const row of gradients) {
    if (tf.getGradient(row.kernelName)) tf.unregisterGradient(row.kernelName);
    tf.registerGradient(row);
  }
}
