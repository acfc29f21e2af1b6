import type { z } from 'zod';
import { definePolicy } from '../../actors/policy.ts';
import type { Random } from '../../core/random.ts';
import { actionSize, flatSize } from '../../env/spaces.ts';
import { type HostTensor, type Mlp, mlp, mlpInit, type Tensor, tf } from '../../tensors/index.ts';
import { unitActions } from '../shared/unit-actions.ts';
import { td3Config } from './config.ts';

/** The part of TD3’s settings that decides what its policy is: needed to act, not to learn. */
export const td3PolicyConfig = td3Config.pick({ hidden: true, activation: true, explorationNoise: true });
/** `td3PolicyConfig`, parsed. */
export type Td3PolicyConfig = z.output<typeof td3PolicyConfig>;

/** A fresh policy network, each layer as `torch.nn.Linear` starts it. */
export const initActor = (
  random: Random,
  observationSize: number,
  actions: number,
  hidden: readonly number[],
): Mlp<HostTensor> => mlpInit(random, [observationSize, ...hidden, actions], { init: 'torch' });

/** The actions within ±1 that a batch of observations leads to, [B × A]. */
export const actionsFor = (
  actor: Mlp<Tensor>,
  observations: Tensor,
  { activation }: Pick<Td3PolicyConfig, 'activation'>,
): Tensor => mlp(actor, observations, activation, 'tanh');

/**
 * The policy that TD3 learns: dense layers that put out the action itself, within ±1 by tanh and from there to the bounds of the
 * action space. It explores with normal noise, which the environment’s bounds cut. For boxes with bounds on all sides.
 */
export const td3Policy = definePolicy(import.meta.url, {
  name: 'td3',
  config: td3PolicyConfig,
  create(config: Td3PolicyConfig, { observation, action }) {
    const { toBounds } = unitActions(action, 'td3');
    const size = actionSize(action);
    type Params = Mlp<Tensor>;
    return {
      noise: { kind: 'normal' as const, size },
      init: (random: Random): Mlp<HostTensor> =>
        initActor(random, flatSize(observation), size, config.hidden),
      act: ({ params, observations, noise }: { params: Params; observations: Tensor; noise: Tensor }) =>
        toBounds(tf.add(actionsFor(params, observations, config), tf.mul(noise, config.explorationNoise))),
      decide: ({ params, observations }: { params: Params; observations: Tensor }) =>
        toBounds(actionsFor(params, observations, config)),
    };
  },
});
