import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { loadPolicy, policyRef } from '../../src/actors/policy.ts';
import { readPolicy, type StoredPolicy, writePolicy } from '../../src/actors/policy-files.ts';
import { decodeSafetensors } from '../../src/core/safetensors.ts';
import { cartPole } from '../../src/env/classic/cart-pole.ts';
import { environmentRef } from '../../src/env/define.ts';
import { box, discrete } from '../../src/env/spaces.ts';
import { ppoPolicy } from '../../src/learners/ppo/networks.ts';

const root = mkdtempSync(join(tmpdir(), 'troupe-policy-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const policy = policyRef(
  ppoPolicy,
  { hidden: [3], normalizeObservations: true },
  { observation: box(4), action: discrete(2) },
);
const stored: StoredPolicy = {
  policy,
  environment: environmentRef(cartPole, {}),
  parameters: Float32Array.from({ length: policy.size }, (_, i) => i / 7),
  step: 1234,
  statistics: { return_count: 1024, return_mean: 0.1, return_variance: 1 / 3 },
};

describe('a policy at rest', () => {
  const folder = join(root, 'policy');
  const [description, weights] = [join(folder, 'policy.json'), join(folder, 'policy.safetensors')];
  beforeEach(() => writePolicy(folder, stored));

  test('comes back with the same bits', async () => {
    expect(await readPolicy(folder)).toEqual(stored);
    await expect(loadPolicy((await readPolicy(folder)).policy)).resolves.toHaveProperty('act');
  });

  test('has a name a tensor, normalisation included', () => {
    const { tensors } = decodeSafetensors(readFileSync(weights), weights);
    expect(Object.keys(tensors).sort()).toEqual([
      'normalizer.mean',
      'normalizer.scale',
      'weights.policy.0.bias',
      'weights.policy.0.weights',
      'weights.policy.1.bias',
      'weights.policy.1.weights',
      'weights.value.0.bias',
      'weights.value.0.weights',
      'weights.value.1.bias',
      'weights.value.1.weights',
    ]);
    expect(tensors['weights.policy.0.weights'].shape).toEqual([4, 3]);
  });

  test('names modules of this package so that another machine finds them', () => {
    const text = readFileSync(description, 'utf8');
    expect(text).toContain('"troupe:learners/ppo/networks"');
    expect(text).toContain('"troupe:env/classic/cart-pole"');
    expect(text).not.toContain('file:');
  });

  const edit = (change: (json: Record<string, never>) => unknown) =>
    writeFileSync(description, JSON.stringify(change(JSON.parse(readFileSync(description, 'utf8')))));

  test('that was saved before there were statistics has none', async () => {
    edit(({ statistics: _, ...json }) => json);
    expect(await readPolicy(folder)).toEqual({ ...stored, statistics: {} });
    edit(json => ({ ...json, statistics: { return_mean: 'high' } }));
    await expect(readPolicy(folder)).rejects.toThrow(`${description}: statistics.return_mean = "high"`);
  });

  test('that is not there, damaged or of other networks is refused in one line', async () => {
    const nowhere = join(root, 'nowhere');
    await expect(readPolicy(nowhere)).rejects.toThrow(`${join(nowhere, 'policy.json')}: no such file`);

    const whole = readFileSync(description, 'utf8');
    writeFileSync(description, whole.slice(0, 40));
    await expect(readPolicy(folder)).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining(`${description}: cannot be read as JSON`),
    });
    writeFileSync(description, whole);

    edit(json => ({
      ...json,
      policy: { ...(json['policy'] as object), config: { hidden: [5], normalizeObservations: true } },
    }));
    await expect(readPolicy(folder)).rejects.toThrow('weights.policy.0.weights: expected float32 [4, 5]');

    edit(json => ({ ...json, format: 'something else' }));
    await expect(readPolicy(folder)).rejects.toThrow(`${description}: format = "something else"`);

    await writePolicy(folder, stored);
    writeFileSync(weights, readFileSync(weights).subarray(0, 100));
    await expect(readPolicy(folder)).rejects.toThrow(weights);
  });
});
