import { beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { box, discrete } from '../../../src/env/spaces.ts';
import { type DqnConfig, dqnConfig } from '../../../src/learners/dqn/config.ts';
import { dqnLoss, targetsOf } from '../../../src/learners/dqn/loss.ts';
import { type DqnWeights, initWeights, valuesOf } from '../../../src/learners/dqn/networks.ts';
import { compileDqnUpdate } from '../../../src/learners/dqn/update.ts';
import {
  adam,
  adamInit,
  compile,
  flattenTree,
  hostTensor,
  initTensors,
  type Tensor,
  tf,
  valueAndGrad,
} from '../../../src/tensors/index.ts';
import { dueling, firstStep, type Network, plain, type Row, type Settings } from './float64.ts';

beforeAll(async () => {
  await initTensors();
});

const spaces = { observation: box(2), action: discrete(3) };
const random = Random.fromSeed(5).split('rows');
const numbers = (count: number) => Array.from({ length: count }, () => random.normal());
const rows: Row[] = Array.from({ length: 6 }, (_, i) => ({
  observation: numbers(2),
  action: i % 3,
  reward: random.normal() + (i === 0 ? 3 : 0),
  // Row 1 has terminated; row 2 is the return of three steps.
  discount: [0.9, 0, 0.729, 0.9, 0.9, 0.9][i],
  next: numbers(2),
  weight: [1, 0.3, 0.5, 1, 0.1, 0.8][i],
}));
const batchOf = (given: readonly Row[]) => ({
  observations: hostTensor(
    [6, 2],
    given.flatMap(row => row.observation),
  ),
  actions: { shape: [6, 1], data: Int32Array.from(given, row => row.action) },
  rewards: hostTensor(
    [6],
    given.map(row => row.reward),
  ),
  discounts: hostTensor(
    [6],
    given.map(row => row.discount),
  ),
  nextObservations: hostTensor(
    [6, 2],
    given.flatMap(row => [...row.next]),
  ),
  weights: hostTensor(
    [6],
    given.map(row => row.weight),
  ),
});

const learningRate = 0.1;
// An epsilon of 1 makes the first step of Adam tell how large a gradient is, not just its sign.
const base = { hidden: [4], adamEpsilon: 1, maxGradientNorm: 1000 };
const flat = (tree: unknown): number[] => [...(flattenTree(tree as never) as Float32Array)];

interface Stepped {
  readonly loss: number;
  readonly errors: readonly number[];
  readonly norm: number;
  readonly online: readonly number[];
  readonly target: readonly number[];
}
type Step = (config: DqnConfig, given: readonly Row[], share: number) => Promise<Stepped>;

/** Networks that disagree on the best action in most rows, so that it shows which of them chose. */
const networks = (config: DqnConfig) =>
  [0, 4].map(seed => initWeights(Random.fromSeed(seed), config, spaces));

const compiled: Step = async (config, given, share) => {
  const [online, target] = networks(config);
  const update = await compileDqnUpdate(config, online);
  update.state.setFlat('target', Float32Array.from(flat(target)));
  const shares = hostTensor([6], new Array<number>(6).fill(share));
  const { tdLoss, errors, gradientNorm } = await update({ ...batchOf(given), shares, learningRate });
  const stepped = {
    loss: tdLoss.data[0],
    errors: [...errors.data],
    norm: gradientNorm.data[0],
    online: [...update.state.flat('online')],
    target: [...update.state.flat('target')],
  };
  update.dispose();
  return stepped;
};

/** Holds a step against float64. */
async function check(step: Step, settings: object, network: Network): Promise<void> {
  const config = dqnConfig.parse({ ...base, ...settings });
  const [online, target] = networks(config).map(flat);
  const of: Settings = {
    network,
    double: config.double,
    huber: config.loss === 'huber',
    learningRate,
    maxGradientNorm: config.maxGradientNorm ?? Infinity,
  };
  const wanted = firstStep(online, target, rows, of);
  const got = await step(config, rows, 0.25);
  const near = (values: readonly number[]) => values.map(value => expect.closeTo(value, 4));
  expect(got.loss).toBeCloseTo(wanted.loss, 4);
  expect(got.errors).toEqual(near(wanted.errors));
  if (!config.dueling) expect(got.norm).toBeCloseTo(wanted.norm, 3);
  expect(got.online).toEqual(near(wanted.online));
  expect(got.target).toEqual(near(target.map((w, k) => 0.75 * w + 0.25 * got.online[k])));
}

const network = plain(2, 4, 3);

describe('a gradient step is what float64 says', () => {
  test.each([
    { double: true, loss: 'huber' },
    { double: false, loss: 'huber' },
    { double: true, loss: 'squared' },
    { double: true, loss: 'squared', maxGradientNorm: 0.1 },
  ])('%o', async settings => {
    await check(compiled, settings, network);
  });

  test('duelling, with the trunk’s gradient scaled by 1/√2', async () => {
    const config = dqnConfig.parse({ ...base, hidden: [4, 3], dueling: true });
    const [online, target] = networks(config).map(flat);
    const of: Settings = {
      network: dueling(2, 4, 3, 3),
      double: true,
      huber: true,
      learningRate,
      maxGradientNorm: 1000,
    };
    const { loss, errors, gradient } = firstStep(online, target, rows, of);
    const got = await compiled(config, rows, 0);
    expect(got.loss).toBeCloseTo(loss, 4);
    expect(got.errors).toEqual(errors.map(e => expect.closeTo(e, 4)));
    // The trunk is the first 2 · 4 + 4 parameters.
    const slopes = gradient.map((g, k) => (k < 12 ? g * Math.SQRT1_2 : g));
    expect(got.norm).toBeCloseTo(Math.hypot(...slopes), 4);
    const moved = online.map((w, k) => w - (learningRate * slopes[k]) / (Math.abs(slopes[k]) + 1));
    expect(got.online).toEqual(moved.map(w => expect.closeTo(w, 4)));
    expect(got.target).toEqual(target.map(w => expect.closeTo(w, 6)));
  });
});

test('a copy has the same bits as the online network, and no copy leaves the target network its own', async () => {
  const config = dqnConfig.parse(base);
  const copied = await compiled(config, rows, 1);
  expect(copied.target).toEqual(copied.online);
  expect((await compiled(config, rows, 0)).target).toEqual(flat(networks(config)[1]));
});

describe('planted: the same check goes red', () => {
  const red = (step: Step, settings: object = { double: true }) =>
    expect(check(step, settings, network)).rejects.toThrow(/expected/);

  test('the target network’s highest value instead of double', () =>
    red((config, given, share) => compiled({ ...config, double: false }, given, share)));

  test('priorities ignored', () =>
    red((config, given, share) =>
      compiled(
        config,
        given.map(row => ({ ...row, weight: 1 })),
        share,
      ),
    ));

  test('terminated episodes bootstrapped', () =>
    red((config, given, share) =>
      compiled(
        config,
        given.map(row => ({ ...row, discount: row.discount || 0.9 })),
        share,
      ),
    ));

  test('the online network as its own target, and a gradient through it', async () => {
    await red(throughOnline, { double: false });
    // What the loss itself does about it: targets are constants, whatever they were made of.
    const values = tf.tensor2d([[1, 2]]);
    const { gradient } = valueAndGrad(
      (next: Tensor) => {
        const rewards = tf.tensor1d([1]);
        const targets = targetsOf({ rewards, discounts: tf.tensor1d([0.9]) }, next, next);
        const batch = { actions: tf.tensor2d([[0]], [1, 1], 'int32'), weights: tf.tensor1d([1]) };
        return dqnLoss(batch, values, targets, { loss: 'squared' });
      },
      tf.tensor2d([[3, 4]]),
    );
    expect([...gradient.dataSync()]).toEqual([0, 0]);
  });
});

/** DQN as it must not be: y is differentiated too. */
const throughOnline: Step = async (config, given, share) => {
  const [online, target] = networks(config);
  const update = await compile(
    ({ online, target, optimizer, rewards, discounts, ...batch }: Planted) => {
      const { gradient, loss, errors } = valueAndGrad((candidate: DqnWeights<Tensor>) => {
        const next = tf.max(valuesOf(candidate, batch.nextObservations, config), 1);
        const targets = tf.add(rewards, tf.mul(discounts, next));
        return dqnLoss(batch, valuesOf(candidate, batch.observations, config), targets, config);
      }, online);
      const next = adam(online, gradient, optimizer, { learningRate, epsilon: 1 });
      return { online: next.params, optimizer: next.optimizer, target, loss, errors };
    },
    { state: { online, target, optimizer: adamInit(online) } },
  );
  const { loss, errors } = await update(batchOf(given));
  const moved = [...update.state.flat('online')];
  const stepped = {
    loss: loss.data[0],
    errors: [...errors.data],
    norm: Number.NaN,
    online: moved,
    target: flat(target).map((w, k) => (1 - share) * w + share * moved[k]),
  };
  update.dispose();
  return stepped;
};

interface Planted {
  readonly online: DqnWeights<Tensor>;
  readonly target: DqnWeights<Tensor>;
  readonly optimizer: { readonly step: Tensor; readonly m: Tensor; readonly v: Tensor };
  readonly observations: Tensor;
  readonly actions: Tensor;
  readonly rewards: Tensor;
  readonly discounts: Tensor;
  readonly nextObservations: Tensor;
  readonly weights: Tensor;
}
