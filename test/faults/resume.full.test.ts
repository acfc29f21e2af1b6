import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.ts';
import { readSummary } from '../../src/report/summary.ts';
import { bitsOf, rowsOf, runFolder, troupe } from './command.ts';

const fresh = () => mkdtempSync(join(tmpdir(), 'troupe-resume-'));
const TEN_MINUTES = 600_000;

/** How many moments to kill at: `KILLS=2` for a shorter look, as the gate takes, at shorter runs. */
const shorter = process.env['KILLS'] !== undefined;
const moments = (times: number) => Math.min(times, Number(process.env['KILLS'] ?? times));
const hopperSteps = shorter ? 12_000 : 60_000;
const cartPoleSteps = shorter ? 12_000 : 30_000;

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

/** How much a run has logged, bytes: how far it is, however fast the machine. */
const logged = (folder: string): number =>
  statSync(join(folder, 'metrics.jsonl'), { throwIfNoEntry: false })?.size ?? 0;

/** What a run must come to again: its policy, where it leaves one, what it logged, and its summary. */
const endOf = (folder: string) => ({
  ...(existsSync(join(folder, 'policy')) ? bitsOf(folder) : rowsOf(folder)),
  summary: readSummary(folder).metrics,
});

/** Runs to the end without a disturbance. @returns its bits, its steps, and how much it logged */
async function undisturbed(args: string[]) {
  const runs = fresh();
  const { code, stderr } = await troupe('run', ...args, '--runs', runs).finished;
  expect(code, stderr).toBe(0);
  const folder = runFolder(runs, args[0]) as string;
  const bits = endOf(folder);
  const { steps } = readSummary(folder);
  const size = logged(folder);
  rmSync(runs, { recursive: true });
  return { bits, steps, size };
}

/** Kills a run at a moment of its folder's life, then resumes it to the end. */
async function killedAndResumed(args: string[], moment: (folder: string) => Promise<unknown>) {
  const runs = fresh();
  const run = troupe('run', ...args, '--runs', runs);
  // Before run.json there is nothing to resume: the earliest kill waits for that file, not for a time.
  while (!existsSync(join(runFolder(runs, args[0]) ?? runs, 'run.json')) && run.child.exitCode === null) {
    await new Promise(resolve => setImmediate(resolve));
  }
  await moment(runFolder(runs, args[0]) as string);
  const alive = run.child.kill('SIGKILL');
  const { signal } = await run.finished;
  const folder = runFolder(runs, args[0]) as string;
  const ended = existsSync(join(folder, 'summary.json'));
  const checkpoints = existsSync(join(folder, 'checkpoints')) ? readdirSync(join(folder, 'checkpoints')) : [];
  const { code, stderr } = await troupe('run', args[0], '--resume', folder).finished;
  expect(code, stderr).toBe(0);
  const bits = endOf(folder);
  const { steps } = readSummary(folder);
  rmSync(runs, { recursive: true });
  return { bits, steps, ended, killed: alive && signal === 'SIGKILL', checkpoints: checkpoints.length };
}

async function everyMoment(args: string[], times: number) {
  const { bits, size } = await undisturbed(args);
  const random = Random.fromSeed(2024).split(args[0]);
  const outcomes = [];
  // The first kill comes at once, before any checkpoint; the others in one part of the run after the other.
  for (let i = 0; i < times; i++) {
    const [share, delay] =
      i === 0 ? [0, 0] : [(0.9 * (i - 1 + random.uniform())) / (times - 1), random.uniform(0, 200)];
    const moment = async (folder: string) => {
      while (logged(folder) < share * size) await pause(1);
      await pause(delay);
    };
    outcomes.push(await killedAndResumed(args, moment));
  }
  expect(outcomes.map(outcome => outcome.bits)).toEqual(Array(times).fill(bits));
  expect(outcomes[0].checkpoints).toBe(0);
  expect(outcomes.map(outcome => outcome.killed)).toEqual(Array(times).fill(true));
  expect(outcomes.some(outcome => outcome.checkpoints > 0)).toBe(true);
}

// Two kinds at a time: a run leaves a core idle while it starts.
describe.concurrent('kill -9, then --resume', () => {
  it('after the last checkpoint, before the summary: ends with the same bits and steps', {
    timeout: TEN_MINUTES,
  }, async () => {
    const args = ['cart-pole', '--seed', '3', '--set', 'steps=4096'];
    const { bits, steps } = await undisturbed(args);
    const outcome = await killedAndResumed(args, async folder => {
      const last = join(folder, 'checkpoints', String(steps).padStart(12, '0'));
      while (!existsSync(last)) await pause(1);
    });
    expect(outcome).toMatchObject({ bits, steps, killed: true, ended: false });
  });

  it('ends with the bits of the uninterrupted run: cart-pole, 20 moments', { timeout: 2 * TEN_MINUTES }, () =>
    everyMoment(['cart-pole', '--seed', '3', '--set', `steps=${cartPoleSteps}`], moments(20)),
  );

  it(
    'ends with the bits of the uninterrupted run: hopper, 60,000 steps, 5 moments',
    { timeout: 3 * TEN_MINUTES },
    () => everyMoment(['hopper', '--seed', '3', '--set', `steps=${hopperSteps}`], moments(5)),
  );

  // Small networks: what is asked is whether everything is there, not whether it learns.
  const sac = ['explore.horizon=8', 'replay.startAfter=200', 'replay.batch=32', 'sac.hidden=[16,16]'];
  const dqn = [
    ...['explore.workers=2', 'explore.environments=4', 'explore.horizon=8', 'replay.startAfter=200'],
    ...['replay.prioritized.betaSteps=2000', 'replay.nStep=3', 'dqn.hidden=[16,16]'],
  ];
  it.each([
    ['pendulum-sac', ['steps=1500', ...sac]],
    ['cart-pole-dqn', ['steps=3000', ...dqn]],
  ])(
    'ends with the bits of the uninterrupted run: %s, 10 moments',
    { timeout: 3 * TEN_MINUTES },
    (name, settings) => {
      const set = settings.flatMap(setting => ['--set', setting]);
      return everyMoment([name, '--seed', '3', ...set], moments(10));
    },
  );

  // Arms are played whole: a run goes on after the last one that was done. Kills fall into learning, tests and controls.
  const planet = [
    ...['task=reacher', 'episodes=6', 'tests=2', 'otherTests=1', 'randomTests=2', 'ppoTimes=[1]'],
    ...['arms=["random","stochastic","noiseScores"]', 'planet.seedEpisodes=2', 'planet.updatesPerEpisode=3'],
    ...['planet.batch=2', 'planet.length=4', 'planet.deterministic=5', 'planet.stochastic=3'],
    ...['planet.hidden=4', 'planet.planning.candidates=6', 'planet.planning.horizon=3'],
    'planet.planning.elites=2',
  ];
  it('ends with the summary of the uninterrupted run: latent-planning, 10 moments', {
    timeout: 3 * TEN_MINUTES,
  }, () => {
    const set = planet.flatMap(setting => ['--set', setting]);
    return everyMoment(['latent-planning', '--seed', '3', '--threads', '1', ...set], moments(10));
  });
});
