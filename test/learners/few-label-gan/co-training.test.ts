import { beforeAll, expect, test } from 'vitest';
import { classLoss, imputed, isLabelled } from '../../../src/learners/few-label-gan/co-training.ts';
import { initTensors, type Tensor, tf, valueAndGrad } from '../../../src/tensors/index.ts';

beforeAll(async () => {
  await initTensors();
});

const labels = () =>
  tf.tensor2d([
    [0, 0, 1],
    [0, 0, 0],
  ]);
const logits = () =>
  tf.tensor2d([
    [9, 0, 0],
    [0, Math.log(3), 0],
  ]);
const numbers = (x: Tensor) => [...x.dataSync()];

test('rows without a label are those of zeros', () => {
  expect(numbers(isLabelled(labels()))).toEqual([1, 0]);
});

test('they get the predictor’s first choice, the others keep theirs', () => {
  expect(numbers(imputed(labels(), logits(), false))).toEqual([0, 0, 1, 0, 1, 0]);
});

test('or its probabilities', () => {
  numbers(imputed(labels(), logits(), true)).forEach((value, i) => {
    expect(value).toBeCloseTo([0, 0, 1, 0.2, 0.6, 0.2][i], 6);
  });
});

test('what is filled in teaches the predictor nothing', () => {
  const { gradient } = valueAndGrad(
    (scores: Tensor) => ({ loss: tf.sum(tf.square(imputed(labels(), scores, true))) }),
    logits(),
  );
  expect(numbers(gradient)).toEqual([0, 0, 0, 0, 0, 0]);
});

test('its loss is the mean over labelled rows alone', () => {
  expect(classLoss(logits(), labels()).dataSync()[0]).toBeCloseTo(Math.log(Math.exp(9) + 2), 5);
});

test('a batch without any label costs nothing and moves nothing', () => {
  const { loss, gradient } = valueAndGrad(
    (scores: Tensor) => ({ loss: classLoss(scores, tf.zeros([2, 3])) }),
    logits(),
  );
  expect(numbers(loss)).toEqual([0]);
  expect(numbers(gradient).every(value => value === 0)).toBe(true);
});
