import { beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { discriminatorNet } from '../../../src/learners/few-label-gan/config.ts';
import {
  type DiscriminatorParams,
  discriminatorInit,
  featuresOf,
  projection,
  spectraInit,
  spectrallyNormal,
} from '../../../src/learners/few-label-gan/discriminator-networks.ts';
import { discriminatorBatch } from '../../../src/learners/few-label-gan/discriminator-step.ts';
import { initTensors, leavesOf, type Tensor, tf } from '../../../src/tensors/index.ts';
import { asTensors } from '../../tensors/fixtures/torch-cases.ts';

beforeAll(async () => {
  await initTensors();
});

describe('projection', () => {
  const heads = () => ({
    logit: { weights: tf.tensor2d([[0.5], [0], [0.25]]), bias: tf.tensor1d([0]) },
    classes: {
      table: tf.tensor2d([
        [1, 0, 0],
        [0, 2, 1],
      ]),
    },
  });
  const logits = (...y: number[][]) => {
    const h = tf.tensor2d(y.map(() => [1, 2, -1]));
    return [...projection(heads(), h, tf.tensor2d(y)).dataSync()];
  };

  test('adds what the class says to what every image is asked', () => {
    const [first, second, soft] = logits([1, 0], [0, 1], [0.7, 0.3]);
    expect(first).toBeCloseTo(1.25, 6);
    expect(second).toBeCloseTo(3.25, 6);
    expect(soft).toBeCloseTo(1.85, 6);
  });

  test('an image without a label is asked only what every image is', () => {
    expect(logits([0, 0])[0]).toBeCloseTo(0.25, 6);
    const { logit } = heads();
    const untold = projection({ logit }, tf.tensor2d([[1, 2, -1]]), tf.tensor2d([[0, 1]]));
    expect(untold.dataSync()[0]).toBeCloseTo(0.25, 6);
  });
});

describe.each([14, 28] as const)('the discriminator at %i pixels', size => {
  const net = discriminatorNet.parse({
    size,
    rotations: true,
    coTraining: 'hard',
    hidden: size === 14 ? [20, 12] : [3, 12],
  });
  const random = Random.fromSeed(size);
  const params = discriminatorInit(random.split('params'), net);
  const spectra = spectraInit(random.split('spectra'), params);
  const images = (seed: number, count: number) => {
    const data = new Float32Array(count * size * size);
    Random.fromSeed(seed).fillUniform(data, -1, 1);
    return tf.tensor(data, [count, size, size, 1]);
  };
  const logitsOf = (x: Tensor) => {
    const { params: d } = spectrallyNormal(asTensors(params), asTensors(spectra));
    return [...projection(d, featuresOf(d, x), tf.oneHot(tf.zeros([x.shape[0]], 'int32'), 10)).dataSync()];
  };

  test('divides every weight matrix, the class vectors included, by its largest singular value', () => {
    const steep = asTensors({
      ...params,
      classes: { table: { shape: [10, 12], data: Float32Array.from({ length: 120 }, (_, i) => i % 7) } },
    });
    const { params: normal, spectra: after } = spectrallyNormal(steep, asTensors(spectra), 60);
    const matrices = leavesOf<Tensor>(normal).filter(leaf => leaf.rank > 1);
    expect(matrices.length).toBe(spectra.length);
    expect(matrices.length).toBe(size === 14 ? 6 : 7);
    matrices.forEach((weights, i) => {
      const matrix = tf.reshape(weights, [-1, weights.shape[weights.rank - 1]]) as tf.Tensor2D;
      // A direction that the iteration has not seen, through its own power method.
      let right: tf.Tensor2D = tf.ones([matrix.shape[1], 1]);
      for (let round = 0; round < 60; round++) {
        const next = tf.matMul(matrix, tf.matMul(matrix, right), true) as tf.Tensor2D;
        right = tf.div(next, tf.norm(next)) as tf.Tensor2D;
      }
      expect(tf.norm(tf.matMul(matrix, right)).dataSync()[0]).toBeCloseTo(1, 3);
      expect(tf.norm(after[i].vector).dataSync()[0]).toBeCloseTo(1, 5);
    });
  });

  test('judges an image by itself: its neighbours in the batch change nothing', () => {
    const [real, fake, others] = [images(1, 4), images(2, 4), images(3, 4)];
    const beside = logitsOf(discriminatorBatch(real, fake, 1)).slice(0, 4);
    const besideOthers = logitsOf(discriminatorBatch(real, others, 1)).slice(0, 4);
    const alone = logitsOf(real);
    for (let i = 0; i < 4; i++) {
      expect(beside[i]).toBeCloseTo(besideOthers[i], 5);
      expect(beside[i]).toBeCloseTo(alone[i], 5);
    }
  });

  test('planted: with statistics of the mixed batch it would not', () => {
    /** The same net, but its features to mean 0 and deviation 1 over the batch. */
    const withBatchStatistics = (x: Tensor) => {
      const d: DiscriminatorParams<Tensor> = spectrallyNormal(asTensors(params), asTensors(spectra)).params;
      const h = featuresOf(d, x);
      const centred = tf.sub(h, tf.mean(h, 0));
      const normal = tf.div(centred, tf.sqrt(tf.add(tf.mean(tf.square(centred), 0), 1e-5)));
      return [...projection(d, normal, tf.oneHot(tf.zeros([x.shape[0]], 'int32'), 10)).dataSync()];
    };
    const [real, fake] = [images(1, 4), tf.mul(images(2, 4), 3)];
    const mixed = withBatchStatistics(discriminatorBatch(real, fake, 1)).slice(0, 4);
    const alone = withBatchStatistics(real);
    const apart = mixed.map((logit, i) => Math.abs(logit - alone[i]));
    expect(Math.max(...apart)).toBeGreaterThan(0.1);
  });
});
