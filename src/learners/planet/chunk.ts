import { usageError } from '../../core/errors.ts';
import { stopGradient, type Tensor, tf } from '../../tensors/index.ts';
import { gaussianKl, type PlanetTerms } from './loss.ts';
import {
  type Context,
  decode,
  encode,
  type Gaussian,
  initialLatent,
  joinLatent,
  type Latent,
  type PlanetModel,
  type PlanetParams,
  predictRewards,
  scaleObservations,
  splitLatent,
  type Transition,
  transition,
} from './networks.ts';

/** A batch of chunks: row t holds the observation o_t, the action a_{t−1} that led to it and the reward r_t that came with it. */
export interface Chunks {
  /** Raw, [B, L, O]; of pixels the bytes, as float32. */
  readonly observations: Tensor;
  /** As the environment was given them, [B, L, A]. */
  readonly actions: Tensor;
  /** [B, L] */
  readonly rewards: Tensor;
  /** Standard normal, for samples of s: [L, B, Z]. */
  readonly noise: Tensor;
  /** Uniform in [0, 1), [B, L, O]: only where pixels are observed. */
  readonly dither?: Tensor;
  /** Standard normal, [D, L, B, Z]: only with latent overshooting. */
  readonly aheadNoise?: Tensor;
}

/** What a model makes of chunks. Rows are in time order: row t · B + b is step t of chunk b. */
export interface Filtered {
  /** Scaled or preprocessed, [L · B, O]. */
  readonly observations: Tensor;
  /** Latent states after each step, with the posterior's sample: [L · B, H + Z]. */
  readonly latents: Tensor;
  /** What the prior is conditioned on: [L · B, ·]. */
  readonly contexts: Tensor;
  readonly posterior: Gaussian;
  /** The share of each row's action, [L · B, hidden]. */
  readonly ofActions: Tensor;
  readonly step: Transition;
}

/** Runs the posterior along chunks; all that need not be in the loop over time is outside of it. */
export function filterChunks(params: PlanetParams<Tensor>, chunks: Chunks, model: PlanetModel): Filtered {
  const [batch, length] = chunks.observations.shape as number[];
  expectNoise(chunks, model);
  const step = transition(params, model);
  const observations = timeFirst(scaleObservations(chunks.observations, model, chunks.dither));
  const ofActions = step.ofActions(timeFirst(chunks.actions));
  const actionsAt = tf.split(ofActions, length);
  const encodedAt = tf.split(step.ofEncoded(encode(params, observations, model)), length);
  const noiseAt = tf.split(tf.reshape(chunks.noise, [length * batch, -1]), length);

  let latent = initialLatent(batch, model);
  const contexts: Context[] = [];
  const posteriors: Gaussian[] = [];
  const drawn: Tensor[] = [];
  for (let t = 0; t < length; t++) {
    const context = step.advance(latent, actionsAt[t]);
    const posterior = step.posterior(context.value, encodedAt[t]);
    const s = step.draw(posterior, noiseAt[t]);
    latent = { ...(context.h && { h: context.h }), s };
    contexts.push(context);
    posteriors.push(posterior);
    drawn.push(s);
  }
  const allContexts = tf.concat(contexts.map(({ value }) => value));
  const s = tf.concat(drawn);
  return {
    observations,
    latents: joinLatent(model.sizes.deterministic === 0 ? { s } : { h: allContexts, s }),
    contexts: allContexts,
    posterior: {
      mean: tf.concat(posteriors.map(({ mean }) => mean)),
      std: tf.concat(posteriors.map(({ std }) => std)),
    },
    ofActions,
    step,
  };
}

/** Broadcasting would take noise of other shapes in silence, and the same numbers would stand for several. */
function expectNoise(
  { observations, noise, dither, aheadNoise }: Chunks,
  { config, sizes }: PlanetModel,
): void {
  const [batch, length] = observations.shape as number[];
  const { stochastic, observation } = sizes;
  const expected = (name: string, tensor: Tensor | undefined, shape: readonly number[]) => {
    if (tensor?.shape.join() === shape.join()) return;
    const got = tensor ? `[${tensor.shape.join(', ')}]` : 'nothing';
    throw usageError(`chunks: ${name} is ${got}, expected [${shape.join(', ')}]`);
  };
  expected('noise', noise, [length, batch, stochastic]);
  if (config.observe === 'pixels') expected('dither', dither, [batch, length, observation]);
  if (config.overshooting && config.latent !== 'deterministic') {
    expected('aheadNoise', aheadNoise, [config.overshooting.distance, length, batch, stochastic]);
  }
}

/** What the loss of chunks is made of. */
export function chunkTerms(params: PlanetParams<Tensor>, chunks: Chunks, model: PlanetModel): PlanetTerms {
  const filtered = filterChunks(params, chunks, model);
  const { observations, latents, contexts, posterior, step } = filtered;
  const { latent, overshooting, priorLikelihood, rewardUnit, decodeEvery } = model.config;
  const [batch] = chunks.observations.shape;
  const decoded = (rows: Tensor): Tensor => everyStep(rows, decodeEvery, batch);
  const terms = {
    observations: decoded(observations),
    predictedObservations: decode(params, decoded(latents), model),
    rewards: tf.div(tf.reshape(tf.transpose(chunks.rewards), [-1]), rewardUnit),
    predictedRewards: predictRewards(params, latents, model),
  };
  if (latent === 'deterministic') {
    if (!priorLikelihood) return terms;
    const expected = joinLatent({ h: contexts, s: step.prior(contexts).mean });
    return {
      ...terms,
      fromPrior: {
        predictedObservations: decode(params, decoded(expected), model),
        predictedRewards: predictRewards(params, expected, model),
      },
    };
  }
  const prior = step.prior(contexts);
  if (!overshooting || !chunks.aheadNoise) return { ...terms, posterior, prior };
  return { ...terms, posterior, prior, ahead: overshoot(filtered, chunks.aheadNoise, model) };
}

/**
 * Latent overshooting: from the posterior of every step (and the zeros before the first) the prior runs D steps ahead along
 * the actions that were taken. What would leave the chunk is left out, so nothing needs a mask.
 * @param noise [D, L, B, Z]
 * @returns for each distance 2 … D the KL from the posteriors, as constants, to the predictions: [(L − d + 1) · B]
 */
function overshoot(
  { latents, posterior, ofActions, step }: Filtered,
  noise: Tensor,
  model: PlanetModel,
): readonly Tensor[] {
  const { overshooting } = model.config;
  const [distance, length, batch] = noise.shape as number[];
  const rows = length * batch;
  const targets = { mean: stopGradient(posterior.mean), std: stopGradient(posterior.std) };
  const reached = overshooting?.throughStart ? latents : stopGradient(latents);
  const before = joinLatent(initialLatent(batch, model));
  const starts = tf.concat([before, rowsFrom(reached, 0, rows - batch)]);
  return stepsAhead(
    { starts, targets, ofActions, noise: tf.reshape(noise, [distance, rows, -1]), batch },
    step,
    model,
  );
}

/** What predictions start from and are held against. */
export interface AheadArguments {
  /** Latent states before each row: [L · B, H + Z]. */
  readonly starts: Tensor;
  /** Posteriors of each row. */
  readonly targets: Gaussian;
  /** [L · B, hidden] */
  readonly ofActions: Tensor;
  /** [D, L · B, Z] */
  readonly noise: Tensor;
  /** B */
  readonly batch: number;
  /** The first distance whose KL is returned. Default 2: distance 1 is the ordinary KL. */
  readonly from?: number;
}

/** The KLs of predictions `from` … D steps ahead, [(L − d + 1) · B] each. */
export function stepsAhead(
  { starts, targets, ofActions, noise, batch, from = 2 }: AheadArguments,
  step: Pick<Transition, 'advance' | 'prior' | 'draw'>,
  model: PlanetModel,
): readonly Tensor[] {
  const [distance, rows, size] = noise.shape as number[];
  let latent = splitLatent(starts, model);
  const kls: Tensor[] = [];
  for (let d = 1; d <= distance; d++) {
    const left = rows - (d - 1) * batch;
    const past = (d - 1) * batch;
    const context = step.advance(shortened(latent, left), rowsFrom(ofActions, past, left));
    const prior = step.prior(context.value);
    if (d >= from) {
      const target = { mean: rowsFrom(targets.mean, past, left), std: rowsFrom(targets.std, past, left) };
      kls.push(gaussianKl(target, prior));
    }
    const noiseHere = tf.reshape(tf.slice(noise, [d - 1, 0, 0], [1, left, size]), [left, size]);
    latent = { ...(context.h && { h: context.h }), s: step.draw(prior, noiseHere) };
  }
  return kls;
}

const shortened = ({ h, s }: Latent, rows: number): Latent => ({
  ...(h && { h: rowsFrom(h, 0, rows) }),
  s: rowsFrom(s, 0, rows),
});

const rowsFrom = (x: Tensor, from: number, rows: number): Tensor =>
  from === 0 && rows === x.shape[0] ? x : tf.slice(x, [from, 0], [rows, -1]);

/** Of rows in time order those of steps k, 2k, …: [L · B, n] to [L / k · B, n]. */
function everyStep(x: Tensor, k: number, batch: number): Tensor {
  if (k === 1) return x;
  const [rows, size] = x.shape as [number, number];
  const groups = tf.reshape(x, [rows / (k * batch), k * batch, size]);
  return tf.reshape(tf.slice(groups, [0, (k - 1) * batch, 0], [-1, batch, -1]), [rows / k, size]);
}

/** [B, L, n] to [L · B, n] */
function timeFirst(x: Tensor): Tensor {
  const [batch, length, size] = x.shape as [number, number, number];
  return tf.reshape(tf.transpose(x, [1, 0, 2]), [length * batch, size]);
}
