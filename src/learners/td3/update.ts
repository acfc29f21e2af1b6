import type { Spaces } from '../../actors/policy.ts';
import type { Random } from '../../core/random.ts';
import { actionSize, flatSize } from '../../env/spaces.ts';
import {
  type Adam,
  adam,
  adamInit,
  compile,
  type HostTensor,
  type Mlp,
  movingAverage,
  type Tensor,
  valueAndGrad,
} from '../../tensors/index.ts';
import {
  type Critics,
  criticLoss,
  criticValue,
  criticValues,
  initCritics,
  leastOf,
  lengthOf,
} from '../shared/critics.ts';
import type { BatchRows } from '../shared/helping-rows.ts';
import { unitActions } from '../shared/unit-actions.ts';
import type { Td3Config } from './config.ts';
import { clippedTargets, policyLoss, smoothed } from './loss.ts';
import { actionsFor, initActor } from './networks.ts';

/** A batch, and the noise on target actions. */
export interface Td3Batch extends BatchRows {
  /** Standard normal, [B × A] */
  readonly noise: Tensor;
}

/** All that TD3 learns, and where its optimisers stand. */
export interface Td3State<T> {
  readonly actor: Mlp<T>;
  readonly targetActor: Mlp<T>;
  readonly critics: Critics<T>;
  readonly targetCritics: Critics<T>;
  readonly optimizerActor: Adam<T>;
  readonly optimizerCritics: Adam<T>;
}

/** What TD3 starts from: target networks that are the others. */
export function initTd3(
  random: Random,
  config: Td3Config,
  { observation, action }: Spaces,
): Td3State<HostTensor> {
  const [inputs, outputs] = [flatSize(observation), actionSize(action)];
  const actor = initActor(random.split('actor'), inputs, outputs, config.hidden);
  const critics = initCritics(random.split('critics'), inputs, outputs, config.hidden);
  return {
    actor,
    targetActor: actor,
    critics,
    targetCritics: critics,
    optimizerActor: adamInit(actor),
    optimizerCritics: adamInit(critics),
  };
}

/**
 * One gradient step of the critics on one batch, as a pure function (Fujimoto et al. 2018, algorithm 1): towards targets that hold no
 * gradient.
 */
export function criticsStep(config: Td3Config, { action }: Spaces) {
  const { learningRate, activation } = config;
  const { toUnit } = unitActions(action, 'td3');

  return ({ targetActor, critics, targetCritics, optimizerCritics, ...batch }: CriticsArguments) => {
    const { observations, nextObservations, weights } = batch;
    const nextActions = smoothed(actionsFor(targetActor, nextObservations, config), batch.noise, config);
    const nextValues = leastOf(criticValues(targetCritics, nextObservations, nextActions, activation));
    const wanted = clippedTargets(batch, nextValues);
    const judged = { observations, actions: toUnit(batch.actions), weights };
    const { gradient, loss, errors, value } = valueAndGrad(
      (candidates: Critics<Tensor>) => criticLoss(candidates, judged, wanted, activation),
      critics,
    );
    const next = adam(critics, gradient, optimizerCritics, { learningRate });
    return {
      critics: next.params,
      optimizerCritics: next.optimizer,
      errors,
      criticLoss: loss,
      value,
      criticGradientNorm: lengthOf(gradient),
    };
  };
}

type CriticsArguments = Pick<
  Td3State<Tensor>,
  'targetActor' | 'critics' | 'targetCritics' | 'optimizerCritics'
> &
  Td3Batch;

/** `criticsStep`, and then a gradient step of the policy against the new critics, and the target networks a part of the way. */
export function td3Step(config: Td3Config, spaces: Spaces) {
  const { learningRate, activation, tau } = config;
  const judge = criticsStep(config, spaces);

  return ({ actor, optimizerActor, ...rest }: Td3State<Tensor> & Td3Batch) => {
    const judged = judge(rest);
    const { gradient, loss } = valueAndGrad((candidate: Mlp<Tensor>) => {
      const actions = actionsFor(candidate, rest.observations, config);
      return { loss: policyLoss(criticValue(judged.critics[0], rest.observations, actions, activation)) };
    }, actor);
    const next = adam(actor, gradient, optimizerActor, { learningRate });
    return {
      ...judged,
      actor: next.params,
      optimizerActor: next.optimizer,
      targetActor: movingAverage(rest.targetActor, next.params, 1 - tau),
      targetCritics: movingAverage(rest.targetCritics, judged.critics, 1 - tau),
      actorLoss: loss,
      actorGradientNorm: lengthOf(gradient),
    };
  };
}

/** `td3Step` as a program that owns the state, and `criticsStep` as one that shares it. */
export async function compileTd3Update(
  config: Td3Config,
  spaces: Spaces,
  initial: Td3State<HostTensor>,
  executor?: string,
) {
  const all = await compile(td3Step(config, spaces), {
    state: initial,
    name: 'td3 update',
    ...(executor !== undefined && { executor }),
  });
  return {
    all,
    critics: await compile(criticsStep(config, spaces), { state: all.state, name: 'td3 critics' }),
  };
}
