import { crossEntropy, dense, mlp, trainer } from './parts.mjs';

export const mlpStep = (tf, v, { learningRate }) =>
  trainer(tf, v, (v, { x, y }) => tf.mean(tf.square(tf.sub(mlp(tf, v, 'params', x, 'tanh'), y))), {
    learningRate,
  });

export const actingStep = (tf, v) => inputs => tf.tidy(() => mlp(tf, v, 'params', inputs.x, 'tanh'));

export const convStep = (tf, v, { learningRate }) => {
  const block = (v, name, x) => {
    const sums = tf.add(tf.conv2d(x, v[`params.${name}.weights`], 1, 'same'), v[`params.${name}.bias`]);
    return tf.maxPool(tf.relu(sums), 2, 2, 'valid');
  };
  const loss = (v, { images, labels }) => {
    const features = block(v, 'second', block(v, 'first', images));
    const logits = dense(tf, v, 'params.out', tf.reshape(features, [images.shape[0], -1]));
    return crossEntropy(tf, logits, labels, logits.shape[1]);
  };
  return trainer(tf, v, loss, { learningRate });
};

/** PPO with a normal policy whose deviation does not depend on the observation. */
export const ppoStep = (tf, v, { learningRate, clip }) => {
  const halfLog2Pi = 0.5 * Math.log(2 * Math.PI);
  const loss = (v, batch) => {
    const { observations, actions, logProbs, advantages, returns } = batch;
    const logStd = v['params.logStd'];
    const means = mlp(tf, v, 'params.policy', observations, 'tanh');
    const z = tf.div(tf.sub(actions, means), tf.exp(logStd));
    const each = tf.sub(tf.sub(tf.mul(tf.square(z), -0.5), logStd), halfLog2Pi);
    const ratio = tf.exp(tf.sub(tf.sum(each, 1), logProbs));
    const centred = tf.sub(advantages, tf.mean(advantages));
    const variance = tf.div(tf.sum(tf.square(centred)), advantages.size - 1);
    const standard = tf.div(centred, tf.add(tf.sqrt(variance), 1e-8));
    const clipped = tf.clipByValue(ratio, 1 - clip, 1 + clip);
    const policyLoss = tf.neg(tf.mean(tf.minimum(tf.mul(ratio, standard), tf.mul(clipped, standard))));
    const values = tf.reshape(mlp(tf, v, 'params.value', observations, 'tanh'), [-1]);
    const valueLoss = tf.mul(tf.mean(tf.square(tf.sub(values, returns))), 0.5);
    return tf.add(policyLoss, tf.mul(valueLoss, 0.5));
  };
  return trainer(tf, v, loss, { learningRate, epsilon: 1e-5 });
};
