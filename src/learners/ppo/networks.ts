import type { z } from 'zod';
import { definePolicy } from '../../actors/policy.ts';
import { usageError } from '../../core/errors.ts';
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
  /** Where it is split into trunks, the first. */
  readonly policy: Mlp<T>;
  readonly value: Mlp<T>;
  /** [A]; absent where actions are choices, or deviations are seen */
  readonly logStd?: T;
  /** The other trunks of a split policy. */
  readonly trunks?: readonly Mlp<T>[];
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
  policyGain: true,
  deviations: true,
  trunks: true,
  blind: true,
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
  const sizes = trunkSizes(config, space);
  const seen = config.deviations === 'seen';
  const [policy, ...others] = sizes.map((outputs, k) => {
    const name = k === 0 ? 'policy' : `policy ${k}`;
    const trunk = layers(name, outputs, config.policyGain);
    return seen ? withDeviations(random.split(`${name} deviations`), trunk, config.initialLogStd) : trunk;
  });
  const weights = {
    policy,
    value: layers('value', 1, 1),
    ...(others.length > 0 && { trunks: others }),
  };
  if (space.kind !== 'box' || seen) return weights;
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
export function actionsFor(
  weights: PpoWeights<Tensor>,
  inputs: Tensor,
  config: PpoPolicyConfig,
  space: ActionSpace,
): Actions {
  const seen = config.blind ? tf.zerosLike(inputs) : inputs;
  const outputs = [weights.policy, ...(weights.trunks ?? [])].map(trunk =>
    mlp(trunk, seen, config.activation),
  );
  if (config.deviations === 'shared')
    return actionsOf(space, { outputs: joined(outputs), logStd: weights.logStd });
  const sizes = trunkSizes(config, space);
  const part = (second: boolean) =>
    joined(outputs.map((output, k) => tf.slice(output, [0, second ? sizes[k] : 0], [-1, sizes[k]])));
  return actionsOf(space, { outputs: part(false), logStd: part(true) });
}

/** The values of a batch of normalised observations, [B]. */
export const valuesFor = (weights: PpoWeights<Tensor>, inputs: Tensor, config: PpoPolicyConfig): Tensor =>
  tf.reshape(mlp(weights.value, inputs, config.activation), [-1]);

/**
 * Actions that each network of the policy gives.
 * @throws a usage error where trunks or deviations do not fit the actions
 */
function trunkSizes({ trunks, deviations }: PpoPolicyConfig, space: ActionSpace): readonly number[] {
  const size = headSize(space);
  if (space.kind !== 'box' && (trunks !== null || deviations === 'seen'))
    throw usageError(
      `ppo: trunks or deviations of ${space.kind} actions, expected them with continuous ones only`,
    );
  if (trunks === null) return [size];
  const total = trunks.reduce((sum, count) => sum + count, 0);
  if (total !== size) throw usageError(`ppo: trunks give ${total} actions, expected ${size}`);
  return trunks;
}

/** A trunk whose last layer gives the logarithm of the deviation of each action, too, behind the means. */
function withDeviations(random: Random, trunk: Mlp<HostTensor>, bias: number): Mlp<HostTensor> {
  const last = trunk[trunk.length - 1];
  const [inputs, outputs] = last.weights.shape;
  const [own] = mlpInit(random, [inputs, outputs], { outputGain: 1 });
  const weights = new Float32Array(2 * inputs * outputs);
  for (let row = 0; row < inputs; row++) {
    const from = row * outputs;
    weights.set((last.weights.data as Float32Array).subarray(from, from + outputs), 2 * from);
    weights.set((own.weights.data as Float32Array).subarray(from, from + outputs), 2 * from + outputs);
  }
  const biases = new Float32Array(2 * outputs).fill(bias, outputs);
  return [
    ...trunk.slice(0, -1),
    { weights: hostTensor([inputs, 2 * outputs], weights), bias: hostTensor([2 * outputs], biases) },
  ];
}

const joined = (parts: readonly Tensor[]): Tensor =>
  parts.length === 1 ? parts[0] : tf.concat([...parts], 1);

/**
 * The policy that PPO learns: two networks of dense layers, one for the action distribution (logits, or means beside a
 * deviation that does not depend on the observation), one for the value, over observations normalised where asked for.
 * The first may be split into trunks, and may say the deviations as well.
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
