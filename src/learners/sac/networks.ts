import type { z } from 'zod';
import { definePolicy } from '../../actors/policy.ts';
import type { Random } from '../../core/random.ts';
import { actionSize, flatSize } from '../../env/spaces.ts';
import { type HostTensor, type Mlp, mlp, mlpInit, type Tensor } from '../../tensors/index.ts';
import { type SquashedGaussian, squashedGaussian } from '../shared/squashed-gaussian.ts';
import { unitActions } from '../shared/unit-actions.ts';
import { sacConfig } from './config.ts';

/** The part of SAC’s settings that decides what its policy is: needed to act, not to learn. */
export const sacPolicyConfig = sacConfig.pick({ hidden: true, activation: true });
/** `sacPolicyConfig`, parsed. */
export type SacPolicyConfig = z.output<typeof sacPolicyConfig>;

/** A fresh policy network, each layer as `torch.nn.Linear` starts it. */
export const initActor = (
  random: Random,
  observationSize: number,
  actions: number,
  hidden: readonly number[],
): Mlp<HostTensor> => mlpInit(random, [observationSize, ...hidden, 2 * actions], { init: 'torch' });

/** The distributions over actions within ±1 that a batch of observations leads to. */
export const actionsFor = (
  actor: Mlp<Tensor>,
  observations: Tensor,
  { activation }: SacPolicyConfig,
): SquashedGaussian => squashedGaussian(mlp(actor, observations, activation));

/**
 * The policy that SAC learns: dense layers that put out a mean and a deviation for each element of the action, whose draw is brought
 * within ±1 by tanh and from there to the bounds of the action space. For boxes with bounds on all sides.
 */
export const sacPolicy = definePolicy(import.meta.url, {
  name: 'sac',
  config: sacPolicyConfig,
  create(config: SacPolicyConfig, { observation, action }) {
    const { toBounds } = unitActions(action, 'sac');
    const size = actionSize(action);
    type Params = Mlp<Tensor>;
    return {
      noise: { kind: 'normal' as const, size },
      init: (random: Random): Mlp<HostTensor> =>
        initActor(random, flatSize(observation), size, config.hidden),
      act: ({ params, observations, noise }: { params: Params; observations: Tensor; noise: Tensor }) =>
        toBounds(actionsFor(params, observations, config).sample(noise).actions),
      decide: ({ params, observations }: { params: Params; observations: Tensor }) =>
        toBounds(actionsFor(params, observations, config).mode()),
    };
  },
});
