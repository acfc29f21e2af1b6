import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { policyRef } from '../../src/actors/policy.ts';
import { writePolicy } from '../../src/actors/policy-files.ts';
import { startSystem } from '../../src/actors/runtime/system.ts';
import { Random } from '../../src/core/random.ts';
import { pendulum } from '../../src/env/classic/pendulum.ts';
import { environmentRef } from '../../src/env/define.ts';
import { box } from '../../src/env/spaces.ts';
import { ppoPolicy } from '../../src/learners/ppo/networks.ts';
import { evaluatePolicy } from '../../src/scenarios/wiring.ts';

const run = mkdtempSync(join(tmpdir(), 'troupe-evaluate-'));
beforeAll(async () => {
  const policy = policyRef(
    ppoPolicy,
    { hidden: [4] },
    { observation: box(3), action: box(1, { low: -2, high: 2 }) },
  );
  const parameters = new Float32Array(policy.size);
  Random.fromSeed(1).fillNormal(parameters);
  const environment = environmentRef(pendulum);
  await writePolicy(join(run, 'policy'), { policy, environment, parameters, step: 0 });
});

async function evaluate(threads: number, changes: { seed?: number; patience?: number } = {}) {
  const system = await startSystem({ seed: 1 });
  try {
    const question = { run, episodes: 45, seed: 7, executor: 'auto', threads, ...changes };
    return await evaluatePolicy(system, question);
  } finally {
    await system.stop();
  }
}

it('the episodes are the same, whatever the number of threads that share them', {
  timeout: 60_000,
}, async () => {
  const alone = await evaluate(1);
  expect(alone.returns).toHaveLength(45);
  expect(new Set(alone.returns).size).toBe(45); // they are different episodes
  expect(await evaluate(3)).toEqual(alone);
  expect(await evaluate(2, { seed: 8 })).not.toEqual(alone);
});

it('an episode that does not end is told, with its environment and what may be missing', async () => {
  await expect(evaluate(1, { patience: 3 })).rejects.toThrow(
    'environment pendulum: an episode did not end within 3 steps, expected terminated or truncated by then: ' +
      'is maxEpisodeSteps missing?',
  );
});
