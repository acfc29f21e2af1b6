import { beforeAll, describe, expect, test } from 'vitest';
import { policyRef } from '../../../src/actors/policy.ts';
import { compilePolicy } from '../../../src/actors/policy-programs.ts';
import { type Helping, helpingFields } from '../../../src/actors/replay/fields.ts';
import { allocateSlab } from '../../../src/actors/trajectory.ts';
import { Random } from '../../../src/core/random.ts';
import { box, discrete, multiDiscrete } from '../../../src/env/spaces.ts';
import { dqnConfig } from '../../../src/learners/dqn/config.ts';
import { createDqn } from '../../../src/learners/dqn/method.ts';
import { dqnPolicy } from '../../../src/learners/dqn/networks.ts';
import { explainMetric } from '../../../src/report/metrics-table.ts';
import { initTensors } from '../../../src/tensors/index.ts';

beforeAll(async () => {
  await initTensors();
});

const spaces = { observation: box(2), action: discrete(3) };
const shape = { spaces, batch: 4, updates: 5 };
const make = (settings: object = {}) =>
  createDqn(dqnConfig.parse({ hidden: [4], ...settings }), shape, Random.fromSeed(1), () => {});

/** A helping of noise. */
function helpingOf(seed: number, count = 5): Helping {
  const random = Random.fromSeed(seed);
  const slab = allocateSlab(helpingFields(shape));
  for (const column of [slab.observations, slab.nextObservations, slab.rewards]) random.fillNormal(column);
  slab.actions.forEach((_, row) => {
    slab.actions[row] = random.integer(3);
  });
  slab.weights.fill(1);
  slab.discounts.fill(0.9);
  slab.count[0] = count;
  return slab;
}

type Snapshots = Readonly<Record<'online' | 'target' | 'optimizer', Float32Array>>;
const stateOf = async (method: Awaited<ReturnType<typeof make>>) =>
  structuredClone(method.snapshot()) as unknown as Snapshots;

describe('the target network', () => {
  test('is copied every so many gradient steps, over helpings and within them', async () => {
    const method = await make({ targetEvery: 8 });
    const first = await stateOf(method);
    await method.learn(helpingOf(1), 0);
    const [before] = [await stateOf(method)];
    expect(before.online).not.toEqual(first.online);
    expect(before.target).toEqual(first.target);
    // Steps 6 and 7, then the eighth: exactly the online network; then two more, which it does not follow.
    await method.learn(helpingOf(2, 3), 0);
    const at8 = await stateOf(method);
    expect(at8.target).toEqual(at8.online);
    await method.learn(helpingOf(3, 2), 0);
    const after = await stateOf(method);
    expect(after.target).toEqual(at8.target);
    expect(after.online).not.toEqual(at8.online);
    // Steps 11 to 15 and 16 to 20: the copy of step 16 stands in the middle of a helping.
    await method.learn(helpingOf(4), 0);
    await method.learn(helpingOf(5), 0);
    const last = await stateOf(method);
    expect(last.target).not.toEqual(at8.target);
    expect(last.target).not.toEqual(last.online);
    method.dispose();
  });
});

describe('a method', () => {
  test('goes on from a snapshot with the same bits, and gives one error a row', async () => {
    const [one, other] = [await make({ targetEvery: 3 }), await make({ targetEvery: 3 })];
    await one.learn(helpingOf(1), 0);
    other.restore(structuredClone(one.snapshot()));
    const [a, b] = [await one.learn(helpingOf(2, 4), 0.5), await other.learn(helpingOf(2, 4), 0.5)];
    expect(b).toEqual(a);
    expect(other.snapshot()).toEqual(one.snapshot());
    expect(a.errors.length).toBe(20);
    expect(a.errors.subarray(0, 16).every(error => error > 0)).toBe(true);
    const mean = a.errors.subarray(0, 16).reduce((sum, error) => sum + error, 0) / 16;
    expect(Object.keys(a.figures).filter(name => explainMetric(name) === '')).toEqual([]);
    expect(a.figures['td_error']).toBeCloseTo(mean, 5);
    for (const method of [one, other]) method.dispose();
  });

  test('does nothing where nothing is filled', async () => {
    const method = await make();
    const before = method.snapshot();
    expect((await method.learn(helpingOf(1, 0), 0)).figures).toEqual({});
    expect(method.snapshot()).toEqual(before);
    expect(() => method.takeParameters(new Float32Array(3))).toThrow(/expected 27 parameters, got 3/);
    method.dispose();
  });

  test('ends where a figure is no number any more', async () => {
    const method = await make();
    const helping = helpingOf(1);
    helping.rewards.fill(Number.POSITIVE_INFINITY);
    await expect(method.learn(helping, 0)).rejects.toThrow(/learning broke down: .*try a lower learningRate/);
    method.dispose();
  });
});

test('the policy takes the action of the highest value, and refuses actions that are no choice of one', async () => {
  const ref = policyRef(dqnPolicy, { hidden: [4] }, spaces);
  const policy = await compilePolicy(ref);
  // All weights zero, the last biases 1, 3 and 2.
  const parameters = new Float32Array(ref.size);
  parameters.set([1, 3, 2], ref.size - 3);
  policy.setParameters(parameters);
  const observations = { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) };
  expect([...policy.decide(observations).data]).toEqual([1, 1]);
  const noise = { shape: [2, 1], data: Float32Array.of(9, -9) };
  expect([...policy.act(observations, noise).data]).toEqual([1, 1]);
  policy.dispose();
  for (const action of [box(1), multiDiscrete([2, 2])]) {
    expect(() => policyRef(dqnPolicy, {}, { ...spaces, action })).toThrow(
      `dqn: action space: kind = ${action.kind}, expected discrete`,
    );
  }
});
