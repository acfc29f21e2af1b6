import { z } from 'zod';
import { definePolicy } from '../../../src/actors/policy.ts';
import { flatSize } from '../../../src/env/spaces.ts';
import { hostTensor, type Tensor, tf } from '../../../src/tensors/index.ts';

/** Policies whose actions depend on how many observations there are, or cannot be traced. */
export const oddPolicy = definePolicy(import.meta.url, {
  name: 'odd',
  config: z.object({ how: z.enum(['rows', 'reads', 'width']) }),
  create: ({ how }, { observation }) => {
    type Params = { readonly w: Tensor };
    const decide = ({ params, observations }: { params: Params; observations: Tensor }) => {
      if (how === 'reads') observations.dataSync();
      const out = tf.matMul(observations as tf.Tensor2D, params.w as tf.Tensor2D);
      if (how === 'width') return tf.concat([out, out], 1);
      return tf.mul(out, 1 / observations.shape[0]);
    };
    return {
      noise: { kind: 'normal' as const, size: 1 },
      init: () => ({ w: hostTensor([flatSize(observation), 1], [1, 2]) }),
      act: decide,
      decide,
      appraise: () => ({ logProbs: tf.scalar(0), values: tf.scalar(0) }),
      value: () => tf.scalar(0),
    };
  },
});
