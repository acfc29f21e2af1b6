import { z } from 'zod';
import { definePolicy, type Spaces } from '../../../src/actors/policy.ts';
import type { Random } from '../../../src/core/random.ts';
import { flatSize } from '../../../src/env/spaces.ts';
import { type HostTensor, hostZeros, type Tensor, tf } from '../../../src/tensors/index.ts';

interface Lean<T> {
  readonly weights: T;
  readonly bias: T;
}

/**
 * Chooses 1 where weights · observation + bias is above 0, else 0; what it draws has noise added first. It can only act.
 */
export const leaning = definePolicy(import.meta.url, {
  name: 'leaning',
  config: z.strictObject({
    /** A planted bug: what it thinks best wavers, too. */
    wavers: z.boolean().default(false),
  }),
  create({ wavers }: { wavers: boolean }, { observation }: Spaces) {
    const scores = ({ params, observations }: { params: Lean<Tensor>; observations: Tensor }) =>
      tf.add(tf.matMul(observations, params.weights), params.bias);
    const choice = (score: Tensor) => tf.cast(tf.greater(score, 0), 'int32');
    return {
      noise: { kind: 'normal' as const, size: 1 },
      init: (_: Random): Lean<HostTensor> => ({
        weights: hostZeros([flatSize(observation), 1]),
        bias: hostZeros([1]),
      }),
      act: (seen: { params: Lean<Tensor>; observations: Tensor; noise: Tensor }) =>
        choice(tf.add(scores(seen), seen.noise)),
      decide(seen: { params: Lean<Tensor>; observations: Tensor }) {
        const score = scores(seen);
        // The fractional part of a large multiple is as good as noise.
        return choice(wavers ? tf.add(score, tf.mul(3, tf.sin(tf.mul(score, 1e4)))) : score);
      },
    };
  },
});
