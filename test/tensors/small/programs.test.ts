import { afterEach, describe, expect, it } from 'vitest';
import { loadPolicy, policyRef } from '../../../src/actors/policy.ts';
import { Random } from '../../../src/core/random.ts';
import type { ActionSpace } from '../../../src/env/spaces.ts';
import { ppoPolicy } from '../../../src/learners/ppo/networks.ts';
import { startExecutor } from '../../../src/tensors/executors/choose.ts';
import {
  compile,
  type HostTensor,
  hostTensor,
  type Tensor,
  type Tree,
  tf,
} from '../../../src/tensors/index.ts';
import { sessionCount } from '../../../src/tensors/programs/sessions.ts';

const { graph: executor } = await startExecutor('onnx-cpu');
const random = Random.fromSeed(3);
const normal = (...shape: number[]) =>
  hostTensor(
    shape,
    Array.from({ length: shape.reduce((n, m) => n * m, 1) }, () => random.normal()),
  );

afterEach(() => {
  expect(sessionCount(executor!)).toBe(0);
});

describe('PPO acts without a session, as op by op', () => {
  const box = { kind: 'box', shape: [2], low: [-1, -1], high: [1, 1] } as unknown as ActionSpace;
  it.each([
    ['discrete', { kind: 'discrete', n: 3 }],
    ['box', box],
  ] as [string, ActionSpace][])('%s', async (_, action) => {
    const observation = { kind: 'box', shape: [5], low: Array(5).fill(-1), high: Array(5).fill(1) };
    const config = { hidden: [64, 64], activation: 'tanh', normalizeObservations: true, initialLogStd: -0.5 };
    const spaces = { observation, action } as unknown as Parameters<typeof policyRef>[2];
    const policy = await loadPolicy(await policyRef(ppoPolicy, config as never, spaces));
    const state = { params: policy.init(Random.fromSeed(1)) as Tree<HostTensor> };
    type Seen = { params: Tree<Tensor>; observations: Tensor };
    const options = { state, executor: 'onnx-cpu', strict: true };
    const act = await compile((args: Seen & { noise: Tensor }) => ({ actions: policy.act(args) }), options);
    const others = [
      await compile((args: Seen) => ({ actions: policy.decide(args) }), { state: act.state }),
      await compile((args: Seen) => ({ values: policy.value?.(args) ?? args.observations }), {
        state: act.state,
      }),
    ];
    for (const rows of [1, 4, 5]) {
      const observations = normal(rows, 5);
      await act.verify(1, { observations, noise: normal(rows, policy.noise.size) });
      for (const program of others) await program.verify(1, { observations });
      act.sync({ observations, noise: normal(rows, policy.noise.size) });
      others[1].sync({ observations });
    }
    expect(sessionCount(executor!)).toBe(0);
    for (const program of [...others, act]) program.dispose();
  });
});

describe('small programs', () => {
  const scale = ({ w, x }: { w: Tensor; x: Tensor }) => ({ y: tf.mul(tf.exp(w), x) });
  const x = hostTensor([2], [1, 1]);

  it('see what others, and setters, did to the state', async () => {
    const add = await compile(({ w, x }: { w: Tensor; x: Tensor }) => ({ w: tf.add(w, x) }), {
      state: { w: hostTensor([2], [0, 0]) },
      executor: 'onnx-cpu',
    });
    const first = await compile(scale, { state: add.state });
    const second = await compile(scale, { state: add.state });
    expect(first.sync({ x }).y.data).toEqual(Float32Array.of(1, 1));
    expect(sessionCount(executor!)).toBe(0);
    add.sync({ x: hostTensor([2], [-40, 1]) });
    // What changes state has a session.
    expect(sessionCount(executor!)).toBe(1);
    for (const program of [first, second]) {
      expect(program.sync({ x }).y.data[0]).toBeCloseTo(Math.exp(-40), 20);
      expect(program.sync({ x }).y.data[1]).toBeCloseTo(Math.E, 5);
    }
    add.state.setFlat('w', Float32Array.of(0, 0));
    expect((await second({ x })).y.data).toEqual(Float32Array.of(1, 1));
    const kept = first.sync({ x }).y;
    first.sync({ x: hostTensor([2], [9, 9]) });
    expect(kept.data).toEqual(Float32Array.of(1, 1));
    for (const program of [first, second, add]) program.dispose();
  });

  it('become sessions from a size on', async () => {
    const product = await compile(
      ({ x }: { x: Tensor }) => ({ y: tf.matMul(x as tf.Tensor2D, x as tf.Tensor2D) }),
      {
        executor: 'onnx-cpu',
      },
    );
    product.sync({ x: normal(20, 20) });
    expect(sessionCount(executor!)).toBe(0);
    product.sync({ x: normal(100, 100) });
    expect(sessionCount(executor!)).toBe(1);
    product.dispose();
  });
});
