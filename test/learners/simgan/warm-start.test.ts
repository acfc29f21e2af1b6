import { expect, test } from 'vitest';
import { policyRef } from '../../../src/actors/policy.ts';
import { Random } from '../../../src/core/random.ts';
import { box } from '../../../src/env/spaces.ts';
import { ppoPolicy } from '../../../src/learners/ppo/networks.ts';
import { packParameters, unpackParameters } from '../../../src/learners/simgan/packed-parameters.ts';
import { warmStart } from '../../../src/learners/simgan/warm-start.ts';

const ref = policyRef(ppoPolicy, { hidden: [] }, { observation: box(2), action: box(2) });

test('a warm start has the policy as it was, a fresh critic and the exploration asked for', async () => {
  // Six of the policy, three of the critic, two deviations.
  const before = Float32Array.from({ length: ref.size }, (_, i) => 10 + i);
  const started = await warmStart(ref, before, -0.7, Random.fromSeed(1));
  expect([...started.slice(0, 6)]).toEqual([10, 11, 12, 13, 14, 15]);
  expect(started[9]).toBeCloseTo(-0.7, 6);
  expect(started[10]).toBeCloseTo(-0.7, 6);
  expect(Math.hypot(started[6], started[7])).toBeCloseTo(1, 5);
  expect(started[8]).toBe(0);
  expect(before[6]).toBe(16);
  expect(await warmStart(ref, before, -0.7, Random.fromSeed(2))).not.toEqual(started);
  await expect(warmStart(ref, before.slice(1), 0, Random.fromSeed(1))).rejects.toThrow(
    'warmStart: expected 11 parameters of policy ppo, got 10',
  );
});

test('parameters come back from their packing bit for bit', () => {
  const parameters = Float32Array.of(1.5, -0, 3e-42, 1 / 3);
  const whole = Float32Array.of(9, ...parameters).subarray(1);
  expect(unpackParameters(packParameters(whole), 4, 'generators[0]')).toEqual(parameters);
  expect(() => unpackParameters(packParameters(parameters), 5, 'generators[0]')).toThrow(
    'generators[0]: 4 parameters, expected 5',
  );
});
