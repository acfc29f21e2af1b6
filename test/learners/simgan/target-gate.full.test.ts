import { afterAll, expect, test } from 'vitest';
import { loadPolicy, policyRef } from '../../../src/actors/policy.ts';
import { startSystem } from '../../../src/actors/runtime/system.ts';
import { Random } from '../../../src/core/random.ts';
import { box } from '../../../src/env/spaces.ts';
import { ppoPolicy } from '../../../src/learners/ppo/networks.ts';
import { targetGate } from '../../../src/learners/simgan/target-gate.ts';
import { cartPoleIn } from '../../../src/learners/simgan/targets.ts';
import { flattenTree, type HostTensor, type Tree } from '../../../src/tensors/index.ts';

const policy = policyRef(
  ppoPolicy,
  { hidden: [64, 64] },
  { observation: box(5), action: box(1, { low: -1, high: 1 }) },
);
const parameters = flattenTree(
  (await loadPolicy(policy)).init(Random.fromSeed(3).split('policy')) as Tree<HostTensor>,
);
const system = await startSystem({ seed: 1 });
afterAll(() => system.stop());

const gateWith = (copies: number, name: string) =>
  system.spawn(targetGate, { target: cartPoleIn('emf'), policy, budget: 12_000, copies }, { name });

test('an episode is the same whoever is played beside it, to the bit', async () => {
  const [few, many] = [await gateWith(3, 'few'), await gateWith(48, 'many')];
  const asked = { parameters, seed: 9, logStd: -1.3 };
  const three = await few.call.collect({ ...asked, episodes: 3 });
  const all = await many.call.collect({ ...asked, episodes: 48 });
  expect(all.lengths).toEqual(new Array(48).fill(250));
  for (const column of ['observations', 'actions', 'next'] as const)
    expect(all[column].slice(0, three[column].length)).toEqual(three[column]);
  expect(await many.call.book()).toEqual({ collected: 12_000, trained: 0, evaluated: 0 });
  await expect(many.call.collect({ ...asked, episodes: 1 })).rejects.toThrow('of budget = 12000');

  const tests = { parameters, seed: 9 };
  const alone = await few.call.evaluate({ ...tests, episodes: 1 });
  const together = await many.call.evaluate({ ...tests, episodes: 40 });
  expect(together.returns[0]).toBe(alone.returns[0]);
});
