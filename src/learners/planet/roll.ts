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
} from './networks.ts';
import { preprocessPixels } from './preprocess.ts';
import { withinBounds } from './spaces.ts';

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
  const raw =
    model.config.observe === 'pixels' ? preprocessPixels(args.observations, args.dither) : args.observations;
  const { value, h } = step.advance(splitLatent(args.latent, model), step.ofActions(args.actions));
  const encoded = encode(params, scaleObservations(raw, model), model);
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

/** What a plan by the cross-entropy method takes. */
export interface PlanArguments {
  /** [1, H + Z] */
  readonly latent: Tensor;
  /** Standard normal, [I, J, H, A]. */
  readonly actionNoise: Tensor;
  /** Standard normal, [I, H, J, Z]. */
  readonly noise: Tensor;
}

/** Added to the variance of elites, as in the released code. */
const VARIANCE = 1e-6;

/**
 * The cross-entropy method in latent space: a belief N(0, I) over actions within ±1, and I times: draw J sequences of H, cut them
 * to ±1, judge them, fit mean and deviation to the best K.
 * @returns the belief's mean in the environment's bounds and its deviation (in parts of half the bounds' width), [H, A]; the best
 *   predicted return of the last iteration, and the mean of its elites
 */
export function planActions(params: PlanetParams<Tensor>, args: PlanArguments, model: PlanetModel) {
  const { elites } = model.config.planning;
  const [iterations, candidates, horizon, size] = args.actionNoise.shape as number[];
  const width = horizon * size;
  let mean: Tensor = tf.zeros([1, width]);
  let std: Tensor = tf.ones([1, width]);
  let best: Tensor = tf.scalar(0);
  let eliteReturn: Tensor = best;
  const actionNoise = tf.split(tf.reshape(args.actionNoise, [iterations * candidates, width]), iterations);
  const stateNoise = tf.split(args.noise, iterations);
  for (let i = 0; i < iterations; i++) {
    const drawn = tf.clipByValue(tf.add(mean, tf.mul(std, actionNoise[i])), -1, 1);
    const actions = withinBounds(tf.reshape(drawn, [candidates * horizon, size]), model.sizes);
    const returns = judgeCandidates(
      params,
      {
        latent: args.latent,
        actions: tf.reshape(actions, [candidates, horizon, size]),
        noise: tf.reshape(stateNoise[i], [horizon, candidates, -1]),
      },
      model,
    );
    const { values, indices } = tf.topk(returns, elites);
    const chosen = tf.gather(drawn, indices);
    mean = tf.mean(chosen, 0, true);
    std = tf.sqrt(tf.add(tf.mean(tf.square(tf.sub(chosen, mean)), 0, true), VARIANCE));
    best = tf.max(values);
    eliteReturn = tf.mean(values);
  }
  return {
    mean: withinBounds(tf.reshape(mean, [horizon, size]), model.sizes),
    std: tf.reshape(std, [horizon, size]),
    best,
    eliteReturn,
  };
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
  const { observationUnits, rewardUnit } = model.config;
  const seen = tf.reshape(decode(params, latents, model), [horizon, batch, observation]);
  const rewards = tf.reshape(predictRewards(params, latents, model), [horizon, batch]);
  return {
    observations: tf.transpose(
      observationUnits ? tf.mul(seen, tf.tensor1d([...observationUnits])) : seen,
      [1, 0, 2],
    ),
    rewards: tf.mul(tf.transpose(rewards), rewardUnit),
  };
}
