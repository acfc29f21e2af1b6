import { beforeAll, expect, test } from 'vitest';
import { policyRef } from '../../../src/actors/policy.ts';
import { compilePolicy } from '../../../src/actors/policy-programs.ts';
import { Random } from '../../../src/core/random.ts';
import { box, discrete } from '../../../src/env/spaces.ts';
import { sacPolicy } from '../../../src/learners/sac/networks.ts';
import { hostTensor, initTensors } from '../../../src/tensors/index.ts';

beforeAll(async () => {
  await initTensors();
});

const spaces = { observation: box(2), action: box(2, { low: [-2, 0], high: [2, 10] }) };

test('acts within the bounds of the space; the best action is the one without noise', async () => {
  const ref = policyRef(sacPolicy, { hidden: [4] }, spaces);
  // 2·4 + 4 + 4·4 + 4
  expect(ref.size).toBe(32);
  const policy = await compilePolicy(ref);
  const observations = hostTensor([3, 2], [1, 2, -3, 4, 0, 0.5]);
  const decided = policy.decide(observations).data;
  const silent = policy.act(observations, hostTensor([3, 2], new Float32Array(6)));
  silent.data.forEach((a, i) => {
    expect(a).toBeCloseTo(decided[i], 5);
  });
  const noise = new Float32Array(6);
  Random.fromSeed(1).fillNormal(noise);
  const { data } = policy.act(
    observations,
    hostTensor(
      [3, 2],
      noise.map(x => 20 * x),
    ),
  );
  for (const row of [0, 1, 2]) {
    expect(Math.abs(data[2 * row])).toBeLessThanOrEqual(2);
    expect(Math.abs(data[2 * row + 1] - 5)).toBeLessThanOrEqual(5);
  }
  // Such noise takes actions to their bounds, and not to those of ±1.
  expect(Math.max(...data)).toBeGreaterThan(9);
  expect(() => policy.value(observations)).toThrow('it can only act');
  policy.dispose();
});

test('is refused where actions are choices', () => {
  expect(() => policyRef(sacPolicy, {}, { ...spaces, action: discrete(2) })).toThrow(
    'sac: action space: kind = discrete, expected box',
  );
});
