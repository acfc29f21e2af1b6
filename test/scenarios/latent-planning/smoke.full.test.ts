import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSummary } from '../../../src/report/summary.ts';
import { runFolder, troupe } from '../../faults/command.ts';
import { playShort } from '../short-run.ts';

const few = [
  ...['task=reacher', 'episodes=6', 'tests=2', 'otherTests=1', 'oracleTests=1', 'randomTests=3'],
  ...['arms=["oracle","random","stochastic","noiseScores","oneCandidate"]', 'ppoTimes=[1]'],
  ...['planet.seedEpisodes=2', 'planet.updatesPerEpisode=3', 'planet.batch=2', 'planet.length=4'],
  ...['planet.deterministic=5', 'planet.stochastic=3', 'planet.hidden=4'],
  ...['planet.planning.candidates=6', 'planet.planning.horizon=3', 'planet.planning.elites=2'],
];

test('arms come to the same on one lane and on two', async () => {
  const one = await playShort('latent-planning', 1, few);
  const two = await playShort('latent-planning', 2, few);
  expect(two.summary.metrics).toEqual(one.summary.metrics);
  expect(readdirSync(join(one.folder, 'exhibits')).sort()).toEqual(
    expect.arrayContaining(['1-learning.json', '2-scores.json', '3-plans.json', '4-kl.json']),
  );
  expect(readdirSync(one.folder)).toContain('film.json');
});

test('killed with -9 and resumed, a run comes to the same', { timeout: 600_000 }, async () => {
  const args = ['latent-planning', '--seed', '3', '--threads', '1', ...few.flatMap(each => ['--set', each])];
  const whole = mkdtempSync(join(tmpdir(), 'troupe-planet-'));
  const undisturbed = await troupe('run', ...args, '--runs', whole).finished;
  expect(undisturbed.code, undisturbed.stderr).toBe(0);
  const { metrics } = readSummary(runFolder(whole, 'latent-planning') as string);

  const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));
  // Before any arm is done; after the first one, of six episodes; when three that only play tests, one step each, are done.
  for (const steps of [0, 6, 9]) {
    const runs = mkdtempSync(join(tmpdir(), 'troupe-planet-'));
    const run = troupe('run', ...args, '--runs', runs);
    /** Steps of the last checkpoint; −1 before there is a run. */
    const reached = (): number => {
      const folder = runFolder(runs, 'latent-planning');
      if (!folder || !existsSync(join(folder, 'run.json'))) return -1;
      const checkpoints = join(folder, 'checkpoints');
      if (!existsSync(checkpoints)) return 0;
      return Math.max(0, ...readdirSync(checkpoints).map(Number).filter(Number.isFinite));
    };
    while (run.child.exitCode === null && reached() < steps) await pause(5);
    expect(run.child.kill('SIGKILL')).toBe(true);
    await run.finished;
    const folder = runFolder(runs, 'latent-planning') as string;
    const { code, stderr } = await troupe('run', 'latent-planning', '--resume', folder).finished;
    expect(code, stderr).toBe(0);
    expect(readSummary(folder).metrics, `killed after ${steps} steps`).toEqual(metrics);
  }
});

test('a short run learns, and its control does not', { timeout: 600_000 }, async () => {
  const { summary } = await playShort('latent-planning', 2);
  expect(summary.checks.filter(({ pass }) => !pass)).toEqual([]);
});
