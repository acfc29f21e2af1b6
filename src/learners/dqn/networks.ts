import type { z } from 'zod';
import { definePolicy, type Spaces } from '../../actors/policy.ts';
import { usageError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import type { ActionSpace } from '../../env/spaces.ts';
import { flatSize } from '../../env/spaces.ts';
import {
  type HostTensor,
  type Mlp,
  mlp,
  mlpInit,
  stopGradient,
  type Tensor,
  tf,
} from '../../tensors/index.ts';
import { dqnFields } from './config.ts';

/** One network, or the three parts of a duelling one: a trunk, which may be empty, and two streams out of it. */
export type DqnWeights<T> =
  | { readonly values: Mlp<T> }
  | { readonly trunk: Mlp<T>; readonly state: Mlp<T>; readonly advantages: Mlp<T> };

/** The part of DQN’s settings that decides what its policy is: needed to act, not to learn. */
export const dqnPolicyConfig = dqnFields.pick({ hidden: true, activation: true, dueling: true });
/** `dqnPolicyConfig`, parsed. */
export type DqnPolicyConfig = z.output<typeof dqnPolicyConfig>;

/**
 * How many actions there are.
 * @throws a usage error where actions are anything but one of so many choices
 */
export function actionCount(space: ActionSpace): number {
  if (space.kind === 'discrete') return space.n;
  throw usageError(
    `dqn: action space: kind = ${space.kind}, expected discrete: DQN values every action by itself`,
  );
}

/** Weights and biases as PyTorch draws them, uniform within ± 1/√inputs: what the papers’ code and all that follow it do. */
export function initWeights(
  random: Random,
  { hidden, dueling }: DqnPolicyConfig,
  { observation, action }: Spaces,
): DqnWeights<HostTensor> {
  const layers = (name: string, sizes: readonly number[]) =>
    mlpInit(random.split(name), sizes, { init: 'torch' });
  const sizes = [flatSize(observation), ...hidden];
  const actions = actionCount(action);
  if (!dueling) return { values: layers('values', [...sizes, actions]) };
  const [width, last] = sizes.slice(-2);
  const shared = sizes.slice(0, -1);
  return {
    trunk: shared.length < 2 ? [] : layers('trunk', shared),
    state: layers('state', [width, last, 1]),
    advantages: layers('advantages', [width, last, actions]),
  };
}

/**
 * Q(s, ·), [B × n]. Duelling (Wang et al. 2016, eq. 9): Q(s, a) = V(s) + A(s, a) − mean A(s, ·), and the gradient that both
 * streams send into the trunk is scaled by 1/√2 (their section 4.2).
 * @param observations [B × O]
 */
export function valuesOf(
  weights: DqnWeights<Tensor>,
  observations: Tensor,
  { activation }: Pick<DqnPolicyConfig, 'activation'>,
): Tensor {
  if ('values' in weights) return mlp(weights.values, observations, activation);
  const { trunk, state, advantages } = weights;
  const features =
    trunk.length === 0
      ? observations
      : scaleGradient(mlp(trunk, observations, activation, activation), Math.SQRT1_2);
  const advantage = mlp(advantages, features, activation);
  const centred = tf.sub(advantage, tf.mean(advantage, 1, true));
  return tf.add(mlp(state, features, activation), centred);
}

/** The same values; gradients that flow back are multiplied by `scale`. */
const scaleGradient = (x: Tensor, scale: number): Tensor =>
  tf.add(tf.mul(x, scale), stopGradient(tf.mul(x, 1 - scale)));

/** The best actions by their values, [B × 1], int32; the first of equal ones. @param values [B × n] */
export const bestActions = (values: Tensor): Tensor => tf.expandDims(tf.argMax(values, 1), 1);

/**
 * The policy that DQN learns: the action of the highest value, whatever the noise. Exploration is the explorers', who draw a
 * share of their actions at random. Discrete actions only.
 */
export const dqnPolicy = definePolicy(import.meta.url, {
  name: 'dqn',
  config: dqnPolicyConfig,
  create(config: DqnPolicyConfig, spaces) {
    actionCount(spaces.action);
    type Seen = { readonly params: DqnWeights<Tensor>; readonly observations: Tensor };
    const decide = ({ params, observations }: Seen) => bestActions(valuesOf(params, observations, config));
    return {
      noise: { kind: 'normal', size: 1 },
      init: (random: Random): DqnWeights<HostTensor> => initWeights(random, config, spaces),
      act: decide,
      decide,
    };
  },
});
