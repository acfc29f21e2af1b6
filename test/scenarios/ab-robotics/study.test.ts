import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSummary } from '../../../src/report/summary.ts';
import { logFile } from '../../../src/scenarios/ab-robotics/cast.ts';
import type { RoboticsStudy } from '../../../src/scenarios/ab-robotics/contract.ts';
import { studyOf } from '../../../src/scenarios/ab-robotics/study.ts';
import { play, read } from './play-study.ts';

describe('ab-robotics', { timeout: 240_000 }, () => {
  it('passes its guards, comes to the same numbers analysed again, and notices an edited log', async () => {
    const whole = await play(1);
    expect(whole.status).toBe('finished');
    const study = read(whole.folder);
    expect(study.trials).toBe(240);
    expect(study.guards.filter(({ passed }) => !passed)).toEqual([]);
    expect(study.guards).toHaveLength(17);
    expect(existsSync(join(whole.folder, 'exhibits', 'study.json'))).toBe(true);
    const table = join(whole.folder, 'tables', 'study-policy', 'trials.duckdb');
    const { warnings = [] } = readSummary(whole.folder);
    expect(existsSync(table) || warnings.some(line => line.includes('npm install @duckdb/node-api'))).toBe(
      true,
    );
    expect(readFileSync(join(whole.folder, 'report.html'), 'utf8')).toContain('weeks 19-20');

    const analyse = () =>
      studyOf({
        folder: whole.folder,
        seed: 4,
        regroupings: 40,
        worlds: 3,
        draws: 10,
        peeks: 10,
        chains: study.chains,
        simulated: study.simulated,
        looks: [],
        concealment: study.guards.slice(0, 2),
      });
    // Looks are the gate's, which listened while it ran.
    const withoutLooks = (of: RoboticsStudy) =>
      JSON.stringify(of, (key, value) => (key === 'looks' ? [] : value));
    expect(withoutLooks(analyse())).toBe(withoutLooks(study));

    const file = logFile(whole.folder, 'study', 'policy');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"success":0', '"success":1'));
    const failed = analyse().guards.filter(({ passed }) => !passed);
    expect(failed.map(({ name }) => name)).toEqual(['study: log']);
    expect(failed[0].says).toMatch(/^line \d+ was edited/);
  });
});
