import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { logFile } from '../../../src/scenarios/ab-robotics/cast.ts';
import { playCast } from './play-cast.ts';

it('writes the same logs with 1, 2 and 4 cells', async () => {
  const one = await playCast(1);
  for (const workers of [2, 4]) {
    const other = await playCast(workers);
    expect(other.logs).toEqual(one.logs);
    expect(other.done.looks).toEqual(one.done.looks);
  }
});

it('goes on to the same logs wherever either of them was torn', async () => {
  const { logs, done } = await playCast(1);
  // Shares of each log that reached the disk, from hardly begun to all but the last arm.
  const torn = [
    [0.001, 0.4],
    [0.37, 0.002],
    [0.613, 0.607],
    [0.7, 1],
    [0.9, 0.85],
    [0.9999, 0.97],
  ] as const;
  for (const [policy, gripper] of torn) {
    const folder = mkdtempSync(join(tmpdir(), 'troupe-cell-'));
    for (const [layer, share] of Object.entries({ policy, gripper }) as ['policy' | 'gripper', number][]) {
      const whole = logs[layer];
      writeFileSync(logFile(folder, 'experiment', layer), whole.slice(0, Math.ceil(share * whole.length)));
    }
    const rest = await playCast(2, { folder });
    expect(rest.logs).toEqual(logs);
    expect(rest.done.looks).toEqual(done.looks);
  }
});
