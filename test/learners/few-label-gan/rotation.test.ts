import { beforeAll, describe, expect, test } from 'vitest';
import { discriminatorBatch } from '../../../src/learners/few-label-gan/discriminator-step.ts';
import {
  rotate,
  rotatedCount,
  rotationLabels,
  withRotations,
} from '../../../src/learners/few-label-gan/rotation.ts';
import { initTensors, labelCrossEntropy, tf } from '../../../src/tensors/index.ts';

beforeAll(async () => {
  await initTensors();
});

describe('rotations', () => {
  const image = () => tf.tensor([0, 1, 2, 3], [1, 2, 2, 1]);

  test.each([
    [0, [0, 1, 2, 3]],
    [1, [1, 3, 0, 2]],
    [2, [3, 2, 1, 0]],
    [3, [2, 0, 3, 1]],
  ])('by %i quarters counter-clockwise', (turns, pixels) => {
    expect([...rotate(image(), turns).dataSync()]).toEqual(pixels);
  });

  test('four quarters are none, and two quarters one after another are a half', () => {
    const x = tf.tensor(
      Float32Array.from({ length: 2 * 5 * 5 * 3 }, (_, i) => (i * 37) % 101),
      [2, 5, 5, 3],
    );
    let turned: typeof x = x;
    for (let i = 1; i <= 4; i++) {
      turned = rotate(turned, 1) as typeof x;
      if (i === 2) expect(turned.dataSync()).toEqual(rotate(x, 2).dataSync());
      if (i === 3) expect(turned.dataSync()).toEqual(rotate(x, 3).dataSync());
    }
    expect(turned.dataSync()).toEqual(x.dataSync());
  });

  test('a batch of 8 at fraction 2 has one image rotated, and 22 rows for the discriminator', () => {
    const count = rotatedCount(8, 2);
    expect(count).toBe(1);
    const real = tf.zeros([8, 2, 2, 1]);
    expect(discriminatorBatch(real, tf.ones([8, 2, 2, 1]), count).shape).toEqual([22, 2, 2, 1]);
    expect([...rotationLabels(count)]).toEqual([0, 1, 2, 3]);
  });

  test('the last images are the ones, and fakes get rotations of fakes', () => {
    const numbered = (from: number) =>
      tf.tensor(
        Float32Array.from({ length: 4 * 4 }, (_, i) => from + i),
        [4, 2, 2, 1],
      );
    const rows = discriminatorBatch(numbered(0), numbered(100), 2).dataSync();
    const row = (i: number) => [...rows.slice(4 * i, 4 * i + 4)];
    expect(row(2)).toEqual([8, 9, 10, 11]);
    // Real: rows 0 to 3 upright, then images 2 and 3 by one, two and three quarters.
    expect([row(4), row(5)]).toEqual([
      [9, 11, 8, 10],
      [13, 15, 12, 14],
    ]);
    expect(row(6)).toEqual([11, 10, 9, 8]);
    expect(row(8)).toEqual([10, 8, 11, 9]);
    expect(row(14)).toEqual([109, 111, 108, 110]);
    expect(rows.length).toBe(4 * 20);
    expect([...rotationLabels(2)]).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
  });

  test('none leave the batch as it is', () => {
    const x = tf.ones([2, 2, 2, 1]);
    expect(withRotations(x, 0)).toBe(x);
  });

  test('are told apart by cross-entropy', () => {
    const logits = tf.tensor2d([
      [2, 0, 0, 0],
      [0, 1, 0, 0],
    ]);
    const loss = tf.mean(labelCrossEntropy(logits, tf.tensor1d([0, 1], 'int32')));
    expect(loss.dataSync()[0]).toBeCloseTo(0.542211, 5);
  });
});
