import { beforeAll, describe, expect, test } from 'vitest';
import {
  adversarial,
  aroundReal,
  betweenRealAndFake,
  gradientPenalty,
  weightPenalty,
} from '../../../src/learners/few-label-gan/loss.ts';
import { initTensors, type Tensor, tf } from '../../../src/tensors/index.ts';

beforeAll(async () => {
  await initTensors();
});

const real = () => tf.tensor1d([1.5, 0.2, -0.5]);
const fake = () => tf.tensor1d([-2, -0.3, 0.4]);
const number = (tensor: Tensor): number => tensor.dataSync()[0];

describe('the losses of the game', () => {
  test.each([
    ['hinge', 1.466667, 0.633333],
    ['nonSaturating', 1.122643, 1.164766],
    // ½ (0.25 + 0.64 + 2.25) / 3 + ½ (4 + 0.09 + 0.16) / 3 and ½ (9 + 1.69 + 0.36) / 3
    ['leastSquares', 1.231667, 1.841667],
    // −1.9 / 3 − 1.2 / 3 and 1.9 / 3
    ['wasserstein', -1.033333, 0.633333],
  ] as const)('%s', (name, ofDiscriminator, ofGenerator) => {
    const { discriminator, generator } = adversarial[name];
    expect(number(discriminator(real(), fake()))).toBeCloseTo(ofDiscriminator, 5);
    expect(number(generator(fake()))).toBeCloseTo(ofGenerator, 5);
  });

  test('hinge asks nothing more of images on their side of the margin', () => {
    expect(number(adversarial.hinge.discriminator(tf.tensor1d([1, 7]), tf.tensor1d([-1, -9])))).toBe(0);
  });
});

describe('the gradient penalty', () => {
  test('is the mean squared distance of the slopes’ lengths from one', () => {
    // Lengths 5, 1 and 0.
    const slopes = tf.tensor([3, 4, 0, 1, 0, 0], [3, 2, 1, 1]);
    expect(number(gradientPenalty(slopes))).toBeCloseTo((16 + 0 + 1) / 3, 5);
  });

  test('of weights is half their squares, a matrix', () => {
    const weights = [
      tf.tensor2d([
        [1, 2],
        [2, 1],
      ]),
      tf.tensor2d([[2]]),
    ];
    expect(number(weightPenalty(weights))).toBeCloseTo((0.5 * 10 + 0.5 * 4) / 2, 6);
  });

  test('is asked for on the line between an image and a fake', () => {
    const [a, b] = [tf.tensor([1, 1, 0, 0], [2, 2, 1, 1]), tf.tensor([0, 0, 1, 1], [2, 2, 1, 1])];
    const between = betweenRealAndFake(a, b, tf.tensor([0, 0.25], [2, 1, 1, 1]));
    expect([...between.dataSync()]).toEqual([1, 1, 0.25, 0.25]);
  });

  test('or around images, by noise of half their deviation', () => {
    const a = tf.tensor([1, -1, 1, -1], [2, 2, 1, 1]);
    const around = aroundReal(a, tf.tensor([0.5, 1], [2, 1, 1, 1]), tf.tensor([1, 1, 0.5, 0], [2, 2, 1, 1]));
    expect([...around.dataSync()]).toEqual([1.25, -0.75, 1.25, -1]);
  });
});
