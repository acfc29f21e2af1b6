import { type Tensor, tf } from '../../tensors/index.ts';
import {
  decode,
  encode,
  joinLatent,
  type Latent,
  type PlanetModel,
  type PlanetParams,
  predictRewards,
  scaleObservations,
  splitLatent,
  transition,
  unscaleObservations,
} from './networks.ts';

/** What an agent has seen and done since its latent state; n agents, each in a row. */
export interface FilterArguments {
  /** [n, H + Z]; zeros before an episode's first observation */
  readonly latent: Tensor;
  /** a_{t−1}, zeros before an episode's first observation. [n, A] */
  readonly actions: Tensor;
  /** o_t, raw. [n, O] */
  readonly observations: Tensor;
  /** Standard normal, [n, Z]. */
  readonly noise: Tensor;
  /** Uniform in [0, 1), [n, O]: only where pixels are observed. */
  readonly dither?: Tensor;
}

/** One step of filtering: the latent state with a sample of the posterior in it. @returns [n, H + Z] */
export function filterStep(params: PlanetParams<Tensor>, args: FilterArguments, model: PlanetModel): Tensor {
  const step = transition(params, model);
  const { value, h } = step.advance(splitLatent(args.latent, model), step.ofActions(args.actions));
  const encoded = encode(params, scaleObservations(args.observations, model, args.dither), model);
  const s = step.draw(step.posterior(value, step.ofEncoded(encoded)), args.noise);
  return joinLatent({ ...(h && { h }), s });
}

/**
 * Runs the prior along actions, one sample of s a step.
 * @param latent [rows, H + Z]
 * @param actions step by step: [H · rows, A]
 * @param noise [H · rows, Z]
 * @returns latent states after each step: [H · rows, H + Z]
 */
export function rollPrior(
  params: PlanetParams<Tensor>,
  { latent, actions, noise }: { latent: Tensor; actions: Tensor; noise: Tensor },
  model: PlanetModel,
): Tensor {
  const steps = (actions.shape[0] as number) / (latent.shape[0] as number);
  const step = transition(params, model);
  const actionsAt = tf.split(step.ofActions(actions), steps);
  const noiseAt = tf.split(noise, steps);
  let state: Latent = splitLatent(latent, model);
  const latents: Tensor[] = [];
  for (let t = 0; t < steps; t++) {
    const { value, h } = step.advance(state, actionsAt[t]);
    state = { ...(h && { h }), s: step.draw(step.prior(value), noiseAt[t]) };
    latents.push(joinLatent(state));
  }
  return tf.concat(latents);
}

/** Action sequences of N agents to be judged, each from its agent's latent state. */
export interface CandidateArguments {
  /** [N, H + Z] */
  readonly latent: Tensor;
  /** Within their bounds, those of an agent together: [N · J, H, A]. */
  readonly actions: Tensor;
  /** Standard normal, [H, N · J, Z]. */
  readonly noise: Tensor;
}

/** Sums of the mean rewards that are predicted along each sequence. @returns [N · J] */
export function judgeCandidates(
  params: PlanetParams<Tensor>,
  { latent, actions, noise }: CandidateArguments,
  model: PlanetModel,
): Tensor {
  const [candidates, horizon, size] = actions.shape as [number, number, number];
  const rows = horizon * candidates;
  const [agents, width] = latent.shape as [number, number];
  // Each agent's state is repeated in place: tiling whole would start candidates from other agents' states.
  const starts = tf.tile(tf.reshape(latent, [agents, 1, width]), [1, candidates / agents, 1]);
  const latents = rollPrior(
    params,
    {
      latent: tf.reshape(starts, [candidates, width]),
      actions: tf.reshape(tf.transpose(actions, [1, 0, 2]), [rows, size]),
      noise: tf.reshape(noise, [rows, -1]),
    },
    model,
  );
  const rewards = tf.reshape(predictRewards(params, latents, model), [horizon, candidates]);
  return tf.mul(tf.sum(rewards, 0), model.config.rewardUnit);
}

/** What is imagined from: chunks whose first rows are seen, and the actions of all. */
export interface ImaginationArguments {
  /** Raw, of the context alone: [B, C, O]. */
  readonly observations: Tensor;
  /** Row t holds a_{t−1}: [B, C + H, A]. */
  readonly actions: Tensor;
  /** Standard normal, [C + H, B, Z]; zeros: the means. */
  readonly noise: Tensor;
  /** Uniform in [0, 1), [B, C, O]: only where pixels are observed. */
  readonly dither?: Tensor;
}

/**
 * Open-loop prediction: C steps of filtering, then H of the prior along the actions that were taken.
 * @returns observations (of pixels: preprocessed) [B, H, O] and rewards [B, H] of the steps after the context
 */
export function imagine(params: PlanetParams<Tensor>, args: ImaginationArguments, model: PlanetModel) {
  const [batch, context, observation] = args.observations.shape as [number, number, number];
  const length = args.actions.shape[1] as number;
  const actions = tf.transpose(args.actions, [1, 0, 2]);
  const at = (x: Tensor, t: number, count = 1): Tensor => {
    const { shape } = x;
    return tf.reshape(tf.slice(x, [t, 0, 0], [count, -1, -1]), [
      count * (shape[1] as number),
      shape[2] as number,
    ]);
  };
  const observations = tf.transpose(args.observations, [1, 0, 2]);
  const dither = args.dither && tf.transpose(args.dither, [1, 0, 2]);
  let latent: Tensor = tf.zeros([batch, model.sizes.latent]);
  for (let t = 0; t < context; t++) {
    latent = filterStep(
      params,
      {
        latent,
        actions: at(actions, t),
        observations: at(observations, t),
        noise: at(args.noise, t),
        ...(dither && { dither: at(dither, t) }),
      },
      model,
    );
  }
  const horizon = length - context;
  const latents = rollPrior(
    params,
    { latent, actions: at(actions, context, horizon), noise: at(args.noise, context, horizon) },
    model,
  );
  const seen = unscaleObservations(decode(params, latents, model), model);
  const rewards = tf.reshape(predictRewards(params, latents, model), [horizon, batch]);
  return {
    observations: tf.transpose(tf.reshape(seen, [horizon, batch, observation]), [1, 0, 2]),
    rewards: tf.mul(tf.transpose(rewards), model.config.rewardUnit),
  };
}
