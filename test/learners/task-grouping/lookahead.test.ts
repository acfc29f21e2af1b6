import { describe, expect, test } from 'vitest';
import { affinities } from '../../../src/learners/task-grouping/affinity.ts';
import type { OptimizerConfig } from '../../../src/learners/task-grouping/config.ts';
import {
  lookahead,
  type OptimizerState,
  optimizerInit,
  optimizerStep,
} from '../../../src/learners/task-grouping/lookahead.ts';
import {
  compile,
  hostScalar,
  hostTensor,
  type Tensor,
  tf,
  valueAndGrad,
} from '../../../src/tensors/index.ts';

// A trunk of one number: L_a = (θ − 1)² + ½, L_b = (θ − 2)² + ½, L_c = (θ + 1)² + ½.
const targets = [1, 2, -1];
const losses = (theta: number) => targets.map(target => (theta - target) ** 2 + 0.5);

interface State {
  readonly params: { readonly theta: Tensor };
  readonly optimizer: OptimizerState<Tensor>;
}

async function scalarTrunk(config: OptimizerConfig, velocity = 0) {
  const rate = 0.1;
  const params = { theta: hostTensor([1], [0]) };
  // PyTorch's form keeps u = −v/η.
  const optimizer = {
    ...optimizerInit(params, config),
    ...(velocity !== 0 && { m: hostTensor([1], [-velocity / rate]) }),
  };
  const gradientOf = (at: State['params'], target: Tensor) =>
    valueAndGrad(({ theta }: State['params']) => ({ loss: tf.sum(tf.square(tf.sub(theta, target))) }), at)
      .gradient;
  const joint = await compile(
    ({ params, optimizer }: State) =>
      optimizerStep(
        params,
        targets.map(target => gradientOf(params, tf.scalar(target))).reduce((a, b) => tf.add(a, b)),
        optimizer,
        rate,
        config,
      ),
    { state: { params, optimizer }, name: 'joint' },
  );
  const ahead = await compile(
    ({ params, optimizer, target }: State & { target: Tensor }) =>
      lookahead(params, gradientOf(params, target), optimizer, rate, config),
    { state: joint.state, name: 'ahead' },
  );
  const after: number[] = [];
  for (const target of targets) after.push((await ahead({ target: hostScalar(target) })).theta.data[0]);
  const { z } = affinities(
    losses(0),
    targets.map((_, j) => after.map(theta => losses(theta)[j])),
  );
  const still = joint.state.flat('params')[0];
  await joint({});
  return { after, z, still, next: joint.state.flat('params')[0] };
}

/** Z of one source to a, b and c. */
const from = (z: readonly (readonly number[])[], source: number) => z.map(row => row[source]);
const near = (actual: readonly number[], expected: readonly number[]) => {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    expect(actual[i]).toBeCloseTo(value, 5);
  });
};

describe('a trunk of one number', () => {
  test('without momentum: every affinity, the joint step, and the trunk where it was', async () => {
    const { z, still, next } = await scalarTrunk({ kind: 'sgd', momentum: 0 });
    near(from(z, 0), [0.24, 0.168889, -0.293333]);
    near(from(z, 1), [0.426667, 0.32, -0.64]);
    near(from(z, 2), [-0.293333, -0.186667, 0.24]);
    expect(still).toBe(0);
    expect(next).toBeCloseTo(0.4, 6);
  });

  test('with momentum the step ahead is the one that training would take', async () => {
    const { after, z, still } = await scalarTrunk({ kind: 'sgd', momentum: 0.9 }, 0.05);
    near(after, [0.245, 0.445, -0.155]);
    near(from(z, 0), [0.28665, 0.204439, -0.366683]);
    near(from(z, 2), [-0.222683, -0.143117, 0.19065]);
    expect(still).toBe(0);
  });

  test('Adam’s step ahead is its own: at first it has the length of the rate, whatever the gradient', async () => {
    const { after, still, next } = await scalarTrunk({ kind: 'adam' });
    near(after, [0.1, 0.1, -0.1]);
    expect(still).toBe(0);
    expect(next).toBeCloseTo(0.1, 5);
  });
});

test('Adam’s step ahead goes by its moments: m̂ / √v̂ after the gradient came in', async () => {
  const params = { theta: hostTensor([1], [0]) };
  const optimizer = { step: hostScalar(1), m: hostTensor([1], [0.3]), v: hostTensor([1], [0.004]) };
  const ahead = await compile(
    (state: State) => lookahead(state.params, tf.tensor1d([-2]), state.optimizer, 0.1, { kind: 'adam' }),
    { state: { params, optimizer }, name: 'ahead' },
  );
  const m = (0.9 * 0.3 + 0.1 * -2) / (1 - 0.9 ** 2);
  const v = (0.999 * 0.004 + 0.001 * 4) / (1 - 0.999 ** 2);
  expect((await ahead({})).theta.data[0]).toBeCloseTo((-0.1 * m) / (Math.sqrt(v) + 1e-8), 5);
  expect(ahead.state.flat('optimizer')[0]).toBe(1);
});
