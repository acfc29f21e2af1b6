import { usageError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import {
  type Adam,
  adam,
  adamInit,
  compile,
  labelCrossEntropy,
  type Mlp,
  mlp,
  mlpInit,
  rowsOf,
  type Tensor,
  tf,
  valueAndGrad,
} from '../../tensors/index.ts';
import type { LabelConfig } from './config.ts';
import { blocks } from './reading.ts';
import { scaled, scalingOf } from './scaling.ts';

/** Rows of numbers. */
export interface Rows {
  /** [rows, width], row-major */
  readonly data: Float32Array;
  readonly width: number;
}

/** Labels that were inferred. */
export interface Inference {
  /** [rows] */
  readonly y: Int32Array;
  /** [rows]: the probability that the classifier gives them, in [0, 1] */
  readonly conf: Float32Array;
}

/** The part of the label learner's config that its classifier reads. */
export type FewLabelSettings = Pick<
  LabelConfig,
  'classes' | 'hidden' | 'steps' | 'batch' | 'learningRate' | 'weightDecay'
>;

/**
 * Learns a classifier from few labelled rows, by AdamW on the cross-entropy, and labels others with it. Columns are scaled
 * to mean 0 and deviation 1 as the labelled rows have them.
 * @param labels [rows of labelled]
 * @throws a usage error where a class has no label
 */
export async function inferLabels(
  labelled: Rows,
  labels: Int32Array,
  unlabelled: Rows,
  settings: FewLabelSettings,
  random: Random,
): Promise<Inference> {
  const { classes, hidden, steps, learningRate, weightDecay } = settings;
  mustHaveAll(labels, classes);
  const { width } = labelled;
  const scaling = scalingOf(labelled.data, width);
  const rows = labels.length;
  const batch = Math.min(settings.batch, rows);
  const params = mlpInit(random.split('init'), [width, ...hidden, classes], { init: 'he' });
  const learn = await compile(
    ({ params, optimizer, x, y }: Learned & { readonly x: Tensor; readonly y: Tensor }) => {
      const { gradient, loss } = valueAndGrad(
        (candidate: Mlp<Tensor>) => ({
          loss: tf.mean(labelCrossEntropy(mlp(candidate, x, 'relu'), y)),
        }),
        params,
      );
      return { ...adam(params, gradient, optimizer, { learningRate, weightDecay }), loss };
    },
    { state: { params, optimizer: adamInit(params) }, name: 'few labels' },
  );
  const infer = await compile(
    ({ params, x }: Pick<Learned, 'params'> & { readonly x: Tensor }) => {
      const probabilities = tf.softmax(mlp(params, x, 'relu'));
      return { y: tf.argMax(probabilities, 1), conf: tf.max(probabilities, 1) };
    },
    { state: learn.state, name: 'inference' },
  );
  try {
    const x = { shape: [rows, width], data: scaled(labelled.data, scaling) };
    const order = batchesOf(rows, batch, steps, random.split('order'));
    await learn.scan({ rows: { x, y: { shape: [rows], data: labels } } }, order, batch);

    const count = unlabelled.data.length / width;
    const others = { shape: [count, width], data: scaled(unlabelled.data, scaling) };
    const inference = { y: new Int32Array(count), conf: new Float32Array(count) };
    for (const [from, to] of blocks(count)) {
      const { y, conf } = await infer({ x: rowsOf(others, from, to) });
      inference.y.set(y.data, from);
      inference.conf.set(conf.data, from);
    }
    return inference;
  } finally {
    infer.dispose();
    learn.dispose();
  }
}

interface Learned {
  readonly params: Mlp<Tensor>;
  readonly optimizer: Adam<Tensor>;
}

function mustHaveAll(labels: Int32Array, classes: number): void {
  const counts = new Int32Array(classes);
  for (const y of labels) {
    if (!(y >= 0 && y < classes)) throw usageError(`label = ${y}: expected 0 to ${classes - 1}`);
    counts[y]++;
  }
  const missing = counts.indexOf(0);
  if (missing < 0) return;
  throw usageError(
    `class ${missing} has no label among the ${labels.length} labelled images: expected at least one of each of ${classes} classes; label more, or balance them with perClass`,
  );
}

/** Rows of so many batches: one order of all rows after another, what is left of one that fills no batch dropped. */
function batchesOf(rows: number, batch: number, steps: number, random: Random): Int32Array {
  const indices = new Int32Array(steps * batch);
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  const whole = rows - (rows % batch);
  for (let at = 0; at < indices.length; at += whole) {
    random.shuffle(order);
    indices.set(order.subarray(0, Math.min(whole, indices.length - at)), at);
  }
  return indices;
}
