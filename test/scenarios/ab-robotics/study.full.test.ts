import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { logFile } from '../../../src/scenarios/ab-robotics/cast.ts';
import type { RoboticsStudy } from '../../../src/scenarios/ab-robotics/contract.ts';
import { resumeRun } from '../../../src/scenarios/runner/start.ts';
import { play, read, silent, valuesOf } from './play-study.ts';

describe('ab-robotics', () => {
  it('comes to the same study with other threads, and interrupted and resumed', async () => {
    const whole = await play(2);
    const part = await play(1, 320);
    expect(part.status).toBe('interrupted');
    const rest = await resumeRun(part.folder, { view: silent, signal: new AbortController().signal });
    expect(rest.status).toBe('finished');
    for (const [name, layer] of [
      ['study', 'policy'],
      ['experiment', 'policy'],
      ['experiment', 'gripper'],
    ])
      expect(readFileSync(logFile(part.folder, name, layer), 'utf8')).toBe(
        readFileSync(logFile(whole.folder, name, layer), 'utf8'),
      );
    // What concealment has read in all differs by the sittings.
    const figures = (of: RoboticsStudy) => JSON.stringify({ ...of, guards: of.guards.slice(2) });
    expect(figures(read(part.folder))).toBe(figures(read(whole.folder)));
    expect(valuesOf(part.folder)).toEqual(valuesOf(whole.folder));
  });
});
