import { beforeAll, describe, expect, test } from 'vitest';
import { policyRef } from '../../../src/actors/policy.ts';
import { compilePolicy } from '../../../src/actors/policy-programs.ts';
import { Random } from '../../../src/core/random.ts';
import { box, discrete } from '../../../src/env/spaces.ts';
import { initWeights, ppoPolicy, ppoPolicyConfig } from '../../../src/learners/ppo/networks.ts';
import { flattenTree, hostTensor, initTensors } from '../../../src/tensors/index.ts';

beforeAll(async () => {
  await initTensors();
});

describe('initial weights', () => {
  const config = ppoPolicyConfig.parse({ hidden: [8, 8], initialLogStd: -0.5 });
  const weights = initWeights(Random.fromSeed(1), config, 4, box(2));
  const norms = ({
    weights: { shape, data },
  }: {
    weights: { shape: readonly number[]; data: ArrayLike<number> };
  }) =>
    Array.from({ length: shape[1] }, (_, column) =>
      Math.sqrt(
        Array.from({ length: shape[0] }, (_, row) => data[row * shape[1] + column] ** 2).reduce(
          (a, b) => a + b,
          0,
        ),
      ),
    );

  test('are orthogonal, with gain √2 inside, 0.01 on the policy, 1 on the value', () => {
    for (const norm of norms(weights.policy[1])) expect(norm).toBeCloseTo(Math.SQRT2, 5);
    for (const norm of norms(weights.policy[2])) expect(norm).toBeCloseTo(0.01, 6);
    for (const norm of norms(weights.value[2])) expect(norm).toBeCloseTo(1, 5);
    expect(weights.policy.flatMap(layer => [...layer.bias.data]).every(bias => bias === 0)).toBe(true);
  });
  test('have a deviation for real actions only', () => {
    expect([...(weights.logStd?.data ?? [])]).toEqual([-0.5, -0.5]);
    expect(initWeights(Random.fromSeed(1), config, 4, discrete(2)).logStd).toBeUndefined();
  });
  test('differ between the networks and between seeds', () => {
    const flat = (seed: number) =>
      flattenTree(initWeights(Random.fromSeed(seed), config, 4, box(2)) as never);
    expect(flat(1)).toEqual(flat(1));
    expect(flat(1)).not.toEqual(flat(2));
    expect(weights.policy[0].weights.data).not.toEqual(weights.value[0].weights.data);
  });
});

describe('a split policy that says deviations', () => {
  const config = ppoPolicyConfig.parse({
    ...{ hidden: [], policyGain: 0.02, deviations: 'seen', initialLogStd: -0.5, trunks: [1, 2] },
  });
  const spaces = { observation: box(2), action: box(3) };

  test('has a network for each trunk, means of the gain asked for, deviations of gain 1 around their bias', () => {
    const { policy, trunks, logStd } = initWeights(Random.fromSeed(1), config, 2, box(3));
    expect(logStd).toBeUndefined();
    const [first, second] = [policy, trunks?.[0] ?? []].map(trunk => trunk[trunk.length - 1]);
    expect([first.weights.shape, second.weights.shape]).toEqual([
      [2, 2],
      [2, 4],
    ]);
    expect([...first.bias.data, ...second.bias.data]).toEqual([0, -0.5, 0, 0, -0.5, -0.5]);
    const norm = (column: number) => Math.hypot(first.weights.data[column], first.weights.data[column + 2]);
    expect(norm(0)).toBeCloseTo(0.02, 5);
    expect(norm(1)).toBeCloseTo(1, 5);
  });

  test('draws with the deviation of each observation, and appraises so', async () => {
    const policy = await compilePolicy(policyRef(ppoPolicy, config, spaces));
    // First trunk: mean x, log-deviation y. Value: nothing. Second: means 0 and 1, log-deviations 0 and −1.
    policy.setParameters(Float32Array.of(1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, -1));
    const observations = hostTensor([2, 2], [3, 0, 5, Math.log(2)]);
    const noise = hostTensor([2, 3], [1, 1, 1, 1, -1, -1]);
    const actions = policy.act(observations, noise);
    const expected = [3 + 1, 1, 1 + Math.exp(-1), 5 + 2, -1, 1 - Math.exp(-1)];
    for (const [i, action] of actions.data.entries()) expect(action).toBeCloseTo(expected[i], 5);
    const { logProbs } = policy.appraise(observations, actions);
    const density = (logs: number) => -1.5 - logs - 1.5 * Math.log(2 * Math.PI);
    expect(logProbs.data[0]).toBeCloseTo(density(-1), 4);
    expect(logProbs.data[1]).toBeCloseTo(density(Math.log(2) - 1), 4);
  });

  test('is refused where trunks or deviations do not fit the actions', () => {
    expect(() => policyRef(ppoPolicy, { trunks: [1, 1] }, spaces)).toThrow(
      'ppo: trunks give 2 actions, expected 3',
    );
    expect(() =>
      policyRef(ppoPolicy, { deviations: 'seen' }, { observation: box(2), action: discrete(2) }),
    ).toThrow('ppo: trunks or deviations of discrete actions, expected them with continuous ones only');
  });

  test('when it is blind, does the same whatever it sees, while its value sees', async () => {
    const blind = await compilePolicy(policyRef(ppoPolicy, { hidden: [3], blind: true }, spaces));
    const observations = hostTensor([2, 2], [3, 0, 5, 1]);
    const { data } = blind.decide(observations);
    expect([...data.slice(3)]).toEqual([...data.slice(0, 3)]);
    const [a, b] = blind.value(observations).data;
    expect(a).not.toBe(b);
  });
});

describe('the policy', () => {
  const spaces = { observation: box(2), action: box(1, { low: -1, high: 1 }) };

  test('normalises what it sees by its own parameters, cut at ± 10', async () => {
    const ref = policyRef(ppoPolicy, { hidden: [], normalizeObservations: true }, spaces);
    const policy = await compilePolicy(ref);
    // mean 1 and 2, scale 2 and 100, then one linear layer that adds both: policy weights 1, 1, bias 0; value weights
    // 0, 0, bias 7; log-deviation 0.
    policy.setParameters(Float32Array.of(1, 2, 2, 100, 1, 1, 0, 0, 0, 7, 0));
    // (2 − 1) · 2 = 2 and (2.05 − 2) · 100 = 5; then (5 − 2) · 100 = 300, cut to 10
    const observations = hostTensor([2, 2], [2, 2.05, 1, 5]);
    const [first, second] = policy.decide(observations).data;
    expect(first).toBeCloseTo(7, 3);
    expect(second).toBeCloseTo(10, 5);
    expect([...policy.value(observations).data]).toEqual([7, 7]);
  });

  test('appraises the actions that it draws', async () => {
    const policy = await compilePolicy(policyRef(ppoPolicy, { hidden: [4] }, spaces));
    const observations = hostTensor([3, 2], [1, 2, 3, 4, 5, 6]);
    const noise = hostTensor([3, 1], [0.5, -1, 2]);
    const actions = policy.act(observations, noise);
    const { logProbs, values } = policy.appraise(observations, actions);
    // The deviation is 1: log-density −½ noise² − ½ ln 2π, wherever the mean is.
    [0.5, -1, 2].forEach((z, i) => {
      expect(logProbs.data[i]).toBeCloseTo(-0.5 * z * z - 0.5 * Math.log(2 * Math.PI), 4);
    });
    expect([...values.data]).toEqual([...policy.value(observations).data]);
  });
});
