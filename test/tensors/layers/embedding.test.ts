import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { embedding, embeddingInit, initTensors, tf, unembed } from '../../../src/tensors/index.ts';
import { agreesWithTorch } from '../fixtures/torch-cases.ts';

beforeAll(async () => {
  await initTensors('eager/wasm');
});

describe('embedding', () => {
  it('gives PyTorch’s vectors and sums the gradients of an id that occurs twice', () =>
    agreesWithTorch('embedding', { table: [5, 3] }, p => {
      const ids = tf.tensor(
        [
          [1, 4, 1],
          [0, 1, 3],
        ],
        [2, 3],
        'int32',
      );
      return embedding(p, ids);
    }));

  it('is read back by its own table', () => {
    const params = { table: tf.tensor(embeddingInit(Random.fromSeed(1), 6, 16, 1).table.data, [6, 16]) };
    const ids = tf.tensor(
      [
        [3, 0],
        [5, 2],
      ],
      [2, 2],
      'int32',
    );
    const logits = unembed(params, embedding(params, ids));
    expect(logits.shape).toEqual([2, 2, 6]);
    // For random vectors of 16 numbers their own product is the largest.
    expect([...tf.argMax(logits, -1).dataSync()]).toEqual([3, 0, 5, 2]);
  });

  it('refuses ids that are no whole numbers', () => {
    const params = { table: tf.zeros([2, 2]) };
    expect(() => embedding(params, tf.zeros([3]))).toThrow('embedding: ids: expected int32, got float32');
  });
});
