import { beforeAll, describe, expect, it } from 'vitest';
import {
  categoricalKl,
  gaussianKl,
  huberLoss,
  initTensors,
  labelCrossEntropy,
  meanSquaredError,
  sigmoidCrossEntropy,
  softmaxCrossEntropy,
  tf,
} from '../../../src/tensors/index.ts';
import { agreesWithTorch, close, noise, play } from '../fixtures/torch-cases.ts';

beforeAll(async () => {
  await initTensors();
});

const labels = (...values: number[]) => tf.tensor(values, [values.length], 'int32');

describe('losses give PyTorch’s values and gradients', () => {
  it('cross entropy with labels', () =>
    agreesWithTorch('label cross entropy', { logits: [4, 3] }, ({ logits }) =>
      labelCrossEntropy(logits, labels(2, 0, 1, 2)),
    ));

  it('cross entropy with smoothed labels', () =>
    agreesWithTorch('label cross entropy smoothed', { logits: [4, 3] }, ({ logits }) =>
      labelCrossEntropy(logits, labels(2, 0, 1, 2), 0.1),
    ));

  it('cross entropy with smoothed probabilities', () =>
    agreesWithTorch('label cross entropy smoothed', { logits: [4, 3] }, ({ logits }) => {
      const targets = tf.tensor([0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1], [4, 3]);
      return softmaxCrossEntropy(logits, targets, 0.1);
    }));

  it('cross entropy with any weights of the classes', () =>
    agreesWithTorch('softmax cross entropy', { logits: [4, 3], targets: [4, 3] }, ({ logits, targets }) =>
      softmaxCrossEntropy(logits, tf.abs(targets)),
    ));

  it('cross entropy of yes and no', () =>
    agreesWithTorch('sigmoid cross entropy', { logits: [4, 3], targets: [4, 3] }, ({ logits, targets }) =>
      sigmoidCrossEntropy(tf.mul(logits, 9), tf.abs(targets)),
    ));

  it('Huber’s', () =>
    agreesWithTorch('huber', { predictions: [5], targets: [5] }, ({ predictions, targets }) =>
      huberLoss(tf.mul(predictions, 2), targets, 0.7),
    ));

  it('mean squared error', () =>
    agreesWithTorch('mean squared error', { predictions: [5], targets: [5] }, ({ predictions, targets }) =>
      meanSquaredError(predictions, targets),
    ));

  it('divergence of Gaussians', () =>
    agreesWithTorch(
      'gaussian kl',
      { qMean: [2, 3], qStd: [2, 3], pMean: [2, 3], pStd: [2, 3] },
      ({ qMean, qStd, pMean, pStd }) =>
        gaussianKl({ mean: qMean, std: tf.exp(qStd) }, { mean: pMean, std: tf.exp(pStd) }),
    ));

  it('divergence of categorical distributions', () =>
    agreesWithTorch('categorical kl', { p: [2, 2, 3], q: [2, 2, 3] }, ({ p, q }) =>
      categoricalKl(tf.mul(p, 3), q),
    ));
});

describe('losses', () => {
  it('divergence of two Gaussians, by hand', () => {
    // ln(0.8 / 0.5) + (0.5² + 0.5²) / (2 · 0.8²) − ½
    const [q, p] = [
      { mean: tf.tensor([0.3], [1]), std: tf.tensor([0.5], [1]) },
      { mean: tf.tensor([-0.2], [1]), std: tf.tensor([0.8], [1]) },
    ];
    expect(gaussianKl(q, p).dataSync()[0]).toBeCloseTo(0.3606286292, 6);
    expect(gaussianKl(q, q).dataSync()[0]).toBe(0);
  });

  it('of a row without a label are zero, and so is its gradient', async () => {
    const { y, gradients } = await play({ logits: noise(1, [2, 3]) }, ({ logits }) =>
      labelCrossEntropy(logits, labels(-1, 1)),
    );
    expect(y.data[0]).toBeCloseTo(0, 10);
    close('gradient', Array.from(gradients['logits']).slice(0, 3), [0, 0, 0], 0);
    expect(gradients['logits'][3]).not.toBe(0);
  });

  it('stay finite for logits far out', async () => {
    const logits = { shape: [2, 2], data: Float32Array.of(300, -300, -300, 300) };
    const { y, gradients } = await play({ logits }, p => labelCrossEntropy(p.logits, labels(1, 1)));
    close('y', y.data, [600, 0], 1e-6);
    expect(Array.from(gradients['logits']).every(Number.isFinite)).toBe(true);
    const { y: binary } = await play({ logits }, p => sigmoidCrossEntropy(p.logits, tf.zeros([2, 2])));
    close('binary', binary.data, [300, 0, 0, 300], 1e-6);
  });

  it('refuse labels that are no whole numbers', () => {
    expect(() => labelCrossEntropy(tf.zeros([1, 2]), tf.zeros([1]))).toThrow(
      'labelCrossEntropy: labels: expected int32, got float32',
    );
  });
});
