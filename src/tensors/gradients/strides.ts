import * as tf from '../tfjs.ts';

/** Puts steps[i] − 1 zeros between neighbours along each axis i: the gradient of taking every steps[i]th. */
export function dilate(x: tf.Tensor, steps: readonly number[]): tf.Tensor {
  const wide = (axis: number) => steps[axis] > 1 && x.shape[axis] > 1;
  if (!x.shape.some((_, axis) => wide(axis))) return x;
  // An axis of its own for each axis of gaps, padded in one go.
  const apart = x.shape.flatMap((size, axis) => (wide(axis) ? [size, 1] : [size]));
  const gaps = x.shape.flatMap((_, axis): [number, number][] =>
    wide(axis)
      ? [
          [0, 0],
          [0, steps[axis] - 1],
        ]
      : [[0, 0]],
  );
  const spaced = x.shape.map((size, axis) => (wide(axis) ? size * steps[axis] : size));
  const filled = tf.reshape(tf.pad(tf.reshape(x, apart), gaps), spaced);
  // Without the gaps behind the last ones.
  return tf.slice(
    filled,
    spaced.map(() => 0),
    x.shape.map((size, axis) => (wide(axis) ? (size - 1) * steps[axis] + 1 : size)),
  );
}
