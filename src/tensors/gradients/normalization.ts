import * as tf from '../tfjs.ts';
import { kernel, type Row, row } from './row.ts';

/** What divides by a sum over neighbours. */
export const normalization: readonly Row[] = [
  row<{ dim: number }>('Softmax', { outputs: [true] }, (dy, [y], { dim }) => ({
    logits() {
      const weighted = tf.mul(dy, y);
      return tf.sub(weighted, tf.mul(tf.sum(weighted, dim, true), y));
    },
  })),
  row('LRN', { inputs: ['x'], outputs: [true] }, (dy, [x, y], attributes) => ({
    x: () => kernel('LRNGrad', { x, y, dy }, attributes),
  })),
];
