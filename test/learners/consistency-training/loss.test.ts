import { beforeAll, describe, expect, test } from 'vitest';
import {
  confident,
  consistencyLoss,
  maskedDivergence,
  predictionEntropy,
  sharpened,
  supervisedLoss,
} from '../../../src/learners/consistency-training/loss.ts';
import { categoricalKl, initTensors, type Tensor, tf, valueAndGrad } from '../../../src/tensors/index.ts';

beforeAll(async () => {
  await initTensors();
});

const originals = [
  [2, 1, 0],
  [4, 0, 0],
  [0, 0.5, 0],
];
const augmented = [
  [1, 1, 1],
  [3, 1, 0],
  [1, 0, 0],
];
const number = (tensor: Tensor): number => tensor.dataSync()[0];
/** Its values, with 0 for −0. */
const withoutSigns = (tensor: Tensor): number[] => [...tensor.dataSync()].map(value => value + 0);
const close = (tensor: Tensor, expected: readonly number[]): void => {
  const values = [...tensor.dataSync()];
  expect(values).toHaveLength(expected.length);
  expected.forEach((wanted, i) => {
    expect(values[i]).toBeCloseTo(wanted, 5);
  });
};
/** The value, and the gradients by the logits of both sides. */
function consistency(tau: number, beta: number, rows = originals.length) {
  const result = valueAndGrad(
    ({ u, uAug }: { u: Tensor; uAug: Tensor }) =>
      consistencyLoss(uAug, { p: tf.softmax(u), tau: tf.scalar(tau), beta: tf.scalar(beta) }),
    { u: tf.tensor2d(originals.slice(0, rows)), uAug: tf.tensor2d(augmented.slice(0, rows)) },
  );
  const gradient = withoutSigns(result.gradient);
  return {
    loss: number(result.loss),
    kept: number(result.kept),
    sureness: number(result.sureness),
    ofOriginals: gradient.slice(0, rows * 3),
    ofAugmented: gradient.slice(rows * 3),
  };
}

describe('consistency', () => {
  test('targets are sharpened', () => {
    const p = tf.softmax(tf.tensor2d([[2, 1, 0]]));
    close(p, [0.665241, 0.244728, 0.090031]);
    close(tf.softmax(sharpened(p, tf.scalar(0.4))), [0.918423, 0.075389, 0.006188]);
  });

  test('a divergence, not a cross-entropy; the augmented side is not sharpened', () => {
    expect(consistency(0.4, 0, 1).loss).toBeCloseTo(0.794102, 5);
    expect(consistency(1, 0, 1).loss).toBeCloseTo(0.266217, 5);
  });

  test('each row, and the mean over all rows rather than over those that are kept', () => {
    const targets = sharpened(tf.softmax(tf.tensor2d(originals)), tf.scalar(0.4));
    close(categoricalKl(targets, tf.tensor2d(augmented)), [0.794102, 0.169074, 0.460971]);
    const { loss, kept } = consistency(0.4, 0.6);
    expect(kept).toBeCloseTo(2 / 3, 6);
    expect(loss).toBeCloseTo(0.321059, 5);
    expect(Math.abs(loss - 0.481588)).toBeGreaterThan(0.1);
  });

  test('the mask goes by the probabilities before they are sharpened', () => {
    const p = tf.softmax(tf.tensor2d(originals));
    const beta = tf.scalar(0.8);
    close(confident(p, beta), [0, 1, 0]);
    close(confident(tf.softmax(sharpened(p, tf.scalar(0.4))), beta), [1, 1, 0]);
    expect(consistency(0.4, 0.8).kept).toBeCloseTo(1 / 3, 6);
    expect(consistency(0.4, 0.8).loss).toBeCloseTo(0.169074 / 3, 5);
  });

  test('a row that is exactly as sure as it must be does not count', () => {
    const p = tf.tensor2d([
      [0.75, 0.25],
      [0.5, 0.5],
    ]);
    close(confident(p, tf.scalar(0.75)), [0, 0]);
    close(confident(p, tf.scalar(0.5)), [1, 0]);
  });

  test('the gradient is the difference of the distributions, and none reaches the target', () => {
    const { ofAugmented, ofOriginals } = consistency(0.4, 0.6);
    [-0.19503, 0.085982, 0.109048].forEach((wanted, i) => {
      expect(ofAugmented[i]).toBeCloseTo(wanted, 5);
    });
    expect(ofAugmented.slice(6)).toEqual([0, 0, 0]); // masked
    expect(ofOriginals).toEqual(new Array(9).fill(0));
  });

  test('planted: a target that is not stopped has another gradient', () => {
    const { gradient } = valueAndGrad(
      ({ u, uAug }: { u: Tensor; uAug: Tensor }) => {
        const p = tf.softmax(u);
        const targets = sharpened(p, tf.scalar(0.4));
        return { loss: maskedDivergence(targets, uAug, confident(p, tf.scalar(0.6))) };
      },
      { u: tf.tensor2d(originals), uAug: tf.tensor2d(augmented) },
    );
    const leaked = [...gradient.dataSync()].slice(0, 9);
    expect(Math.max(...leaked.map(Math.abs))).toBeGreaterThan(0.05);
  });

  test('nobody sure: zero, and no gradient', () => {
    const { loss, kept, ofAugmented } = consistency(0.4, 0.99);
    expect([loss, kept]).toEqual([0, 0]);
    expect(ofAugmented).toEqual(new Array(9).fill(0));
  });

  test('how sure targets are', () => {
    const { sureness } = consistency(0.4, 0.8);
    const surest = (row: number[]) =>
      Math.exp(Math.max(...row)) / row.reduce((sum, z) => sum + Math.exp(z), 0);
    expect(sureness).toBeCloseTo(originals.reduce((sum, row) => sum + surest(row), 0) / 3, 5);
  });

  test('probabilities of 0 make no NaN', () => {
    const { loss, gradient } = valueAndGrad(
      ({ z }: { z: Tensor }) =>
        consistencyLoss(z, { p: tf.tensor2d([[1, 0, 0]]), tau: tf.scalar(0.4), beta: tf.scalar(0.8) }),
      { z: tf.tensor2d([[1, 1, 1]]) },
    );
    expect(number(loss)).toBeCloseTo(Math.log(3), 5);
    close(gradient, [-2 / 3, 1 / 3, 1 / 3]);
  });
});

describe('training signal annealing', () => {
  const logits = [
    [3, 0, 0],
    [0, 0, 0],
    [0, 2, 0],
  ];
  const labels = () => tf.tensor1d([0, 2, 0], 'int32');
  const supervised = (eta: number) => {
    const result = valueAndGrad(({ z }: { z: Tensor }) => supervisedLoss(z, labels(), tf.scalar(eta)), {
      z: tf.tensor2d(logits),
    });
    return {
      loss: number(result.loss),
      kept: number(result.kept),
      gradient: withoutSigns(result.gradient),
    };
  };

  test('what is known already is left out', () => {
    const { loss, kept, gradient } = supervised(0.5);
    expect(loss).toBeCloseTo(1.669079, 5);
    expect(kept).toBeCloseTo(2 / 3, 6);
    // (softmax − one-hot) / 2 of the rows that are kept: the mask itself has no gradient.
    const rows = [0, 0, 0, 1 / 6, 1 / 6, -1 / 3, -0.446747, 0.393494, 0.053253];
    rows.forEach((wanted, i) => {
      expect(gradient[i]).toBeCloseTo(wanted, 5);
    });
  });

  test('a threshold of 1 leaves nothing out', () => {
    expect(supervised(1).loss).toBeCloseTo(1.14436, 5);
    expect(supervised(1).kept).toBe(1);
  });

  test('all left out: zero, not NaN', () => {
    const { loss, kept, gradient } = supervised(0.1);
    expect([loss, kept]).toEqual([0, 0]);
    expect(gradient).toEqual(new Array(9).fill(0));
  });
});

test('the entropy of predictions', () => {
  const { loss, gradient } = valueAndGrad(({ z }: { z: Tensor }) => ({ loss: predictionEntropy(z) }), {
    z: tf.tensor2d([
      [1, 1],
      [Math.log(3), 0],
    ]),
  });
  const entropy = -(0.75 * Math.log(0.75) + 0.25 * Math.log(0.25));
  expect(number(loss)).toBeCloseTo((Math.LN2 + entropy) / 2, 5);
  // dH/dz = −p (ln p + H), halved by the mean.
  const slope = (p: number) => (-p * (Math.log(p) + entropy)) / 2;
  close(gradient, [0, 0, slope(0.75), slope(0.25)]);
});
