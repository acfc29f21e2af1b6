import { beforeAll, describe, expect, it } from 'vitest';
import {
  bitsOf,
  embedTokens,
  emptyMemory,
  type LanguageModel,
  type Memory,
  memoryMask,
  memoryRange,
  nextTokenLogits,
  readSegment,
} from '../../../src/learners/language-model/index.ts';
import { initTensors, type Tensor, tf, valueAndGrad } from '../../../src/tensors/index.ts';
import { noise } from '../../tensors/fixtures/torch-cases.ts';
import { apart, asTensors, logitsBySegments, modelOf, whole } from './segmentation.ts';

beforeAll(async () => {
  await initTensors();
});

/** 1 where a key is hidden, as the paper's code writes masks; of one lane. */
function hidden(filled: number, length: number, places: number, sameLength = false): number[][] {
  const mask = memoryMask(tf.tensor([filled]), length, places, { sameLength });
  const rows = tf.reshape(mask, [length, places + length]).arraySync() as number[][];
  return rows.map(row => row.map(value => (value < 0 ? 1 : 0)));
}

describe('the mask over a memory', () => {
  it('hides the future', () => {
    expect(hidden(2, 3, 2)).toEqual([
      [0, 0, 0, 1, 1],
      [0, 0, 0, 0, 1],
      [0, 0, 0, 0, 0],
    ]);
  });

  it('shows every token as many keys as there are places, for the same length', () => {
    expect(hidden(4, 3, 4, true)).toEqual([
      [1, 0, 0, 0, 0, 1, 1],
      [1, 1, 0, 0, 0, 0, 1],
      [1, 1, 1, 0, 0, 0, 0],
    ]);
  });

  it('hides the places that hold nothing, lane by lane', () => {
    const mask = memoryMask(tf.tensor([0, 1, 3]), 2, 3);
    expect(mask.shape).toEqual([1, 3, 2, 5]);
    const seen = (tf.reshape(mask, [3, 2, 5]).arraySync() as number[][][]).map(lane =>
      lane[1].map(value => (value === 0 ? 1 : 0)),
    );
    expect(seen).toEqual([
      [0, 0, 0, 1, 1],
      [0, 0, 1, 1, 1],
      [1, 1, 1, 1, 1],
    ]);
  });

  it('is causal without places, and refuses the same length there', () => {
    expect(memoryMask(tf.tensor([0]), 2, 0).shape).toEqual([2, 2]);
    expect(() => memoryMask(tf.tensor([0]), 2, 0, { sameLength: true })).toThrow('sameLength');
  });
});

describe('the memory of the next segment', () => {
  it.each([
    [0, 0, [0, 4]],
    [4, 0, [2, 8]],
    [6, 1, [3, 9]],
  ] as const)('with %i places filled, %i read again, is %j', (memory, extended, expected) => {
    expect(memoryRange(memory, 4, 6, extended)).toEqual(expected);
  });

  it('is that part of all that was read', () => {
    const { config, params } = modelOf({ layers: 1 });
    const model = asTensors<LanguageModel<Tensor>>(params);
    const ids = [3, 1, 4, 1, 5, 2, 6, 5, 3, 0, 2, 6];
    // A first block is given the embeddings: they tell which tokens are remembered.
    const told = embedTokens(model.embedding, tf.tensor([ids], [1, 12], 'int32')).arraySync() as number[][][];
    let memory = asTensors<Memory<Tensor>>(emptyMemory(config, 1, 6));
    let had = 0;
    for (let at = 0; at < ids.length; at += 4) {
      const segment = tf.tensor([ids.slice(at, at + 4)], [1, 4], 'int32');
      memory = readSegment(model, segment, memory, config).memory;
      const [begin, end] = memoryRange(had, 4, 6);
      expect(memory.filled.arraySync()).toEqual([end - begin]);
      const [held] = memory.layers[0].arraySync() as number[][][];
      expect(held.slice(begin - end)).toEqual(told[0].slice(at - had + begin, at - had + end));
      had = end - begin;
    }
  });
});

it('bits are nats over ln 2', () => {
  expect(bitsOf(1.2)).toBeCloseTo(1.731234, 6);
});

describe('a text read in segments', () => {
  it.each([{ norm: 'pre' }, { norm: 'post' }, { norm: 'pre', clamp: 9 }] as const)(
    'says the same however it is cut, with a memory of all of it: %j',
    options => {
      const model = modelOf(options);
      const atOnce = logitsBySegments(model, whole);
      expect(apart(atOnce, logitsBySegments(model, 8))).toBeLessThan(1e-4);
      expect(apart(atOnce, logitsBySegments(model, 16))).toBeLessThan(1e-4);
      // Logits that were all alike would agree whatever was done to them.
      expect(Math.max(...atOnce) - Math.min(...atOnce)).toBeGreaterThan(1);
    },
  );

  it('says something else without its memory, with a short one, or with that of another lane', () => {
    const model = modelOf();
    const atOnce = logitsBySegments(model, whole);
    expect(apart(atOnce, logitsBySegments(model, 8, { memory: 0 }))).toBeGreaterThan(0.1);
    expect(apart(atOnce, logitsBySegments(model, 8, { memory: 4 }))).toBeGreaterThan(0.1);
    expect(apart(atOnce, logitsBySegments(model, 8, { shuffled: true }))).toBeGreaterThan(0.1);
  });

  it('gives one lane that begins anew what it would give without a memory', () => {
    const { config, params } = modelOf();
    const model = asTensors<LanguageModel<Tensor>>(params);
    const ids = tf.tensor([1, 2, 3, 4, 5, 6], [2, 3], 'int32');
    const layers = [1, 2].map(seed =>
      tf.tensor(noise(seed, [2, 4, config.width]).data, [2, 4, config.width]),
    );
    const full: Memory<Tensor> = { layers, filled: tf.tensor([4, 4]) };
    const read = (memory: Memory<Tensor>, reset: number[]) =>
      readSegment(model, ids, memory, config, { reset: tf.tensor(reset) });
    const { hidden, memory } = read(full, [0, 1]);
    const [first, second] = tf.unstack(hidden);
    const without = tf.unstack(read({ ...full, filled: tf.tensor([0, 0]) }, [0, 0]).hidden);
    const values = (x: Tensor) => x.dataSync() as Float32Array;
    expect(apart(values(second), values(without[1]))).toBe(0);
    expect(apart(values(first), values(without[0]))).toBeGreaterThan(0.1);
    expect([...memory.filled.dataSync()]).toEqual([4, 3]);
  });

  it('is not the same as a text that zeros went before', () => {
    const { config, params } = modelOf();
    const model = asTensors<LanguageModel<Tensor>>(params);
    const ids = tf.tensor([1, 2, 3], [1, 3], 'int32');
    const layers = [1, 2].map(() => tf.zeros([1, 4, config.width]));
    const say = (filled: number) =>
      readSegment(
        model,
        ids,
        { layers, filled: tf.tensor([filled]) },
        config,
      ).hidden.dataSync() as Float32Array;
    expect(apart(say(0), say(4))).toBeGreaterThan(0.01);
  });

  it.each(['pre', 'post'] as const)('lets no gradient into its memory, norm %s', norm => {
    const { config, params } = modelOf({ norm });
    const model = asTensors<LanguageModel<Tensor>>(params);
    const ids = tf.tensor([1, 2, 3, 4, 5, 6], [2, 3], 'int32');
    const remembered = [1, 2].map(seed =>
      tf.tensor(noise(seed, [2, 4, config.width]).data, [2, 4, config.width]),
    );
    const filled = tf.tensor([4, 2]);
    const { gradient, loss } = valueAndGrad(
      ({ layers, table }: { layers: Tensor[]; table: Tensor }) => {
        const changed = { ...model, embedding: { table } };
        const read = readSegment(changed, ids, { layers, filled }, config);
        return { loss: tf.sum(tf.square(nextTokenLogits(changed, read.hidden))) };
      },
      { layers: remembered, table: model.embedding.table },
    );
    const values = gradient.dataSync();
    const size = 2 * 2 * 4 * config.width;
    expect(loss.dataSync()[0]).toBeGreaterThan(0);
    expect(values.subarray(0, size).every(value => value === 0)).toBe(true);
    expect(values.subarray(size).some(value => value !== 0)).toBe(true);
  });
});
