import { beforeAll, describe, expect, it } from 'vitest';
import { gradients } from '../../../src/tensors/gradients/index.ts';
import { initTensors, type Tensor, tf } from '../../../src/tensors/index.ts';
import type { Case } from './cases/case.ts';
import { cases } from './cases/index.ts';
import { analytic, mismatches } from './differentiate.ts';

/** Kernels whose gradients are kernels without one: there it is said, and not wrong. */
const onlyOnce: readonly string[] = ['MaxPool', 'LRN'];

/** The gradient of a case as something to differentiate itself: that of all arguments, after each other. */
const slopeOf = ({ name, at, f }: Case): Case => ({
  name,
  at,
  f: (...tensors: Tensor[]) => {
    const weighted = (...at: Tensor[]) => {
      const y = tf.reshape(f(...at), [-1]);
      return tf.sum(tf.mul(tf.square(y), tf.cos(tf.range(0, y.size))));
    };
    return tf.concat(
      tf
        .grads(weighted)(tensors)
        .map(dx => tf.reshape(dx, [-1])),
    );
  },
});

describe('the gradient of a gradient', () => {
  beforeAll(async () => {
    await initTensors('eager/cpu');
  });

  const names = gradients.map(({ kernelName }) => kernelName).filter(name => !onlyOnce.includes(name));
  it.each(onlyOnce)('of %s is refused', kernelName => {
    expect(() => analytic(slopeOf(cases[kernelName][0]))).toThrow(
      `gradient function not found for ${kernelName}Grad`,
    );
  });

  it.each(names)('of %s', kernelName => {
    expect(mismatches(slopeOf(cases[kernelName][0]), 5e-3, 8)).toEqual([]);
  });
});
