import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { bitsOf, runFolder, troupe } from './command.ts';

const file = fileURLToPath(new URL('../fixtures/sabotage/scenario.ts', import.meta.url));
const fresh = () => mkdtempSync(join(tmpdir(), 'troupe-sabotage-'));

async function play(...settings: string[]) {
  const runs = fresh();
  const set = settings.flatMap(setting => ['--set', setting]);
  const finished = await troupe('run', file, '--seed', '5', '--runs', runs, ...set).finished;
  return { ...finished, folder: runFolder(runs, 'sabotage') as string };
}

let calm: ReturnType<typeof bitsOf>;
beforeAll(async () => {
  const { code, stderr, folder } = await play();
  expect(code, stderr).toBe(0);
  calm = bitsOf(folder);
}, 120_000);

const faults = ['throw', 'exit', 'hang', 'memory', 'trap'];
// Rollouts strike late, after the first checkpoint; the evaluator plays a few steps at each of its evaluations.
const struck = [
  { where: 'a rollout', actor: /rollout\/\d: /, once: [], always: ['checkpointEvery=256', 'after=200'] },
  {
    where: 'the evaluator',
    actor: /evaluator: /,
    once: ['among=20', 'after=20'],
    always: ['among=20', 'after=20'],
  },
];

// Two runs at a time: each stands still for seconds, until a hanging thread is found out.
describe.concurrent.each(struck)(
  'an environment that breaks the thread of $where',
  ({ actor, once, always }) => {
    it.each(faults)(
      'once, by %s: the run goes on, says so, and keeps its bits',
      { timeout: 120_000 },
      async fault => {
        const marker = join(fresh(), 'struck');
        const { code, stderr, folder } = await play(`fault=${fault}`, `marker=${marker}`, ...once);
        expect(code, stderr).toBe(0);
        expect(existsSync(marker)).toBe(true);
        const summary = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')) as {
          restarts: number;
        };
        expect(summary.restarts).toBe(1);
        const restarts = readFileSync(join(folder, 'metrics.jsonl'), 'utf8').match(/"restarts":(\d+)/g);
        expect(restarts?.at(-1)).toBe('"restarts":1');
        expect(bitsOf(folder)).toEqual(calm);
      },
    );

    it.each(faults)(
      'each time, by %s: the run stops, saved, and says who, seed and last message',
      {
        timeout: 120_000,
      },
      async fault => {
        const { code, stderr, folder } = await play(`fault=${fault}`, ...always);
        expect(code, stderr).toBe(1);
        expect(stderr).toMatch(actor);
        expect(stderr).toMatch(/seed \d+/);
        expect(stderr).toMatch(/last message: /);
        expect(existsSync(join(folder, 'checkpoints'))).toBe(true);
        expect(existsSync(join(folder, 'summary.json'))).toBe(false);
      },
    );
  },
);
