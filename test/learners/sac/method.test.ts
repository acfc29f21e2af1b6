import { afterAll, beforeAll, expect, test } from 'vitest';
import { BrokenLearning } from '../../../src/actors/learner.ts';
import { policyRef } from '../../../src/actors/policy.ts';
import type { ReplayMethod } from '../../../src/actors/replay/learner.ts';
import { Random } from '../../../src/core/random.ts';
import { box } from '../../../src/env/spaces.ts';
import { sacConfig } from '../../../src/learners/sac/config.ts';
import { createSac } from '../../../src/learners/sac/method.ts';
import { sacPolicy } from '../../../src/learners/sac/networks.ts';
import { explainMetric } from '../../../src/report/metrics-table.ts';
import { initTensors } from '../../../src/tensors/index.ts';
import { noiseHelping, parametersOf } from '../shared/helpings.ts';

const shape = {
  spaces: { observation: box(3), action: box(2, { low: -1, high: 1 }) },
  batch: 4,
  updates: 3,
};
const { size } = policyRef(sacPolicy, { hidden: [8] }, shape.spaces);
const made: ReplayMethod[] = [];

beforeAll(async () => {
  await initTensors();
});
afterAll(() => {
  for (const method of made) method.dispose();
});

async function make(settings: object = {}, seed = 1, alive = () => {}) {
  const config = sacConfig.parse({ hidden: [8], ...settings });
  const method = await createSac(config, shape, Random.fromSeed(seed), alive);
  made.push(method);
  return method;
}

test('a helping is learned from batch by batch; what was not filled is not touched', async () => {
  let signs = 0;
  const method = await make({}, 1, () => signs++);
  const before = parametersOf(method, size);
  const { figures, errors } = await method.learn(noiseHelping(shape, 2), 0);
  expect(Object.keys(figures).sort()).toEqual([
    'actor_gradient_norm',
    'actor_loss',
    'critic_gradient_norm',
    'critic_loss',
    'entropy',
    'entropy_coefficient',
    'value',
  ]);
  // The mean of both steps, the first of which had a coefficient of 1, the second one a rate away.
  expect(Object.keys(figures).filter(name => explainMetric(name) === '')).toEqual([]);
  expect(figures['entropy_coefficient']).toBeCloseTo((1 + Math.exp(-3e-4)) / 2, 5);
  expect(errors).toHaveLength(12);
  expect([...errors.subarray(0, 8)].every(error => error > 0)).toBe(true);
  expect(errors.subarray(8)).toEqual(new Float32Array(4));
  expect(parametersOf(method, size)).not.toEqual(before);
  expect(signs).toBe(1);
});

test('an empty helping teaches nothing', async () => {
  const method = await make();
  const before = parametersOf(method, size);
  const { figures, errors } = await method.learn(noiseHelping(shape, 0), 0);
  expect(figures).toEqual({});
  expect(errors).toHaveLength(12);
  expect(parametersOf(method, size)).toEqual(before);
});

test('goes on from a snapshot with the same bits, and the seed decides them', async () => {
  const [method, again, other] = [await make(), await make({}, 2), await make({}, 3)];
  await method.learn(noiseHelping(shape, 3), 0);
  again.restore(structuredClone(method.snapshot()));
  const results = [];
  for (const each of [method, again, other]) {
    const { figures, errors } = await each.learn(noiseHelping(shape, 3, 2), 0.5);
    results.push({ figures, errors: errors.slice(), parameters: parametersOf(each, size) });
  }
  expect(results[1]).toEqual(results[0]);
  expect(results[2].parameters).not.toEqual(results[0].parameters);
});

test('starts from another policy, and from what entropy was worth to it', async () => {
  const [from, to, fixed] = [await make(), await make({}, 2), await make({ entropyCoefficient: 0.2 }, 3)];
  await from.learn(noiseHelping(shape, 3), 0);
  const parameters = parametersOf(from, size);
  for (const method of [to, fixed]) method.takeParameters(parameters, from.statistics?.());
  expect(parametersOf(to, size)).toEqual(parameters);
  expect(to.statistics?.()).toEqual(from.statistics?.());
  expect(from.statistics?.()['log_entropy_coefficient']).not.toBe(0);
  expect(fixed.statistics?.()['log_entropy_coefficient']).toBeCloseTo(Math.log(0.2), 6);
  expect(() => to.takeParameters(new Float32Array(3))).toThrow(
    `initial policy: expected ${size} parameters, got 3: of another task or other networks`,
  );
});

test('says which figure is no number any more', async () => {
  const method = await make();
  const helping = noiseHelping(shape, 1);
  helping.rewards[2] = Number.POSITIVE_INFINITY;
  const failed = method.learn(helping, 0);
  await expect(failed).rejects.toThrow(BrokenLearning);
  await expect(failed).rejects.toThrow(
    /^learning broke down: critic_loss = Infinity; try a lower learningRate/,
  );
});
