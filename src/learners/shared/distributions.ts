import type { PolicyNoise } from '../../actors/policy.ts';
import { type ActionSpace, actionSize, flatSize } from '../../env/spaces.ts';
import { type Tensor, tf } from '../../tensors/index.ts';

/** What a policy network puts out for a batch of B observations. */
export interface Head {
  /** [B × outputs]: logits, choice after choice, or means */
  readonly outputs: Tensor;
  /** Continuous actions only: the logarithm of the standard deviation, [outputs] whatever the observation, or [B × outputs] */
  readonly logStd: Tensor | undefined;
}

/** A batch of B distributions over actions. Actions are [B × actionSize], int32 for choices, float32 for boxes. */
export interface Actions {
  /** Actions drawn with noise of the kind and size that `noiseOf` says, [B × size]. */
  sample(noise: Tensor): Tensor;
  /** The likeliest actions. */
  mode(): Tensor;
  /** Log-probability (density) of whole actions, [B]. */
  logProb(actions: Tensor): Tensor;
  /** In nats, [B], or a scalar where it is the same for all. */
  entropy(): Tensor;
}

/** How many numbers the policy network puts out. */
export const headSize = (space: ActionSpace): number => flatSize(space);

/** Random numbers that one row of actions takes: Gumbel's to choose by largest sum, normal ones to shift means. */
export const noiseOf = (space: ActionSpace): PolicyNoise =>
  space.kind === 'box'
    ? { kind: 'normal', size: actionSize(space) }
    : { kind: 'gumbel', size: flatSize(space) };

/**
 * The distributions over actions that a network’s outputs mean: normal ones for a box (`logStd` is needed), categorical
 * ones for choices.
 */
export function actionsOf(space: ActionSpace, head: Head): Actions {
  switch (space.kind) {
    case 'box':
      return gaussian(head.outputs, head.logStd!);
    case 'discrete':
      return categorical(head.outputs, space.n);
    case 'multiDiscrete':
      return independent(head.outputs, space.sizes);
  }
}

const LOG_2PI = Math.log(2 * Math.PI);

/** Independent normal numbers. The sample is left unbounded: bounds are the environment's, and are applied there. */
function gaussian(mean: Tensor, logStd: Tensor): Actions {
  const size = mean.shape[1] ?? 1;
  const total = logStd.rank === 2 ? tf.sum(logStd, 1) : tf.sum(logStd);
  return {
    sample: noise => tf.add(mean, tf.mul(noise, tf.exp(logStd))),
    mode: () => mean,
    logProb(actions) {
      const z = tf.mul(tf.sub(actions, mean), tf.exp(tf.neg(logStd)));
      const constant = tf.add(total, 0.5 * size * LOG_2PI);
      return tf.sub(tf.mul(tf.sum(tf.square(z), 1), -0.5), constant);
    },
    entropy: () => tf.add(total, 0.5 * size * (1 + LOG_2PI)),
  };
}

/** One choice of `n` by logits [B × n]. Gumbel-max: argmax(logits + Gumbel noise) is a draw from softmax(logits). */
function categorical(logits: Tensor, n: number): Actions {
  let logs: Tensor | undefined;
  const logOf = () => {
    logs ??= tf.logSoftmax(logits);
    return logs;
  };
  const choose = (scores: Tensor): Tensor => tf.expandDims(tf.argMax(scores, 1), 1);
  return {
    sample: noise => choose(tf.add(logits, noise)),
    mode: () => choose(logits),
    logProb(actions) {
      // As int32 and cast: wasm has no kernel of its own for float32 one-hots.
      const chosen = tf.oneHot(tf.reshape(actions, [-1]) as tf.Tensor1D, n);
      return tf.sum(tf.mul(logOf(), tf.cast(chosen, 'float32')), 1);
    },
    entropy: () => tf.neg(tf.sum(tf.mul(tf.exp(logOf()), logOf()), 1)),
  };
}

/** Several independent choices: probabilities multiply, so log-probabilities and entropies add. */
function independent(logits: Tensor, sizes: readonly number[]): Actions {
  const parts = split(logits, sizes).map((part, k) => categorical(part, sizes[k]));
  const widths = sizes.map(() => 1);
  const total = (values: Tensor[]): Tensor => (values.length === 1 ? values[0] : tf.addN(values));
  return {
    sample(noise) {
      const noises = split(noise, sizes);
      return tf.concat(
        parts.map((part, k) => part.sample(noises[k])),
        1,
      );
    },
    mode: () =>
      tf.concat(
        parts.map(part => part.mode()),
        1,
      ),
    logProb(actions) {
      const choices = split(actions, widths);
      return total(parts.map((part, k) => part.logProb(choices[k])));
    },
    entropy: () => total(parts.map(part => part.entropy())),
  };
}

const split = (values: Tensor, sizes: readonly number[]): Tensor[] =>
  sizes.length === 1 ? [values] : tf.split(values, [...sizes], 1);
