import { beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { type Classifier, classify } from '../../../src/learners/classifier/index.ts';
import type { LayerInputs, SequentialNet } from '../../../src/learners/pipeline-parallel/contract.ts';
import {
  convNet,
  residualMlp,
  sequentialClassifier,
  transformerXl,
} from '../../../src/learners/pipeline-parallel/nets/index.ts';
import {
  type HostTensor,
  initTensors,
  mapTree,
  type Tensor,
  type Tree,
  tf,
  valueAndGrad,
} from '../../../src/tensors/index.ts';

beforeAll(async () => {
  await initTensors();
});

const rows = 6;
const vocabulary = 7;
const nets: readonly (readonly [string, SequentialNet])[] = [
  ['the residual MLP', residualMlp({ inputs: 5, width: 8, depth: 4, dropout: 0.25 })],
  ['the convolutional net', convNet({ side: 6, channels: [3, 4] })],
  [
    'Transformer-XL',
    transformerXl({
      ...{ vocabulary, segment: 4, memory: 3 },
      model: { layers: 2, width: 8, heads: 2, inner: 12 },
    }),
  ],
  [
    'a classifier',
    sequentialClassifier({ net: { kind: 'conv', channels: [3], hidden: [5] }, shape: [6, 6, 1] }),
  ],
];

const onDevice = ({ shape, data }: HostTensor): Tensor =>
  tf.tensor(data, [...shape], data instanceof Int32Array ? 'int32' : 'float32');
const paramsOf = (net: SequentialNet): Tree<Tensor>[] =>
  net.layers.map(layer =>
    mapTree<HostTensor, Tensor>(layer.init(Random.fromSeed(1).split(layer.name)), onDevice),
  );
const uniform = (random: Random, shape: readonly number[], low: number, high: number): Tensor => {
  const data = new Float32Array(shape.reduce((product, n) => product * n, 1));
  random.fillUniform(data, low, high);
  return tf.tensor(data, [...shape]);
};
const integers = (random: Random, shape: readonly number[], below: number): Tensor =>
  tf.cast(tf.floor(uniform(random, shape, 0, below)), 'int32');

/** A mini-batch, and what each layer is given beside its input. */
function inputsOf(net: SequentialNet) {
  const random = Random.fromSeed(2);
  const { shape, dtype } = net.input;
  const x =
    dtype === 'int32'
      ? integers(random.split('x'), [rows, ...shape], vocabulary)
      : uniform(random.split('x'), [rows, ...shape], -1, 1);
  const below = dtype === 'int32' ? vocabulary : 10;
  const beside = net.layers.map(({ name, noise, carries }): LayerInputs => {
    const carried = carries && uniform(random.split('carried', name), [rows, ...carries], -1, 1);
    return {
      ...(noise && { noise: uniform(random.split('noise', name), [rows, ...noise], 0, 1) }),
      // The last number says whether a place is filled: here, all are.
      ...(carried && { carried: tf.where(tf.equal(places(carried), 1), tf.ones(carried.shape), carried) }),
    };
  });
  return { x, targets: integers(random.split('targets'), [rows, ...net.targets], below), beside };
}
const places = (carried: Tensor): Tensor => {
  const width = carried.shape[carried.rank - 1];
  return tf.broadcastTo(
    tf.tensor(Array.from({ length: width }, (_, i) => Number(i === width - 1))),
    carried.shape,
  );
};

const run = (
  net: SequentialNet,
  params: readonly Tree<Tensor>[],
  x: Tensor,
  beside: readonly LayerInputs[],
  from = 0,
) => params.reduce<Tensor>((at, own, i) => net.layers[from + i].apply(own, at, beside[from + i]).y, x);
/** The largest difference, as a part of the largest value. */
function apart(a: Tensor, b: Tensor): number {
  const wanted = b.dataSync();
  const differences = [...a.dataSync()].map((value, i) => Math.abs(value - wanted[i]));
  return Math.max(...differences) / Math.max(...[...wanted].map(Math.abs));
}

describe.each(nets)('%s', (_, net) => {
  const whole = () => {
    const params = paramsOf(net);
    const { x, targets, beside } = inputsOf(net);
    const lossOf = (y: Tensor) => tf.mean(net.loss(y, targets));
    const one = valueAndGrad(all => {
      const y = run(net, all as Tree<Tensor>[], x, beside);
      return { loss: lossOf(y), y };
    }, params as never) as { loss: Tensor; y: Tensor; gradient: Tensor };
    return { params, x, beside, lossOf, one };
  };

  test('cut anywhere, has the same outputs and gradients', () => {
    const { params, x, beside, lossOf, one } = whole();
    expect(Math.max(...one.gradient.dataSync().map(Math.abs))).toBeGreaterThan(1e-3);
    for (let cut = 1; cut < net.layers.length; cut++) {
      const [first, second] = [params.slice(0, cut), params.slice(cut)];
      const h = run(net, first, x, beside);
      const back = valueAndGrad(
        tree => {
          const { own, at } = tree as { own: Tree<Tensor>[]; at: Tensor };
          const y = run(net, own, at, beside, cut);
          return { loss: lossOf(y), y };
        },
        { at: h, own: second } as never,
      ) as { y: Tensor; gradient: Tensor };
      const slope = tf.reshape(tf.slice(back.gradient, [0], [h.size]), h.shape);
      const front = valueAndGrad(
        own => ({ loss: tf.sum(tf.mul(run(net, own as Tree<Tensor>[], x, beside), slope)) }),
        first as never,
      );
      const gradient = tf.concat([
        front.gradient,
        tf.slice(back.gradient, [h.size], [back.gradient.size - h.size]),
      ]);
      expect(apart(back.y, one.y)).toBe(0);
      expect(apart(gradient, one.gradient)).toBeLessThan(2e-6);
    }
  });

  test('has names that tell its layers apart, and a loss a row', () => {
    const names = net.layers.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const { x, targets, beside } = inputsOf(net);
    expect(net.loss(run(net, paramsOf(net), x, beside), targets).shape).toEqual([rows]);
  });
});

describe('the convolutional net', () => {
  test('gives sums of what it normalised by, and with statistics made from them the same outputs', () => {
    const net = convNet({ side: 6, channels: [3] });
    const params = paramsOf(net);
    const { x } = inputsOf(net);
    const y = net.layers[0].apply(params[0], x, {}).y;
    const learning = net.layers[1].apply(params[1], y, {});
    const [sum, squares] = [...((learning.sums as Tensor).arraySync() as number[][])];
    const n = rows * (net.layers[1].statistics?.perRow ?? 0);
    expect(n).toBe(rows * 36);
    const mean = sum.map(value => value / n);
    const variance = squares.map((value, i) => value / n - mean[i] ** 2);
    const judged = net.layers[1].apply(params[1], y, { statistics: tf.tensor([mean, variance]) });
    expect(judged.sums).toBeUndefined();
    expect(apart(judged.y, learning.y)).toBeLessThan(1e-5);
  });
});

describe('Transformer-XL', () => {
  const settings = { vocabulary, segment: 4, memory: 4, model: { layers: 2, width: 8, heads: 2, inner: 12 } };
  const net = transformerXl(settings);

  test('with its memory of the segment before reads the next as a longer model reads both', () => {
    const longer = transformerXl({ ...settings, segment: 8, model: { ...settings.model, layers: 1 } });
    const one = transformerXl({ ...settings, model: { ...settings.model, layers: 1 } });
    const params = paramsOf(one);
    const ids = integers(Random.fromSeed(5), [2, 8], vocabulary);
    const wanted = run(longer, params, ids, [{}, {}, {}]);
    const half = (from: number) => tf.slice(ids, [0, from], [2, 4]);
    const embedded = (from: number) => one.layers[0].apply(params[0], half(from), {}).y;
    const before = one.layers[1].apply(params[1], embedded(0), {});
    const after = one.layers[1].apply(params[1], embedded(4), { carried: before.carried });
    const second = one.layers[2].apply(params[2], after.y, {}).y;
    expect(apart(second, tf.slice(wanted, [0, 4, 0], [2, 4, vocabulary]))).toBeLessThan(1e-5);
  });

  test('takes a memory of zeros as an empty one', () => {
    const params = paramsOf(net);
    const { x } = inputsOf(net);
    const empty = run(
      net,
      params,
      x,
      net.layers.map(() => ({})),
    );
    const zeros = run(
      net,
      params,
      x,
      net.layers.map(({ carries }) => (carries ? { carried: tf.zeros([rows, ...carries]) } : {})),
    );
    expect(apart(zeros, empty)).toBe(0);
    const short = transformerXl({ ...settings, memory: 1 });
    expect(
      apart(
        run(
          short,
          params,
          x,
          net.layers.map(() => ({})),
        ),
        empty,
      ),
    ).toBeLessThan(1e-5);
  });
});

describe('a classifier', () => {
  test('layer by layer is the classifier of the other methods', () => {
    const net = sequentialClassifier({
      net: { kind: 'conv', channels: [3, 4], hidden: [5] },
      shape: [6, 6, 1],
    });
    const params = paramsOf(net);
    const { x } = inputsOf(net);
    const same = {
      convolutions: params.slice(0, 2),
      dense: params.slice(2),
    } as unknown as Classifier<Tensor>;
    expect(
      apart(
        run(
          net,
          params,
          x,
          net.layers.map(() => ({})),
        ),
        classify(same, x),
      ),
    ).toBe(0);
  });
});

test.each([
  [() => residualMlp({ width: 0 }), 'settings: width = 0'],
  [() => convNet({ channels: [] }), 'settings: channels = []'],
  [() => transformerXl({ segment: 4 }), 'settings: vocabulary = undefined'],
  [
    () => transformerXl({ vocabulary, model: { width: 9, heads: 2 } }),
    'model.width: expected a multiple of heads = 2, got 9',
  ],
])('settings that make no net are refused by name', (make, message) => {
  expect(make).toThrow(message);
});
