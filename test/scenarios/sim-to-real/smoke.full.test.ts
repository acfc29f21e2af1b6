import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verifyLog } from '../../../src/evaluation/log/index.ts';
import { playShort } from '../short-run.ts';

test('a short run passes its bars', async () => {
  const { summary, folder } = await playShort('sim-to-real', 2);
  expect(summary.checks.length).toBeGreaterThanOrEqual(7);
  for (const { name, pass, value } of summary.checks) expect(pass, `${name}: ${value}`).toBe(true);
  expect(verifyLog(join(folder, 'trials.jsonl')).intact).toBe(true);
});

// Far too small to learn anything: every arm, two seeds of identification and two rounds of collecting.
const tiny = [
  ...['target=emf', 'identifications=2', 'rounds=2', 'trajectories=4', 'testEpisodes=6', 'environments=4'],
  ...['sourceIterations=2', 'identifyIterations=10', 'refineIterations=2', 'oracleIterations=2'],
  'arms=["zeroShot","dr","ft","sysIdConst","simGan","oracle","random"]',
];

test('whatever the number of threads it comes to the same, and leaves all its pictures', async () => {
  const one = await playShort('sim-to-real', 1, tiny);
  const two = await playShort('sim-to-real', 2, tiny);
  expect(two.summary.metrics).toEqual(one.summary.metrics);
  const { metrics } = one.summary;
  expect(metrics['targetSteps.simGan']).toBe(1000);
  expect(metrics['targetSteps.testsEvaluated']).toBe(7 * 2 * 6 * 250);
  expect(metrics['targetSteps.testsCollected']).toBe(2 * 1000);
  for (const name of [
    ...['1-story', '2-returns', '3-likeness', '4-distance', '5-discriminator', '6-functions'],
    ...['7-learning', '8-budget', '9-trials'],
  ])
    expect(existsSync(join(one.folder, 'exhibits', `${name}.json`)), name).toBe(true);
});
