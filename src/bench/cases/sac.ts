import { usageError } from '../../core/errors.ts';
import {
  adam,
  adamInit,
  hostScalar,
  hostTensor,
  leavesOf,
  type Mlp,
  mlp,
  mlpInit,
  type Tensor,
  tf,
  treeLike,
  valueAndGrad,
} from '../../tensors/index.ts';
import { defineCase } from './contract.ts';
import { normal } from './train.ts';

/** What `sacCase` can be made smaller by. */
export interface SacSizes {
  readonly observation: number;
  readonly action: number;
  readonly hidden: readonly number[];
  readonly batch: number;
}

const DISCOUNT = 0.99;
const POLYAK = 0.005;
/** Bounds of the logarithm of the policy's deviation. */
const LOG_STD = [-20, 2] as const;

/**
 * A whole update of SAC (Haarnoja et al. 2018, the second of its papers, with a learnt temperature): twin critics and
 * their targets, the policy against the new critics, the temperature, Polyak averaging. Noise is an input. No cutting
 * of gradients: SAC has none.
 */
export const sacCase = (sizes: Partial<SacSizes> = {}) => {
  const { observation = 17, action = 6, hidden = [256, 256], batch = 256 } = sizes;
  if (hidden.length === 0) throw usageError('sacCase: hidden: expected one layer or more, got none');
  return defineCase({
    name: `SAC ${hidden.join('-')}, twin critics, batch ${batch}`,
    program: 'sac',
    state(random) {
      const layers = (inputs: number, outputs: number) =>
        mlpInit(random, [inputs, ...hidden, outputs], { init: 'torch' });
      const actor = layers(observation, 2 * action);
      const critics = [layers(observation + action, 1), layers(observation + action, 1)];
      const logAlpha = hostScalar(0);
      return {
        actor,
        critics,
        targets: critics,
        logAlpha,
        optimizerActor: adamInit(actor),
        optimizerCritics: adamInit(critics),
        optimizerAlpha: adamInit(logAlpha),
      };
    },
    inputs: random => ({
      observations: normal(random, [batch, observation]),
      actions: hostTensor([batch, action], normal(random, [batch, action]).data.map(Math.tanh)),
      rewards: normal(random, [batch]),
      nextObservations: normal(random, [batch, observation]),
      /** 1 where an episode ended for good. */
      terminated: hostTensor(
        [batch],
        Float32Array.from({ length: batch }, () => +(random.uniform() < 0.05)),
      ),
      noise: normal(random, [batch, action]),
      nextNoise: normal(random, [batch, action]),
      learningRate: 3e-4,
    }),
    step({ actor, critics, targets, logAlpha, learningRate, ...rest }) {
      const { observations, actions, rewards, nextObservations, terminated, noise, nextNoise } = rest;
      const alpha = tf.exp(logAlpha);
      const next = sample(actor, nextObservations, nextNoise);
      const soft = tf.sub(least(targets, nextObservations, next.actions), tf.mul(alpha, next.logProbs));
      const wanted = tf.add(rewards, tf.mul(tf.mul(tf.sub(1, terminated), soft), DISCOUNT));

      const criticsOf = valueAndGrad((candidates: readonly Mlp<Tensor>[]) => {
        const errors = candidates.map(critic =>
          tf.mean(tf.square(tf.sub(value(critic, observations, actions), wanted))),
        );
        return { loss: tf.add(errors[0], errors[1]) };
      }, critics);
      const judged = adam(critics, criticsOf.gradient, rest.optimizerCritics, { learningRate });

      const actorOf = valueAndGrad((candidate: Mlp<Tensor>) => {
        const { actions: own, logProbs } = sample(candidate, observations, noise);
        const loss = tf.mean(tf.sub(tf.mul(alpha, logProbs), least(judged.params, observations, own)));
        return { loss, logProbs };
      }, actor);
      const acted = adam(actor, actorOf.gradient, rest.optimizerActor, { learningRate });

      // The entropy that the temperature steers to is minus the number of actions.
      const excess = tf.mean(tf.sub(actorOf.logProbs, action));
      const alphaOf = valueAndGrad(
        (candidate: Tensor) => ({ loss: tf.neg(tf.mul(tf.exp(candidate), excess)) }),
        logAlpha,
      );
      const tempered = adam(logAlpha, alphaOf.gradient, rest.optimizerAlpha, { learningRate });
      return {
        actor: acted.params,
        critics: judged.params,
        targets: towards(targets, judged.params),
        logAlpha: tempered.params,
        optimizerActor: acted.optimizer,
        optimizerCritics: judged.optimizer,
        optimizerAlpha: tempered.optimizer,
        loss: criticsOf.loss,
        actorLoss: actorOf.loss,
        alphaLoss: alphaOf.loss,
      };
    },
  });
};

/** Q(s, a), [B]. */
const value = (critic: Mlp<Tensor>, observations: Tensor, actions: Tensor): Tensor =>
  tf.reshape(mlp(critic, tf.concat([observations, actions], 1), 'relu'), [-1]);

/** The smaller of the two critics' values, [B]. */
const least = (critics: readonly Mlp<Tensor>[], observations: Tensor, actions: Tensor): Tensor =>
  tf.minimum(value(critics[0], observations, actions), value(critics[1], observations, actions));

/** Actions within ±1, tanh of normal ones, and their log-probabilities [B]. */
function sample(actor: Mlp<Tensor>, observations: Tensor, noise: Tensor) {
  const [mean, raw] = tf.split(mlp(actor, observations, 'relu'), 2, 1);
  const logStd = tf.clipByValue(raw, ...LOG_STD);
  const u = tf.add(mean, tf.mul(tf.exp(logStd), noise));
  // log(1 − tanh²u) = 2 (log 2 − u − softplus(−2u)): exact where tanh u rounds to 1.
  const squash = tf.mul(tf.sub(tf.sub(Math.LN2, u), tf.softplus(tf.mul(u, -2))), 2);
  const density = tf.sub(tf.neg(logStd), tf.add(tf.mul(tf.square(noise), 0.5), 0.5 * Math.log(2 * Math.PI)));
  return { actions: tf.tanh(u), logProbs: tf.sum(tf.sub(density, squash), 1) };
}

function towards(targets: readonly Mlp<Tensor>[], critics: readonly Mlp<Tensor>[]): readonly Mlp<Tensor>[] {
  const goals = leavesOf<Tensor>(critics);
  const moved = leavesOf<Tensor>(targets).map((target, i) =>
    tf.add(target, tf.mul(tf.sub(goals[i], target), POLYAK)),
  );
  return treeLike<Tensor>(targets, moved) as unknown as readonly Mlp<Tensor>[];
}
