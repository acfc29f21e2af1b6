import type { z } from 'zod';
import { definePolicy, type Spaces } from '../../actors/policy.ts';
import { usageError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import { flatSize } from '../../env/spaces.ts';
import { type HostTensor, hostTensor, type Mlp, mlp, mlpInit, type Tensor } from '../../tensors/index.ts';
import { actionsOf, headSize, noiseOf } from '../shared/distributions.ts';
import { cloningFields } from './config.ts';

/** A network from observations to logits or means, and the deviation of a box’s actions. */
export interface CloningWeights<T> {
  readonly policy: Mlp<T>;
  /** [A]; absent where actions are choices, or means are learnt by squared error alone */
  readonly logStd?: T;
}

/** The part of the settings that decides what the policy is: needed to act, not to learn. */
export const cloningPolicyConfig = cloningFields.pick({
  loss: true,
  hidden: true,
  activation: true,
  initialLogStd: true,
});
/** `cloningPolicyConfig`, parsed. */
export type CloningPolicyConfig = z.output<typeof cloningPolicyConfig>;

/**
 * Orthogonal weights with gain √2, the last layer’s 0.01: at first every action is as likely as any other.
 * @throws a usage error where choices are to be learnt by squared error
 */
export function initWeights(
  random: Random,
  { loss, hidden, initialLogStd }: CloningPolicyConfig,
  { observation, action }: Spaces,
): CloningWeights<HostTensor> {
  if (loss === 'squared' && action.kind !== 'box') {
    throw usageError(
      `behavior cloning: loss = squared: expected likelihood for an action space of kind ${action.kind}: choices have no distance`,
    );
  }
  const size = headSize(action);
  const policy = mlpInit(random.split('policy'), [flatSize(observation), ...hidden, size], {
    gain: Math.SQRT2,
    outputGain: 0.01,
  });
  if (action.kind !== 'box' || loss === 'squared') return { policy };
  return { policy, logStd: hostTensor([size], new Float32Array(size).fill(initialLogStd)) };
}

/** What the network puts out, [B × outputs]. */
export const outputsOf = (
  { policy }: CloningWeights<Tensor>,
  observations: Tensor,
  { activation }: Pick<CloningPolicyConfig, 'activation'>,
): Tensor => mlp(policy, observations, activation);

/** The policy that behaviour cloning learns: it decides for the likeliest action, or the mean, of what it saw being done. */
export const cloningPolicy = definePolicy(import.meta.url, {
  name: 'behavior-cloning',
  config: cloningPolicyConfig,
  create(config: CloningPolicyConfig, spaces) {
    const { action } = spaces;
    type Seen = { readonly params: CloningWeights<Tensor>; readonly observations: Tensor };
    const meansOnly = config.loss === 'squared';
    const outputs = ({ params, observations }: Seen) => outputsOf(params, observations, config);
    const actions = (seen: Seen) => actionsOf(action, { outputs: outputs(seen), logStd: seen.params.logStd });
    return {
      noise: noiseOf(action),
      init: (random: Random): CloningWeights<HostTensor> => initWeights(random, config, spaces),
      act: (seen: Seen & { readonly noise: Tensor }) =>
        meansOnly ? outputs(seen) : actions(seen).sample(seen.noise),
      decide: (seen: Seen) => (meansOnly ? outputs(seen) : actions(seen).mode()),
    };
  },
});
