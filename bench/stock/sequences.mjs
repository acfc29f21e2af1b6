import { crossEntropy, dense, mlp, trainer } from './parts.mjs';

const HEADS = 2;

export const transformerStep = (tf, v, { learningRate }) => {
  const [length, width] = v['params.places'].shape;
  const ahead = new Float32Array(length * length);
  for (let i = 0; i < length; i++) ahead.fill(-1e9, i * length + i + 1, (i + 1) * length);
  const mask = tf.tensor2d(ahead, [length, length]);

  const layerNorm = (v, name, x) => {
    const { mean, variance } = tf.moments(x, 1, true);
    const normal = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5)));
    return tf.add(tf.mul(normal, v[`params.${name}.scale`]), v[`params.${name}.shift`]);
  };
  const attention = (v, x, batch) => {
    const heads = part => tf.transpose(tf.reshape(part, [batch, length, HEADS, width / HEADS]), [0, 2, 1, 3]);
    const [queries, keys, values] = tf.split(dense(tf, v, 'params.qkv', x), 3, 1).map(heads);
    const scores = tf.mul(tf.matMul(queries, keys, false, true), 1 / Math.sqrt(width / HEADS));
    const seen = tf.matMul(tf.softmax(tf.add(scores, mask)), values);
    return dense(tf, v, 'params.project', tf.reshape(tf.transpose(seen, [0, 2, 1, 3]), [-1, width]));
  };
  const loss = (v, { tokens, targets }) => {
    const [batch] = tokens.shape;
    let x = tf.add(tf.gather(v['params.tokens'], tokens), v['params.places']);
    x = tf.reshape(x, [batch * length, width]);
    x = tf.add(x, attention(v, layerNorm(v, 'norm1', x), batch));
    x = tf.add(x, mlp(tf, v, 'params.mlp', layerNorm(v, 'norm2', x), 'relu'));
    const logits = dense(tf, v, 'params.out', layerNorm(v, 'norm3', x));
    return crossEntropy(tf, logits, tf.reshape(targets, [-1]), logits.shape[1]);
  };
  return trainer(tf, v, loss, { learningRate });
};

export const rssmStep = (tf, v, { learningRate }) => {
  const hidden = v['params.enter.weights'].shape[1];
  const gru = (v, x, h) => {
    const [resetX, updateX, newX] = tf.split(dense(tf, v, 'params.gru.input', x), 3, 1);
    const [resetH, updateH, newH] = tf.split(dense(tf, v, 'params.gru.hidden', h), 3, 1);
    const update = tf.sigmoid(tf.add(updateX, updateH));
    const proposal = tf.tanh(tf.add(newX, tf.mul(tf.sigmoid(tf.add(resetX, resetH)), newH)));
    return tf.add(proposal, tf.mul(update, tf.sub(h, proposal)));
  };
  const gaussian = outputs => {
    const [mean, raw] = tf.split(outputs, 2, 1);
    return { mean, std: tf.add(tf.softplus(raw), 0.1) };
  };
  const divergence = (p, q) => {
    const ratio = tf.square(tf.div(p.std, q.std));
    const shift = tf.square(tf.div(tf.sub(p.mean, q.mean), q.std));
    return tf.mean(tf.sum(tf.mul(tf.sub(tf.sub(tf.add(ratio, shift), 1), tf.log(ratio)), 0.5), 1));
  };
  const loss = (v, { observations, actions, noise }) => {
    const [, batch, size] = observations.shape;
    const latent = noise.shape[2];
    const [action, shift] = [tf.unstack(actions), tf.unstack(noise)];
    let h = tf.zeros([batch, hidden]);
    let z = tf.zeros([batch, latent]);
    const [features, priors, posteriors] = [[], [], []];
    tf.unstack(observations).forEach((seen, t) => {
      h = gru(v, tf.elu(dense(tf, v, 'params.enter', tf.concat([z, action[t]], 1))), h);
      priors.push(mlp(tf, v, 'params.prior', h, 'elu'));
      posteriors.push(mlp(tf, v, 'params.posterior', tf.concat([h, seen], 1), 'elu'));
      const { mean, std } = gaussian(posteriors[t]);
      z = tf.add(mean, tf.mul(std, shift[t]));
      features.push(tf.concat([h, z], 1));
    });
    const decoded = mlp(tf, v, 'params.decoder', tf.concat(features), 'elu');
    const error = tf.sub(decoded, tf.reshape(observations, [-1, size]));
    const squared = tf.mean(tf.sum(tf.square(error), 1));
    return tf.add(squared, divergence(gaussian(tf.concat(posteriors)), gaussian(tf.concat(priors))));
  };
  return trainer(tf, v, loss, { learningRate });
};
