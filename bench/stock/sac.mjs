import { mlp, variablesOf } from './parts.mjs';

export const sacStep = (tf, v, { learningRate }) => {
  const optimizers = [0, 1, 2].map(() => tf.train.adam(learningRate, 0.9, 0.999, 1e-8));
  const actorVariables = variablesOf(v, 'actor');
  const criticVariables = variablesOf(v, 'critics');
  const targetVariables = variablesOf(v, 'targets');

  const q = (name, s, a) => tf.reshape(mlp(tf, v, name, tf.concat([s, a], 1), 'relu'), [-1]);
  const least = (name, s, a) => tf.minimum(q(`${name}.0`, s, a), q(`${name}.1`, s, a));
  const act = (s, noise) => {
    const [mean, raw] = tf.split(mlp(tf, v, 'actor', s, 'relu'), 2, 1);
    const logStd = tf.clipByValue(raw, -20, 2);
    const u = tf.add(mean, tf.mul(tf.exp(logStd), noise));
    const squash = tf.mul(tf.sub(tf.sub(Math.LN2, u), tf.softplus(tf.mul(u, -2))), 2);
    const density = tf.sub(
      tf.neg(logStd),
      tf.add(tf.mul(tf.square(noise), 0.5), 0.5 * Math.log(2 * Math.PI)),
    );
    return { actions: tf.tanh(u), logProbs: tf.sum(tf.sub(density, squash), 1) };
  };

  return batch =>
    tf.tidy(() => {
      const { observations, actions, rewards, nextObservations, terminated, noise, nextNoise } = batch;
      const alpha = tf.exp(v.logAlpha);
      const next = act(nextObservations, nextNoise);
      const soft = tf.sub(least('targets', nextObservations, next.actions), tf.mul(alpha, next.logProbs));
      const wanted = tf.add(rewards, tf.mul(tf.mul(tf.sub(1, terminated), soft), 0.99));

      const error = name => tf.mean(tf.square(tf.sub(q(name, observations, actions), wanted)));
      const critic = tf.variableGrads(() => tf.add(error('critics.0'), error('critics.1')), criticVariables);
      optimizers[0].applyGradients(critic.grads);

      let logProbs;
      const actor = tf.variableGrads(() => {
        const own = act(observations, noise);
        logProbs = tf.keep(own.logProbs);
        return tf.mean(tf.sub(tf.mul(alpha, logProbs), least('critics', observations, own.actions)));
      }, actorVariables);
      optimizers[1].applyGradients(actor.grads);

      const excess = tf.mean(tf.sub(logProbs, actions.shape[1]));
      logProbs.dispose();
      const temperature = () => tf.neg(tf.mul(tf.exp(v.logAlpha), excess));
      optimizers[2].applyGradients(tf.variableGrads(temperature, [v.logAlpha]).grads);

      targetVariables.forEach((target, i) => {
        target.assign(tf.add(target, tf.mul(tf.sub(criticVariables[i], target), 0.005)));
      });
      return critic.value;
    });
};
