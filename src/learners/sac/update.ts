import type { Spaces } from '../../actors/policy.ts';
import type { Random } from '../../core/random.ts';
import { actionSize, flatSize } from '../../env/spaces.ts';
import {
  type Adam,
  adam,
  adamInit,
  compile,
  type HostTensor,
  hostScalar,
  type Mlp,
  movingAverage,
  type Tensor,
  tf,
  valueAndGrad,
} from '../../tensors/index.ts';
import { type Critics, criticLoss, criticValues, initCritics, leastOf, lengthOf } from '../shared/critics.ts';
import type { BatchRows } from '../shared/helping-rows.ts';
import { unitActions } from '../shared/unit-actions.ts';
import type { SacConfig } from './config.ts';
import { entropyCoefficientLoss, policyLoss, softTargets } from './loss.ts';
import { actionsFor, initActor } from './networks.ts';

/** A batch, and the noise that actions are drawn with. */
export interface SacBatch extends BatchRows {
  /** Standard normal, [B × A]: for actions of the policy in `observations`, and in `nextObservations`. */
  readonly noise: Tensor;
  readonly nextNoise: Tensor;
}

/** All that SAC learns, and where its optimisers stand. */
export interface SacState<T> {
  readonly actor: Mlp<T>;
  readonly critics: Critics<T>;
  readonly targets: Critics<T>;
  /** ln α, a scalar */
  readonly logAlpha: T;
  readonly optimizerActor: Adam<T>;
  readonly optimizerCritics: Adam<T>;
  readonly optimizerAlpha: Adam<T>;
}

/** What SAC starts from: target networks that are the critics. */
export function initSac(
  random: Random,
  config: SacConfig,
  { observation, action }: Spaces,
): SacState<HostTensor> {
  const [inputs, outputs] = [flatSize(observation), actionSize(action)];
  const actor = initActor(random.split('actor'), inputs, outputs, config.hidden);
  const critics = initCritics(random.split('critics'), inputs, outputs, config.hidden);
  const logAlpha = hostScalar(Math.log(config.entropyCoefficient ?? config.initialEntropyCoefficient));
  return {
    actor,
    critics,
    targets: critics,
    logAlpha,
    optimizerActor: adamInit(actor),
    optimizerCritics: adamInit(critics),
    optimizerAlpha: adamInit(logAlpha),
  };
}

/**
 * One gradient step on one batch, as a pure function (Haarnoja et al. 2018b, algorithm 1): critics towards targets that hold no
 * gradient, the policy against the new critics, the entropy coefficient, and the target networks a part of the way.
 */
export function sacStep(config: SacConfig, { action }: Spaces) {
  const { learningRate, activation, tau } = config;
  const { toUnit } = unitActions(action, 'sac');
  const targetEntropy = config.targetEntropy ?? -actionSize(action);

  return ({ actor, critics, targets, logAlpha, ...rest }: SacState<Tensor> & SacBatch) => {
    const { observations, nextObservations, weights } = rest;
    const alpha = tf.exp(logAlpha);

    const next = actionsFor(actor, nextObservations, config).sample(rest.nextNoise);
    const nextValues = leastOf(criticValues(targets, nextObservations, next.actions, activation));
    const wanted = softTargets(rest, nextValues, next.logProbs, alpha);
    const batch = { observations, actions: toUnit(rest.actions), weights };
    const judged = valueAndGrad((candidates: Critics<Tensor>) => {
      const { loss, ...more } = criticLoss(candidates, batch, wanted, activation);
      return { loss: tf.mul(loss, 0.5), ...more };
    }, critics);
    const judge = adam(critics, judged.gradient, rest.optimizerCritics, { learningRate });

    const acted = valueAndGrad((candidate: Mlp<Tensor>) => {
      const { actions, logProbs } = actionsFor(candidate, observations, config).sample(rest.noise);
      const values = leastOf(criticValues(judge.params, observations, actions, activation));
      return { loss: policyLoss(logProbs, values, alpha), logProbs };
    }, actor);
    const policy = adam(actor, acted.gradient, rest.optimizerActor, { learningRate });

    return {
      actor: policy.params,
      critics: judge.params,
      targets: movingAverage(targets, judge.params, 1 - tau),
      optimizerActor: policy.optimizer,
      optimizerCritics: judge.optimizer,
      ...(config.entropyCoefficient === null && alphaAfter(acted.logProbs)),
      errors: judged.errors,
      criticLoss: judged.loss,
      value: judged.value,
      actorLoss: acted.loss,
      entropy: tf.neg(tf.mean(acted.logProbs)),
      entropyCoefficient: alpha,
      criticGradientNorm: lengthOf(judged.gradient),
      actorGradientNorm: lengthOf(acted.gradient),
    };

    function alphaAfter(logProbs: Tensor) {
      const { gradient } = valueAndGrad(
        (candidate: Tensor) => ({ loss: entropyCoefficientLoss(candidate, logProbs, targetEntropy) }),
        logAlpha,
      );
      const { params, optimizer } = adam(logAlpha, gradient, rest.optimizerAlpha, { learningRate });
      return { logAlpha: params, optimizerAlpha: optimizer };
    }
  };
}

/** `sacStep` as a program that owns the state. */
export const compileSacUpdate = (
  config: SacConfig,
  spaces: Spaces,
  initial: SacState<HostTensor>,
  executor?: string,
) =>
  compile(sacStep(config, spaces), {
    state: initial,
    name: 'sac update',
    ...(executor !== undefined && { executor }),
  });
