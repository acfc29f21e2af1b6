import {
  adamInit,
  type Dense,
  dense,
  denseInit,
  type HostTensor,
  type Mlp,
  mlp,
  mlpInit,
  type Tensor,
  tf,
} from '../../tensors/index.ts';
import { defineCase } from './contract.ts';
import { descend, normal } from './train.ts';

/** What `rssmCase` can be made smaller by. */
export interface RssmSizes {
  readonly steps: number;
  readonly batch: number;
  readonly hidden: number;
}

const OBSERVATION = 16;
const ACTION = 4;
const LATENT = 16;

/** Gates side by side in the order reset, update, new. */
interface Gru<T> {
  readonly input: Dense<T>;
  readonly hidden: Dense<T>;
}

interface World<T> {
  readonly enter: Dense<T>;
  readonly gru: Gru<T>;
  readonly prior: Mlp<T>;
  readonly posterior: Mlp<T>;
  readonly decoder: Mlp<T>;
}

/**
 * A recurrent state-space model (Hafner et al., 2019) unrolled: a GRU over latent state and action, a prior of the
 * next latent state, a posterior that also sees the observation, a decoder; squared error plus KL divergence.
 */
export const rssmCase = (sizes: Partial<RssmSizes> = {}) => {
  const { steps = 10, batch = 16, hidden = 64 } = sizes;
  return defineCase({
    name: `RSSM with a GRU of ${hidden}, ${steps} steps, batch ${batch}`,
    program: 'rssm',
    state(random) {
      const layer = (inputs: number, outputs: number) =>
        denseInit(random, inputs, outputs, { init: 'torch' });
      const layers = (inputs: number, outputs: number) =>
        mlpInit(random, [inputs, hidden, outputs], { init: 'torch' });
      const params: World<HostTensor> = {
        enter: layer(LATENT + ACTION, hidden),
        gru: { input: layer(hidden, 3 * hidden), hidden: layer(hidden, 3 * hidden) },
        prior: layers(hidden, 2 * LATENT),
        posterior: layers(hidden + OBSERVATION, 2 * LATENT),
        decoder: layers(hidden + LATENT, OBSERVATION),
      };
      return { params, optimizer: adamInit(params) };
    },
    inputs: random => ({
      observations: normal(random, [steps, batch, OBSERVATION]),
      actions: normal(random, [steps, batch, ACTION]),
      noise: normal(random, [steps, batch, LATENT]),
      learningRate: 1e-3,
    }),
    step: ({ params, optimizer, observations, actions, noise, learningRate }) =>
      descend(params, optimizer, learningRate, (world: World<Tensor>) =>
        loss(world, observations, tf.unstack(actions), tf.unstack(noise), batch, hidden),
      ),
  });
};

function loss(
  world: World<Tensor>,
  observations: Tensor,
  actions: Tensor[],
  noise: Tensor[],
  batch: number,
  hidden: number,
): Tensor {
  let h: Tensor = tf.zeros([batch, hidden]);
  let z: Tensor = tf.zeros([batch, LATENT]);
  const features: Tensor[] = [];
  const priors: Tensor[] = [];
  const posteriors: Tensor[] = [];
  for (const [t, seen] of tf.unstack(observations).entries()) {
    h = gru(world.gru, dense(world.enter, tf.concat([z, actions[t]], 1), 'elu'), h);
    priors.push(mlp(world.prior, h, 'elu'));
    posteriors.push(mlp(world.posterior, tf.concat([h, seen], 1), 'elu'));
    const { mean, std } = gaussian(posteriors[t]);
    z = tf.add(mean, tf.mul(std, noise[t]));
    features.push(tf.concat([h, z], 1));
  }
  const decoded = mlp(world.decoder, tf.concat(features), 'elu');
  const error = tf.sub(decoded, tf.reshape(observations, [-1, OBSERVATION]));
  const squared = tf.mean(tf.sum(tf.square(error), 1));
  return tf.add(squared, divergence(gaussian(tf.concat(posteriors)), gaussian(tf.concat(priors))));
}

/** PyTorch's GRU cell: the reset gate acts on the hidden part after its product. */
function gru({ input, hidden }: Gru<Tensor>, x: Tensor, h: Tensor): Tensor {
  const [resetX, updateX, newX] = tf.split(dense(input, x), 3, 1);
  const [resetH, updateH, newH] = tf.split(dense(hidden, h), 3, 1);
  const update = tf.sigmoid(tf.add(updateX, updateH));
  const proposal = tf.tanh(tf.add(newX, tf.mul(tf.sigmoid(tf.add(resetX, resetH)), newH)));
  return tf.add(proposal, tf.mul(update, tf.sub(h, proposal)));
}

interface Gaussian {
  readonly mean: Tensor;
  readonly std: Tensor;
}

function gaussian(outputs: Tensor): Gaussian {
  const [mean, raw] = tf.split(outputs, 2, 1);
  return { mean, std: tf.add(tf.softplus(raw), 0.1) };
}

/** Mean over rows of KL(p ‖ q). */
function divergence(p: Gaussian, q: Gaussian): Tensor {
  const ratio = tf.square(tf.div(p.std, q.std));
  const shift = tf.square(tf.div(tf.sub(p.mean, q.mean), q.std));
  const each = tf.mul(tf.sub(tf.sub(tf.add(ratio, shift), 1), tf.log(ratio)), 0.5);
  return tf.mean(tf.sum(each, 1));
}
