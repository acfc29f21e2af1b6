import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { latestCheckpoint } from '../../src/core/checkpoint.ts';
import { Random } from '../../src/core/random.ts';
import { remainsOf, runFolder, troupe, troupeOn } from './command.ts';

const MINUTE = 60_000;
const fresh = () => mkdtempSync(join(tmpdir(), 'troupe-disk-'));

// Small, but with all that a run writes: checkpoints, evaluations along the way and at the end, a film, a report.
const settings = ['steps=1024', 'ppo.hidden=8', 'ppo.environments=4', 'ppo.horizon=64', 'ppo.minibatch=64'];
const small = ['cart-pole', '--seed', '3', '--threads', '2', ...settings.flatMap(one => ['--set', one])];
const overlapped = [...small, '--set', 'ppo.overlapped=true'];
const normalised = [
  'pendulum',
  ...small.slice(1),
  ...[
    'normalizeObservations=true',
    'normalizeRewards=true',
    'learningRateSchedule=adaptive',
    'targetKl=0.01',
  ].flatMap(one => ['--set', `ppo.${one}`]),
];

/** A run that nothing happens to. @returns what it leaves, and every change that it made to the disk */
async function undisturbed(args: string[]) {
  const runs = fresh();
  const log = join(fresh(), 'log');
  const { code, stderr } = await troupeOn({ below: runs, log }, 'run', ...args, '--runs', runs).finished;
  expect(code, stderr).toBe(0);
  const remains = remainsOf(runFolder(runs, args[0]) as string);
  rmSync(runs, { recursive: true });
  return { remains, changes: readFileSync(log, 'utf8').trimEnd().split('\n') };
}

/** The first change after which there is a run to resume. */
const resumable = (changes: readonly string[]) =>
  changes.findIndex(line => /^renameSync .*run\.json/.test(line)) + 2;

/** So many of the changes from `first` on, one at random in each of as many equal spans; `MOMENTS=5` for fewer. */
function moments(first: number, last: number, times: number): number[] {
  const count = Math.min(times, Number(process.env['MOMENTS'] ?? times));
  const random = Random.fromSeed(7).split(`${count}`);
  const span = (last - first) / count;
  return Array.from({ length: count }, (_, i) => Math.floor(first + span * (i + random.uniform(0, 1))));
}

describe('kill -9 at a change to the disk, which is half done', () => {
  it.each([
    ['discrete actions', small],
    ['overlapped', overlapped],
    ['continuous actions, normalisation, adaptive rate and KL stop', normalised],
  ])('and again while it goes on, leaves no trace: %s', { timeout: 20 * MINUTE }, async (_, args) => {
    const { remains, changes } = await undisturbed(args);
    const random = Random.fromSeed(11).split(args.join());
    for (const killAt of moments(resumable(changes), changes.length, 12)) {
      const where = `${killAt}: ${changes[killAt - 1]}`;
      const runs = fresh();
      const first = await troupeOn({ below: runs, killAt }, 'run', ...args, '--runs', runs).finished;
      expect(first.signal, where).toBe('SIGKILL');
      const folder = runFolder(runs, args[0]) as string;
      const again = 1 + random.integer(changes.length - killAt + 10);
      await troupeOn({ below: runs, killAt: again }, 'run', '--resume', folder).finished;
      const last = await troupe('run', '--resume', folder).finished;
      expect(last.code, `${where}, then ${again}: ${last.stderr}`).toBe(0);
      expect(remainsOf(folder), `${where}, then ${again}`).toEqual(remains);
      rmSync(runs, { recursive: true });
    }
  });
});

describe('a run of which something was taken', () => {
  let remains: ReturnType<typeof remainsOf>;
  let changes: string[];
  beforeAll(async () => {
    ({ remains, changes } = await undisturbed(small));
  }, MINUTE);

  it('the room on the disk: says so in one line, keeps what it has, and goes on', {
    timeout: 20 * MINUTE,
  }, async () => {
    for (const fullAt of moments(1, changes.length - 2, 8)) {
      const runs = fresh();
      const { code, stderr } = await troupeOn({ below: runs, fullAt }, 'run', ...small, '--runs', runs)
        .finished;
      const where = `${fullAt}: ${changes[fullAt - 1]}: ${stderr}`;
      expect([1, 2], where).toContain(code);
      expect(stderr.trimEnd(), where).toMatch(/^troupe: [^\n]*ENOSPC[^\n]*$/);
      const folder = runFolder(runs, small[0]);
      if (folder === undefined || !existsSync(join(folder, 'run.json'))) continue;
      const halfDone = readdirSync(folder, { recursive: true, encoding: 'utf8' });
      expect(
        halfDone.filter(name => /part|lock/.test(name)),
        where,
      ).toEqual([]);
      latestCheckpoint(folder); // none, or whole
      const last = await troupe('run', '--resume', folder).finished;
      expect(last.code, `${where}, then ${last.stderr}`).toBe(0);
      expect(remainsOf(folder), where).toEqual(remains);
      rmSync(runs, { recursive: true });
    }
  });

  it('its folder: stops, says so in one line, and does not make another', { timeout: MINUTE }, async () => {
    const runs = fresh();
    const run = troupe('run', 'cart-pole', '--set', 'steps=200000', '--runs', runs);
    run.child.stdout?.on('data', () => {
      const folder = runFolder(runs, 'cart-pole');
      if (folder !== undefined && existsSync(join(folder, 'policy'))) rmSync(folder, { recursive: true });
    });
    const { code, stderr } = await run.finished;
    expect(code).toBe(1);
    expect(stderr.trimEnd()).toMatch(
      /^troupe: [^\n]*(was removed or moved|cannot be written \(ENOENT)[^\n]*$/,
    );
    expect(readdirSync(runs, { recursive: true })).toEqual(['cart-pole']);
  });

  it('its process, resumed by several at once: one goes on, the others are told', {
    timeout: 5 * MINUTE,
  }, async () => {
    const runs = fresh();
    const killAt = Math.floor(changes.length / 2);
    await troupeOn({ below: runs, killAt }, 'run', ...small, '--runs', runs).finished;
    const folder = runFolder(runs, small[0]) as string;
    const all = await Promise.all([1, 2, 3].map(() => troupe('run', '--resume', folder).finished));
    expect(all.map(({ code }) => code).sort(), all.map(({ stderr }) => stderr).join()).toEqual([0, 2, 2]);
    for (const { code, stderr } of all) {
      if (code === 2) expect(stderr.trimEnd()).toMatch(/^troupe: [^\n]*has been running it since[^\n]*$/);
    }
    expect(remainsOf(folder)).toEqual(remains);
  });
});
