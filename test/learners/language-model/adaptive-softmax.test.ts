import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import {
  type AdaptiveSoftmax,
  adaptiveLogProbabilities,
  adaptiveSoftmaxInit,
  adaptiveSums,
  type ClusterTargets,
  clusterTargets,
  languageModelConfig,
  languageModelInit,
  nextTokenLogits,
} from '../../../src/learners/language-model/index.ts';
import {
  type HostTensor,
  hostTensor,
  initTensors,
  type Tensor,
  tf,
  valueAndGrad,
} from '../../../src/tensors/index.ts';
import { close, noise } from '../../tensors/fixtures/torch-cases.ts';
import { asTensors } from './segmentation.ts';

beforeAll(async () => {
  await initTensors();
});

const [width, vocabulary] = [6, 11];
const config = { cutoffs: [4, 7], divisor: 2 };
const adaptive = adaptiveSoftmaxInit(Random.fromSeed(1), width, vocabulary, config, 0.7);
const bias = noise(4, [vocabulary]);
const next = Int32Array.of(0, 10, 3, 4, -1, 6, 8, 7);
const hidden = noise(3, [next.length, width]);

const times = (row: readonly number[], { shape, data }: HostTensor): number[] =>
  Array.from({ length: shape[1] }, (_, j) =>
    row.reduce((sum, value, i) => sum + value * data[i * shape[1] + j], 0),
  );
const softmax = (logits: readonly number[]): number[] => {
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
  return logits.map(logit => Math.exp(logit) / total);
};

/** The full distribution of a row, written out. */
function probabilities(row: readonly number[]): number[] {
  const plus = (logits: number[], from: number) =>
    logits.map((logit, i) => logit + (bias.data[from + i] ?? 0));
  const head = times(row, adaptive.head);
  const shares = softmax([...plus(head.slice(0, 4), 0), ...head.slice(4)]);
  const clusters = adaptive.tails.map(({ down, out }, i) =>
    softmax(plus(times(times(row, down), out), config.cutoffs[i])).map(share => share * shares[4 + i]),
  );
  return [...shares.slice(0, 4), ...clusters.flat()];
}
const rows = Array.from(next, (_, i) => Array.from(hidden.data.subarray(i * width, (i + 1) * width)));

describe('an adaptive softmax', () => {
  it('gives the distribution that it is written as, over all tokens', () => {
    const params = asTensors<{ adaptive: AdaptiveSoftmax<Tensor>; bias: Tensor }>({ adaptive, bias });
    const found = adaptiveLogProbabilities(params, tf.tensor(hidden.data, [...hidden.shape])).dataSync();
    const expected = rows.map(probabilities);
    expect(expected.map(row => row.length)).toEqual(rows.map(() => vocabulary));
    close('log p', found, expected.flat().map(Math.log), 1e-5);
    for (const row of expected) expect(row.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 10);
  });

  it('has the loss and the gradient of the full softmax, worked out for the rows of each cluster alone', () => {
    const targets = asTensors<ClusterTargets<Tensor>>(clusterTargets(next, config, vocabulary, 2));
    expect(targets.tails.map(({ rows }) => rows.size)).toEqual([2, 4]);
    const params = asTensors<{ adaptive: AdaptiveSoftmax<Tensor>; bias: Tensor; hidden: Tensor }>({
      adaptive,
      bias,
      hidden,
    });
    const lean = valueAndGrad(
      (p: typeof params) => ({ loss: adaptiveSums(p, p.hidden, targets).nats }),
      params,
    );
    const oneHot = tf.oneHot(tf.tensor(next, [next.length], 'int32'), vocabulary);
    const full = valueAndGrad(
      (p: typeof params) => ({
        loss: tf.neg(tf.sum(tf.mul(tf.cast(oneHot, 'float32'), adaptiveLogProbabilities(p, p.hidden)))),
      }),
      params,
    );
    const expected = rows.reduce(
      (sum, row, i) => sum - (next[i] < 0 ? 0 : Math.log(probabilities(row)[next[i]])),
      0,
    );
    expect(lean.loss.dataSync()[0]).toBeCloseTo(expected, 4);
    expect(full.loss.dataSync()[0]).toBeCloseTo(expected, 4);
    close('gradient', lean.gradient.dataSync(), full.gradient.dataSync(), 1e-5);
  });

  it('counts what is right: the cluster, and the token within', () => {
    // Biases that leave no doubt: the head says token 2 or its second cluster, by the sign of the only number.
    const sure = {
      head: hostTensor([1, 6], [0, 0, 9, 0, 0, -9]),
      tails: [
        { down: hostTensor([1, 1], [0]), out: hostTensor([1, 3], [0, 0, 0]) },
        { down: hostTensor([1, 1], [0]), out: hostTensor([1, 4], [0, 0, 0, 0]) },
      ],
    };
    const own = new Float32Array(vocabulary);
    own[9] = 5;
    const params = asTensors<{ adaptive: AdaptiveSoftmax<Tensor>; bias: Tensor }>({
      adaptive: sure,
      bias: { shape: [vocabulary], data: own },
    });
    const ask = (tokens: number[], states: number[]) => {
      const targets = asTensors<ClusterTargets<Tensor>>(
        clusterTargets(Int32Array.from(tokens), config, vocabulary),
      );
      const sums = adaptiveSums(params, tf.tensor(states, [states.length, 1]), targets);
      return [sums.right.dataSync()[0], sums.counted.dataSync()[0]];
    };
    expect(ask([2, 9], [1, -1])).toEqual([2, 2]);
    expect(ask([2, 9, 8, 1], [-1, 1, -1, 1])).toEqual([0, 4]);
    expect(ask([-1, 9], [1, -1])).toEqual([1, 1]);
  });

  it('is the output layer of a model that is told so', () => {
    const settings = languageModelConfig.parse({ layers: 1, width, heads: 2, inner: 4, adaptive: config });
    const params = languageModelInit(Random.fromSeed(1), settings, vocabulary);
    expect(params.adaptive?.tails.map(({ out }) => out.shape)).toEqual([
      [3, 3],
      [1, 4],
    ]);
    const logits = nextTokenLogits(asTensors(params), tf.tensor(hidden.data, [2, 4, width]));
    expect(logits.shape).toEqual([2, 4, vocabulary]);
    close('total', tf.sum(tf.exp(logits), -1).dataSync(), new Array(8).fill(1), 1e-5);
  });

  it.each([[[4, 4]], [[11]], [[7, 4]]])('refuses cutoffs %j', cutoffs => {
    expect(() => adaptiveSoftmaxInit(Random.fromSeed(1), width, vocabulary, { cutoffs, divisor: 2 })).toThrow(
      'cutoffs: expected numbers that ascend from 1 to below 11',
    );
  });
});
