import { describe, expect, it } from 'vitest';
import { verifyLog } from '../../../src/evaluation/log/index.ts';
import { logFile } from '../../../src/scenarios/ab-robotics/cast.ts';
import { playCast } from './play-cast.ts';

describe('playTrials', { timeout: 120_000 }, () => {
  it('writes the same logs with one cell and two, the second time ended and gone on with', async () => {
    const one = await playCast(1);
    expect(one.done.trials).toBe(100);
    expect(one.done.concealment).toMatchObject({ passed: true });
    expect(verifyLog(logFile(one.folder, 'experiment', 'policy'))).toMatchObject({
      intact: true,
      head: one.done.heads['policy'],
    });
    const part = await playCast(2, { told: trials => trials >= 40 });
    expect(part.done.trials).toBe(40);
    const rest = await playCast(1, { folder: part.folder });
    expect(rest.logs).toEqual(one.logs);
    expect(rest.done.looks).toEqual(one.done.looks);
  });
});
