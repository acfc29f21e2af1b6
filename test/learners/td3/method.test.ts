import { afterAll, beforeAll, expect, test } from 'vitest';
import { policyRef } from '../../../src/actors/policy.ts';
import { compilePolicy } from '../../../src/actors/policy-programs.ts';
import type { ReplayMethod } from '../../../src/actors/replay/learner.ts';
import { Random } from '../../../src/core/random.ts';
import { box } from '../../../src/env/spaces.ts';
import { td3Config } from '../../../src/learners/td3/config.ts';
import { createTd3 } from '../../../src/learners/td3/method.ts';
import { td3Policy } from '../../../src/learners/td3/networks.ts';
import { explainMetric } from '../../../src/report/metrics-table.ts';
import { hostTensor, initTensors } from '../../../src/tensors/index.ts';
import { noiseHelping, parametersOf } from '../shared/helpings.ts';

const shape = {
  spaces: { observation: box(3), action: box(2, { low: -1, high: 1 }) },
  batch: 4,
  updates: 5,
};
const ref = policyRef(td3Policy, { hidden: [8] }, shape.spaces);
const made: ReplayMethod[] = [];

beforeAll(async () => {
  await initTensors();
});
afterAll(() => {
  for (const method of made) method.dispose();
});

async function make(seed = 1) {
  const config = td3Config.parse({ hidden: [8], policyDelay: 3 });
  const method = await createTd3(config, shape, Random.fromSeed(seed), () => {});
  made.push(method);
  return method;
}

test('the policy moves at every third step only, counted over helpings', async () => {
  const method = await make();
  const moved: boolean[] = [];
  let before = parametersOf(method, ref.size);
  for (const count of [1, 1, 1, 2, 0, 1]) {
    const { figures, errors } = await method.learn(noiseHelping(shape, count), 0);
    const after = parametersOf(method, ref.size);
    moved.push(after.some((x, i) => x !== before[i]));
    expect(Object.keys(figures).filter(name => explainMetric(name) === '')).toEqual([]);
    expect('actor_loss' in figures).toBe(moved.at(-1));
    expect(errors).toHaveLength(20);
    before = after;
  }
  expect(moved).toEqual([false, false, true, false, false, true]);
});

test('goes on from a snapshot with the same bits, at the same place between two steps of the policy', async () => {
  const [method, again] = [await make(), await make(2)];
  await method.learn(noiseHelping(shape, 4), 0);
  again.restore(structuredClone(method.snapshot()));
  const results = [];
  for (const each of [method, again]) {
    const { figures, errors } = await each.learn(noiseHelping(shape, 5, 2), 0.5);
    results.push({ figures, errors: errors.slice(), parameters: parametersOf(each, ref.size) });
  }
  expect(results[1]).toEqual(results[0]);
});

test('takes policies of its own size only', async () => {
  const [from, to] = [await make(), await make(2)];
  const parameters = parametersOf(from, ref.size);
  to.takeParameters(parameters);
  expect(parametersOf(to, ref.size)).toEqual(parameters);
  expect(() => to.takeParameters(new Float32Array(3))).toThrow(`expected ${ref.size} parameters, got 3`);
});

test('explores with noise of the deviation that is set, within nothing; decides without', async () => {
  const spaces = { ...shape.spaces, action: box(2, { low: -2, high: 2 }) };
  const policy = await compilePolicy(policyRef(td3Policy, { hidden: [8], explorationNoise: 0.3 }, spaces));
  const observations = hostTensor([1, 3], [1, 2, -3]);
  const decided = policy.decide(observations).data.slice();
  const { data } = policy.act(observations, hostTensor([1, 2], [1, -2]));
  expect(data[0] - decided[0]).toBeCloseTo(2 * 0.3, 5);
  expect(data[1] - decided[1]).toBeCloseTo(-2 * 2 * 0.3, 5);
  policy.dispose();
});
