import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { environmentRef } from '../../src/env/define.ts';
import { mortalCartPole } from './environments.ts';
import { type Trained, train } from './train.ts';

const folder = mkdtempSync(join(tmpdir(), 'troupe-restart-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (how: 'throw' | 'exit' | 'never', overlapped: boolean) =>
  train({
    environment: environmentRef(mortalCartPole, { how, at: 150, mark: join(folder, `${how}-${overlapped}`) }),
    steps: 128 * 8,
    seed: 6,
    episodes: 2,
    on: how === 'never' ? 'main' : 'worker',
    ppo: { workers: 2, environments: 4, horizon: 32, minibatch: 64, epochs: 2, hidden: [8], overlapped },
  });

const calmRuns = new Map<boolean, Promise<Trained>>();
function calmRun(overlapped: boolean): Promise<Trained> {
  const calm = calmRuns.get(overlapped) ?? run('never', overlapped);
  calmRuns.set(overlapped, calm);
  return calm;
}

const bits = ({ rows, parameters }: Trained) => ({
  rows: rows.map(({ step, values }) => ({ step, values })),
  parameters,
});

// Copies take 32 steps a round: step 150 of one of them is in the middle of the fifth round. The calm runs go on one
// thread: where actors run does not change a bit either.
test.each([
  { how: 'throw', overlapped: false },
  { how: 'exit', overlapped: false },
  { how: 'exit', overlapped: true },
] as const)(
  'a rollout that dies in the middle of a round does it again: $how, overlapped $overlapped',
  {
    timeout: 120_000,
  },
  async ({ how, overlapped }) => {
    const calm = await calmRun(overlapped);
    const died = await run(how, overlapped);
    expect([calm.restarts, died.restarts]).toEqual([0, 1]);
    expect(bits(died)).toEqual(bits(calm));
  },
);
