// What the steps share, as users of stock tfjs write it: variables, tf.variableGrads, tf.train.adam.
const MAX_NORM = 0.5;

/** Layers `prefix.0`, `prefix.1` … with an activation between them. @param v variables by name */
export function mlp(tf, v, prefix, x, activation) {
  for (let i = 0; `${prefix}.${i}.weights` in v; i++) {
    if (i > 0) x = tf[activation](x);
    x = dense(tf, v, `${prefix}.${i}`, x);
  }
  return x;
}

export const dense = (tf, v, name, x) => tf.add(tf.matMul(x, v[`${name}.weights`]), v[`${name}.bias`]);

export const crossEntropy = (tf, logits, labels, classes) =>
  tf.neg(tf.mean(tf.sum(tf.mul(tf.oneHot(labels, classes).toFloat(), tf.logSoftmax(logits)), 1)));

/** The variables whose names begin so, all by default. */
export const variablesOf = (v, prefix = '') =>
  Object.keys(v)
    .filter(name => name.startsWith(prefix))
    .map(name => v[name]);

export function clipByGlobalNorm(tf, grads) {
  const squares = Object.values(grads).map(grad => tf.sum(tf.square(grad)));
  const norm = tf.sqrt(tf.addN(squares));
  const scale = tf.minimum(tf.div(MAX_NORM, tf.add(norm, 1e-6)), 1);
  return Object.fromEntries(Object.entries(grads).map(([name, grad]) => [name, tf.mul(grad, scale)]));
}

/** A step that minimises `lossOf(v, inputs)`: gradients, cut to a length, Adam. @returns a function of the inputs */
export function trainer(tf, v, lossOf, { learningRate, epsilon = 1e-8 }) {
  const optimizer = tf.train.adam(learningRate, 0.9, 0.999, epsilon);
  return inputs =>
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(() => lossOf(v, inputs), variablesOf(v));
      optimizer.applyGradients(clipByGlobalNorm(tf, grads));
      return value;
    });
}
