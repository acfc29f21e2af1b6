import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import {
  type HostTensor,
  hostTensor,
  initTensors,
  nextMemory,
  type RelativeAttention,
  relativeAttention,
  relativeAttentionInit,
  relativeBlock,
  relativeBlockInit,
  relativeShift,
  sinusoids,
  type Tensor,
  tf,
} from '../../../src/tensors/index.ts';
import { asTensors, close, noise, play } from '../fixtures/torch-cases.ts';

beforeAll(async () => {
  await initTensors();
});

const rows = (values: number[][]) => tf.tensor(values.flat(), [1, values.length, values[0].length]);

describe('the relative shift', () => {
  it('moves rows as the original does', () => {
    const shifted = (values: number[][]) => relativeShift(rows(values)).arraySync();
    expect(
      shifted([
        [1, 2, 3],
        [4, 5, 6],
        [7, 8, 9],
      ]),
    ).toEqual([
      [
        [3, 0, 4],
        [5, 6, 0],
        [7, 8, 9],
      ],
    ]);
    expect(
      shifted([
        [1, 2, 3, 4, 5],
        [6, 7, 8, 9, 10],
      ]),
    ).toEqual([
      [
        [2, 3, 4, 5, 0],
        [6, 7, 8, 9, 10],
      ],
    ]);
  });

  it.each([
    [1, 1],
    [3, 3],
    [3, 5],
    [4, 9],
  ])('puts the score of each distance at its key, %i queries, %i keys', (queries, keys) => {
    const scores = noise(1, [2, queries, keys]).data;
    const found = relativeShift(tf.tensor(scores, [2, queries, keys])).dataSync();
    for (let row = 0; row < 2; row++) {
      for (let i = 0; i < queries; i++) {
        for (let j = 0; j <= i + keys - queries; j++) {
          const distance = i + keys - queries - j;
          const at = (row * queries + i) * keys;
          expect(found[at + j]).toBe(scores[at + keys - 1 - distance]);
        }
      }
    }
  });
});

describe('sinusoids', () => {
  it('have sines first, then cosines', () => {
    const { shape, data } = sinusoids([0, 1, 2, 3], 4);
    expect(shape).toEqual([4, 4]);
    const expected = [
      [0, 0, 1, 1],
      [0.841471, 0.01, 0.540302, 0.99995],
      [0.909297, 0.019999, -0.416147, 0.9998],
      [0.14112, 0.029996, -0.989992, 0.99955],
    ];
    close('sinusoids', data, expected.flat(), 1e-6);
  });
});

describe('relative attention', () => {
  it('gives the numbers worked out by hand', async () => {
    // One head of size 2, a memory of one. Content scores [[.1, 1, 1.1], [1.1, 2, 3.1]]; distance scores before the shift
    // [[−.499376, .648363, 1.2], [.409921, 1.489834, 1.2]]; shares [[.26377, .73623, 0], [.081655, .331131, .587214]].
    const params: RelativeAttention<HostTensor> = {
      query: hostTensor([2, 2], [1, 0, 0, 1]),
      // keys from [[1, 0], [1, 1]], values from [[0, 1], [1, 0]]
      keyValue: hostTensor([2, 4], [1, 0, 0, 1, 1, 1, 1, 0]),
      distance: hostTensor([2, 2], [1, 0, 0, 1]),
      output: hostTensor([2, 2], [1, 0, 0, 1]),
      contentBias: hostTensor([1, 1, 2], [0.1, -0.1]),
      distanceBias: hostTensor([1, 1, 2], [0, 0.2]),
    };
    const inputs = {
      ...params,
      x: hostTensor([1, 2, 2], [0, 1, 1, 1]),
      memory: hostTensor([1, 1, 2], [1, 0]),
    };
    const { y, gradients } = await play(inputs, ({ x, memory, ...p }) =>
      relativeAttention(p, x, { heads: 1, memory }),
    );
    close('y', y.data, [0.73623, 0.26377, 0.918345, 0.668869], 2e-5);
    expect([...Array.from(gradients['memory'])]).toEqual([0, 0]);
  });

  it('agrees with its definition for several heads, a batch and a memory', async () => {
    const [batch, length, remembered, width, heads] = [2, 3, 2, 6, 3];
    const size = width / heads;
    const keys = length + remembered;
    const params = relativeAttentionInit(Random.fromSeed(2), width, heads, 0.5);
    const inputs = {
      ...params,
      x: noise(1, [batch, length, width]),
      memory: noise(2, [batch, remembered, width]),
    };
    const { y } = await play(inputs, ({ x, memory, ...p }) =>
      relativeAttention(p, x, { heads, memory, clamp: 3 }),
    );
    const times = (row: ArrayLike<number>, { shape, data }: HostTensor) =>
      Array.from({ length: shape[1] }, (_, j) =>
        Array.from(row).reduce((sum, value, i) => sum + value * data[i * shape[1] + j], 0),
      );
    const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i], 0);
    const expected: number[] = [];
    for (let b = 0; b < batch; b++) {
      const place = ({ data }: HostTensor, count: number, i: number) =>
        Array.from(data.subarray((b * count + i) * width, (b * count + i + 1) * width));
      const context = Array.from({ length: keys }, (_, j) =>
        j < remembered ? place(inputs.memory, remembered, j) : place(inputs.x, length, j - remembered),
      );
      for (let i = 0; i < length; i++) {
        const seen: number[] = [];
        const query = times(context[remembered + i], params.query);
        for (let h = 0; h < heads; h++) {
          const part = (row: number[], at = 0) => row.slice(at + h * size, at + (h + 1) * size);
          const q = part(query);
          const bias = (t: HostTensor) => q.map((value, k) => value + t.data[h * size + k]);
          const scores = context.slice(0, remembered + i + 1).map((row, j) => {
            const distance = Math.min(3, remembered + i - j);
            const wave = times(sinusoids([distance], width).data, params.distance);
            const content = dot(bias(params.contentBias), part(times(row, params.keyValue)));
            return (content + dot(bias(params.distanceBias), part(wave))) / Math.sqrt(size);
          });
          const shares = scores.map(Math.exp);
          const total = shares.reduce((sum, share) => sum + share, 0);
          const head = new Array<number>(size).fill(0);
          shares.forEach((share, j) => {
            const value = part(times(context[j], params.keyValue), width);
            for (let k = 0; k < size; k++) head[k] += (share / total) * value[k];
          });
          seen.push(...head);
        }
        expected.push(...times(seen, params.output));
      }
    }
    close('y', y.data, expected, 5e-6);
  });
});

describe('a block with a memory', () => {
  it.each(['pre', 'post'] as const)('sees one long segment and two short ones alike, norm %s', async norm => {
    const [length, width] = [6, 4];
    const params = relativeBlockInit(Random.fromSeed(3), width, 2, 8, 0.5);
    const x = noise(1, [2, length, width]);
    const { y, more } = await play({ x }, inputs => {
      const block = asTensors(params);
      const part = (from: number, to: number): Tensor =>
        tf.slice(inputs.x, [0, from, 0], [2, to - from, width]);
      const whole = relativeBlock(block, inputs.x, { heads: 2, norm });
      const first = relativeBlock(block, part(0, 4), { heads: 2, norm });
      const memory = nextMemory(tf.zeros([2, 0, width]), part(0, 4), 4);
      const second = relativeBlock(block, part(4, 6), { heads: 2, norm, memory });
      return [whole, tf.concat([first, second], 1)];
    });
    close('two segments', more[0].data, y.data, 2e-6);
  });

  it('remembers the last of what it saw', () => {
    const at = (...values: number[]) => tf.tensor(values, [1, values.length, 1]);
    expect([...nextMemory(at(1, 2, 3), at(4, 5)).dataSync()]).toEqual([3, 4, 5]);
    expect([...nextMemory(at(1), at(4, 5, 6)).dataSync()]).toEqual([6]);
  });
});
