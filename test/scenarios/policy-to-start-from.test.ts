import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { type PolicyRef, policyRef } from '../../src/actors/policy.ts';
import { writePolicy } from '../../src/actors/policy-files.ts';
import { cartPole } from '../../src/env/classic/cart-pole.ts';
import { environmentRef } from '../../src/env/define.ts';
import { box, discrete, multiDiscrete } from '../../src/env/spaces.ts';
import { ppoPolicy } from '../../src/learners/ppo/networks.ts';
import { policyToStartFrom } from '../../src/scenarios/policy-to-start-from.ts';

const spaces = { observation: box([2, 2]), action: discrete(2) };
const config = { hidden: [4, 6], normalizeObservations: true };
const init = mkdtempSync(join(tmpdir(), 'troupe-init-'));
const refOf = (changes: Partial<typeof config>, changedSpaces: Partial<PolicyRef['spaces']> = {}) =>
  policyRef(ppoPolicy, { ...config, ...changes }, { ...spaces, ...changedSpaces });

beforeAll(async () => {
  const policy = refOf({});
  const parameters = new Float32Array(policy.size).fill(0.5);
  await writePolicy(join(init, 'policy'), {
    policy,
    environment: environmentRef(cartPole),
    parameters,
    step: 7,
  });
});

it('a policy whose parameters mean the same is taken', async () => {
  for (const observation of [spaces.observation, box([2, 2], { low: -1, high: 9 })]) {
    const { parameters, step } = await policyToStartFrom(init, refOf({}, { observation }));
    expect({ first: parameters[0], step }).toEqual({ first: 0.5, step: 7 });
  }
});

it.each<[string, PolicyRef, string]>([
  ['layers', refOf({ hidden: [6, 4] }), 'hidden = [4,6], expected [6,4]'],
  ['statistics', refOf({ normalizeObservations: false }), 'normalizeObservations = true, expected false'],
  [
    'observations of as many numbers',
    refOf({}, { observation: box(4) }),
    'observation = {"kind":"box","shape":[2,2]}, expected {"kind":"box","shape":[4]}',
  ],
  [
    'actions of as many numbers',
    refOf({}, { action: multiDiscrete([2]) }),
    'action = {"kind":"discrete","n":2}, expected {"kind":"multiDiscrete","sizes":[2]}',
  ],
  ['another function', { ...refOf({}), name: 'other' }, 'policy = "ppo", expected "other"'],
])('one of other %s is refused: what it has, and what was expected', async (_, expected, line) => {
  await expect(policyToStartFrom(init, expected)).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringContaining(`--init ${init}: its policy has ${line}`),
  });
});
