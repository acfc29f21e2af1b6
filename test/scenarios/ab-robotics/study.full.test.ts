import { expect, it } from 'vitest';
import type { RoboticsStudy } from '../../../src/scenarios/ab-robotics/contract.ts';
import { resumeRun } from '../../../src/scenarios/runner/start.ts';
import { logsOf, play, read, silent, valuesOf } from './play-study.ts';

it('comes to the same study with other threads, and interrupted in its trials or its analyses and resumed', async () => {
  const whole = await play(2);
  for (const until of [320, 480]) {
    const part = await play(1, step => step >= until);
    expect(part).toMatchObject({ status: 'interrupted', step: until });
    const rest = await resumeRun(part.folder, { view: silent, signal: new AbortController().signal });
    expect(rest.status).toBe('finished');
    expect(logsOf(part.folder)).toEqual(logsOf(whole.folder));
    // How many messages concealment has read differs by the sittings; that it has read some does not.
    const concealment = read(part.folder).guards.slice(0, 2);
    expect(concealment.map(({ name }) => name)).toEqual(['study: concealment', 'experiment: concealment']);
    for (const { passed, says } of concealment) {
      expect(passed).toBe(true);
      expect(says).toMatch(/^no arm was named in \d+ messages/);
    }
    const figures = (of: RoboticsStudy) => JSON.stringify({ ...of, guards: of.guards.slice(2) });
    expect(figures(read(part.folder))).toBe(figures(read(whole.folder)));
    expect(valuesOf(part.folder)).toEqual(valuesOf(whole.folder));
  }
});
