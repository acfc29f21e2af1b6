import type { Random } from '../../core/random.ts';
import {
  activate,
  type Dense,
  denseInit,
  type Gru,
  gruCell,
  gruInit,
  type HostTensor,
  type Mlp,
  mlp,
  mlpInit,
  type Tensor,
  tf,
} from '../../tensors/index.ts';
import type { PlanetConfig } from './config.ts';
import {
  decodeImages,
  encodeImages,
  type ImageDecoder,
  type ImageEncoder,
  imageDecoderInit,
  imageEncoderInit,
  imageFeatures,
} from './images.ts';
import { preprocessPixels } from './preprocess.ts';
import { normalizeActions, type PlanetSizes } from './spaces.ts';

/** What PlaNet learns. H of h, Z of s, O of an observation, A of an action, E of what an observation is encoded as. */
export interface PlanetParams<T> {
  /** O → E */
  readonly encoder: Mlp<T> | ImageEncoder<T>;
  /** [s, a] → hidden */
  readonly input: Dense<T>;
  /** hidden → H; absent in the stochastic model */
  readonly gru?: Gru<T>;
  /** h → hidden → mean and deviation of s */
  readonly prior: Mlp<T>;
  /** [h, e] → hidden → mean and deviation of s */
  readonly posterior: Mlp<T>;
  /** [h, s] → O */
  readonly decoder: Mlp<T> | ImageDecoder<T>;
  /** [h, s] → 1 */
  readonly reward: Mlp<T>;
}

/** Independent normal distributions, [rows, Z] each. */
export interface Gaussian {
  readonly mean: Tensor;
  readonly std: Tensor;
}

/** A latent state: the part that remembers (absent in the stochastic model) and the one that is drawn. */
export interface Latent {
  /** [rows, H] */
  readonly h?: Tensor;
  /** [rows, Z] */
  readonly s: Tensor;
}

/** What both priors and posteriors are conditioned on at a step: h, or without it what [s, a] comes to. */
export interface Context {
  readonly value: Tensor;
  readonly h?: Tensor;
}

/** A config and the sizes that go with it. */
export interface PlanetModel {
  readonly config: PlanetConfig;
  readonly sizes: PlanetSizes;
}

/** Glorot's weights and biases 0, as TensorFlow's layers start in the released code. */
export function planetInit(random: Random, { config, sizes }: PlanetModel): PlanetParams<HostTensor> {
  const { hidden, latent, observe, stateLayers, rewardLayers } = config;
  const { observation, action, deterministic, stochastic } = sizes;
  const layers = (name: string, widths: readonly number[]) =>
    mlpInit(random.split(name), widths, { init: 'glorot' });
  const pixels = observe === 'pixels';
  const context = latent === 'stochastic' ? hidden : deterministic;
  const encoded = pixels ? imageFeatures(config) : (stateLayers.at(-1) ?? observation);
  return {
    encoder: pixels
      ? imageEncoderInit(random.split('encoder'), config)
      : stateLayers.length === 0
        ? []
        : layers('encoder', [observation, ...stateLayers]),
    input: denseInit(random.split('input'), stochastic + action, hidden, { init: 'glorot' }),
    ...(latent !== 'stochastic' && { gru: gruInit(random.split('gru'), hidden, deterministic) }),
    prior: layers('prior', [context, hidden, 2 * stochastic]),
    posterior: layers('posterior', [context + encoded, hidden, 2 * stochastic]),
    decoder: pixels
      ? imageDecoderInit(random.split('decoder'), sizes.latent, config)
      : layers('decoder', [sizes.latent, ...stateLayers.toReversed(), observation]),
    reward: layers('reward', [sizes.latent, ...rewardLayers, 1]),
  };
}

/** Latent states before the first observation: zeros. */
export function initialLatent(rows: number, { sizes }: PlanetModel): Latent {
  const s = tf.zeros([rows, sizes.stochastic]);
  return sizes.deterministic === 0 ? { s } : { h: tf.zeros([rows, sizes.deterministic]), s };
}

/** h, then s: what heads see and what agents carry. [rows, H + Z] */
export const joinLatent = ({ h, s }: Latent): Tensor => (h ? tf.concat([h, s], 1) : s);

/** The other way. */
export function splitLatent(latent: Tensor, { sizes: { deterministic, stochastic } }: PlanetModel): Latent {
  if (deterministic === 0) return { s: latent };
  const [h, s] = tf.split(latent, [deterministic, stochastic], 1);
  return { h, s };
}

/**
 * Observations as the encoder sees them and the decoder says them.
 * @param observations raw, [… , O]
 * @param dither of pixels: what `preprocessPixels` fills the steps with, [… , O]
 */
export function scaleObservations(observations: Tensor, { config }: PlanetModel, dither?: Tensor): Tensor {
  const { observe, observationUnits, pixelCenter, pixelUnit } = config;
  if (observe === 'pixels')
    return preprocessPixels(observations, dither, { center: pixelCenter, unit: pixelUnit });
  return observationUnits ? tf.div(observations, tf.tensor1d([...observationUnits])) : observations;
}

/** The other way: raw numbers of a state, preprocessed pixels. */
export function unscaleObservations(scaled: Tensor, { config }: PlanetModel): Tensor {
  const { observe, observationUnits, pixelCenter, pixelUnit } = config;
  if (observe === 'state')
    return observationUnits ? tf.mul(scaled, tf.tensor1d([...observationUnits])) : scaled;
  const spread = pixelUnit === 1 ? scaled : tf.mul(scaled, pixelUnit);
  return pixelCenter === 0 ? spread : tf.add(spread, pixelCenter);
}

/** e of observations that are scaled or preprocessed. @param observations [rows, O] @returns [rows, E] */
export function encode(
  { encoder }: PlanetParams<Tensor>,
  observations: Tensor,
  { config }: PlanetModel,
): Tensor {
  if (config.observe === 'pixels') return encodeImages(encoder as ImageEncoder<Tensor>, observations, config);
  if (encoder.length === 0) return observations;
  return mlp(encoder as Mlp<Tensor>, observations, config.activation, config.activation);
}

/** The means of observations, scaled or preprocessed. @param latents [rows, H + Z] @returns [rows, O] */
export const decode = (
  { decoder }: PlanetParams<Tensor>,
  latents: Tensor,
  { config }: PlanetModel,
): Tensor =>
  config.observe === 'pixels'
    ? decodeImages(decoder as ImageDecoder<Tensor>, latents, config)
    : mlp(decoder as Mlp<Tensor>, latents, config.activation);

/** The means of rewards over `rewardUnit`. @param latents [rows, H + Z] @returns [rows] */
export const predictRewards = (
  { reward }: PlanetParams<Tensor>,
  latents: Tensor,
  { config }: PlanetModel,
): Tensor => tf.reshape(mlp(reward, latents, config.activation), [-1]);

/**
 * The parts of a model that a loop over time needs, cut so that what does not depend on the latent state is worked out for
 * all steps at once.
 */
export interface Transition {
  /** The share of actions in the layer before the GRU. @param actions as the environment takes them, [rows, A] @returns [rows, hidden] */
  ofActions(actions: Tensor): Tensor;
  /** The share of what observations are encoded as in the posterior's first layer. @param encoded [rows, E] @returns [rows, hidden] */
  ofEncoded(encoded: Tensor): Tensor;
  /** One step ahead: h, or what stands in its place. @param ofAction [rows, hidden] */
  advance(latent: Latent, ofAction: Tensor): Context;
  /** p(s | h) */
  prior(context: Tensor): Gaussian;
  /** q(s | h, o) @param ofEncoded [rows, hidden] */
  posterior(context: Tensor, ofEncoded: Tensor): Gaussian;
  /** s = mean + std · noise; in the deterministic model the mean. @param noise standard normal, [rows, Z] */
  draw(gaussian: Gaussian, noise: Tensor): Tensor;
}

/** The transition under given parameters. Call it outside of loops: it cuts weights apart. */
export function transition(params: PlanetParams<Tensor>, { config, sizes }: PlanetModel): Transition {
  const { activation, hidden, minStd } = config;
  const { stochastic, action } = sizes;
  const [posteriorInput, posteriorHead] = params.posterior;
  const context = (posteriorInput.weights.shape[0] as number) - encodedSize(params, sizes, config);
  const [fromState, fromAction] = rowsOf(params.input.weights, [stochastic, action]);
  const [fromContext, fromEncoded] = rowsOf(posteriorInput.weights, [
    context,
    (posteriorInput.weights.shape[0] as number) - context,
  ]);
  const gaussian = (sums: Tensor): Gaussian => {
    const [mean, before] = tf.split(sums, [stochastic, stochastic], 1);
    return { mean, std: tf.add(activate(before, 'softplus'), minStd) };
  };
  const { gru } = params;
  return {
    ofActions: actions => plus(product(normalizeActions(actions, sizes), fromAction), params.input.bias),
    ofEncoded: encoded => plus(product(encoded, fromEncoded), posteriorInput.bias),
    advance({ h, s }, ofAction) {
      const inputs = activate(tf.add(product(s, fromState), ofAction), activation);
      if (!gru || !h) return { value: inputs };
      const next = gruCell(gru, inputs, h);
      return { value: next, h: next };
    },
    prior: value => gaussian(mlp(params.prior, value, activation)),
    posterior(value, ofEncoded) {
      const inner = activate(tf.add(product(value, fromContext), ofEncoded), activation);
      return gaussian(mlp([posteriorHead], inner));
    },
    draw: ({ mean, std }, noise) =>
      config.latent === 'deterministic' ? mean : tf.add(mean, tf.mul(std, noise)),
  };

  function plus(sums: Tensor, bias: Tensor): Tensor {
    return tf.add(sums, tf.reshape(bias, [1, hidden]));
  }
}

const encodedSize = (params: PlanetParams<Tensor>, sizes: PlanetSizes, config: PlanetConfig): number =>
  config.observe === 'pixels'
    ? imageFeatures(config)
    : ((params.encoder.at(-1) as Dense<Tensor> | undefined)?.bias.size ?? sizes.observation);

const rowsOf = (weights: Tensor, sizes: number[]): Tensor[] => tf.split(weights, sizes, 0);

const product = (a: Tensor, b: Tensor): Tensor => tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D);
