import type { z } from 'zod';
import { definePolicy } from '../../actors/policy.ts';
import type { Random } from '../../core/random.ts';
import type { ActionSpace } from '../../env/spaces.ts';
import { flatSize } from '../../env/spaces.ts';
import {
  type HostTensor,
  hostTensor,
  hostZeros,
  type Mlp,
  mlp,
  mlpInit,
  type Tensor,
  tf,
} from '../../tensors/index.ts';
import { type Actions, actionsOf, headSize, noiseOf } from '../shared/distributions.ts';
import { NORMALIZATION_CLIP } from '../shared/normalization.ts';
import { ppoFields } from './config.ts';

/** What gradients reach: two networks that share nothing [37], and the deviation of continuous actions. */
export interface PpoWeights<T> {
  readonly policy: Mlp<T>;
  readonly value: Mlp<T>;
  /** [A]; absent where actions are choices */
  readonly logStd?: T;
}

/** What observations are normalised with, [O] each: (observation − mean) · scale. Learnt by counting, not by gradients. */
export interface Normalizer<T> {
  readonly mean: T;
  readonly scale: T;
}

/** All that acting takes. */
export interface PpoParameters<T> {
  readonly normalizer?: Normalizer<T>;
  readonly weights: PpoWeights<T>;
}

/** The part of PPO’s settings that decides what its policy is: needed to act, not to learn. */
export const ppoPolicyConfig = ppoFields.pick({
  hidden: true,
  activation: true,
  initialLogStd: true,
  normalizeObservations: true,
});
/** `ppoPolicyConfig`, parsed. */
export type PpoPolicyConfig = z.output<typeof ppoPolicyConfig>;

/** Orthogonal weights with gain √2, the policy's last layer 0.01, so that it starts almost uniform, the value's 1. [37] */
export function initWeights(
  random: Random,
  config: PpoPolicyConfig,
  observationSize: number,
  space: ActionSpace,
): PpoWeights<HostTensor> {
  const layers = (name: string, outputs: number, outputGain: number) =>
    mlpInit(random.split(name), [observationSize, ...config.hidden, outputs], {
      gain: Math.SQRT2,
      outputGain,
    });
  const weights = { policy: layers('policy', headSize(space), 0.01), value: layers('value', 1, 1) };
  if (space.kind !== 'box') return weights;
  const size = headSize(space);
  return { ...weights, logStd: hostTensor([size], new Float32Array(size).fill(config.initialLogStd)) };
}

/** Observations as the networks see them. */
export function normalize(observations: Tensor, normalizer: Normalizer<Tensor> | undefined): Tensor {
  if (!normalizer) return observations;
  const scaled = tf.mul(tf.sub(observations, normalizer.mean), normalizer.scale);
  return tf.clipByValue(scaled, -NORMALIZATION_CLIP, NORMALIZATION_CLIP);
}

/** The distributions over actions that a batch of normalised observations leads to. */
export const actionsFor = (
  weights: PpoWeights<Tensor>,
  inputs: Tensor,
  config: PpoPolicyConfig,
  space: ActionSpace,
): Actions =>
  actionsOf(space, { outputs: mlp(weights.policy, inputs, config.activation), logStd: weights.logStd });

/** The values of a batch of normalised observations, [B]. */
export const valuesFor = (weights: PpoWeights<Tensor>, inputs: Tensor, config: PpoPolicyConfig): Tensor =>
  tf.reshape(mlp(weights.value, inputs, config.activation), [-1]);

/**
 * The policy that PPO learns: two networks of dense layers, one for the action distribution (logits, or means beside a
 * deviation that does not depend on the observation), one for the value, over observations normalised where asked for.
 */
export const ppoPolicy = definePolicy(import.meta.url, {
  name: 'ppo',
  config: ppoPolicyConfig,
  create(config: PpoPolicyConfig, { observation, action }) {
    const size = flatSize(observation);
    type Params = PpoParameters<Tensor>;
    const inputsOf = ({ normalizer }: Params, observations: Tensor) => normalize(observations, normalizer);
    const actionsOn = (params: Params, observations: Tensor) =>
      actionsFor(params.weights, inputsOf(params, observations), config, action);
    return {
      noise: noiseOf(action),
      init: (random: Random): PpoParameters<HostTensor> => ({
        ...(config.normalizeObservations && {
          normalizer: { mean: hostZeros([size]), scale: hostTensor([size], new Float32Array(size).fill(1)) },
        }),
        weights: initWeights(random, config, size, action),
      }),
      act: ({ params, observations, noise }: { params: Params; observations: Tensor; noise: Tensor }) =>
        actionsOn(params, observations).sample(noise),
      decide: ({ params, observations }: { params: Params; observations: Tensor }) =>
        actionsOn(params, observations).mode(),
      appraise({ params, observations, actions }: { params: Params; observations: Tensor; actions: Tensor }) {
        const inputs = inputsOf(params, observations);
        return {
          logProbs: actionsFor(params.weights, inputs, config, action).logProb(actions),
          values: valuesFor(params.weights, inputs, config),
        };
      },
      value: ({ params, observations }: { params: Params; observations: Tensor }) =>
        valuesFor(params.weights, inputsOf(params, observations), config),
    };
  },
});
