import { expect, test } from 'vitest';
import { policyRef } from '../../src/actors/policy.ts';
import { rollout } from '../../src/actors/rollout.ts';
import { startSystem } from '../../src/actors/runtime/system.ts';
import { environmentRef } from '../../src/env/define.ts';
import { box, discrete } from '../../src/env/spaces.ts';
import { ppoPolicy } from '../../src/learners/ppo/networks.ts';
import { forgetful } from '../fixtures/environments/forgetful.ts';

test('of several rollouts only one says that their environment cannot be put back', async () => {
  const policy = policyRef(
    ppoPolicy,
    { hidden: [4] },
    { observation: box(1, { low: -6, high: 6 }), action: discrete(2) },
  );
  const system = await startSystem({ seed: 1 });
  const warnings: string[] = [];
  system.events.subscribe(event => {
    if (event.type === 'warning') warnings.push(event.message);
  });
  const config = { environment: environmentRef(forgetful), policy, count: 1, steps: 2 };
  await system.spawn(rollout, config, { copies: 3, on: 'main' });
  await system.stop();
  expect(warnings).toEqual([expect.stringContaining('forgetful has no snapshot()')]);
});
