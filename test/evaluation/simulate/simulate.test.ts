import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  diceStudy,
  type Job,
  lostFailures,
  type SimulationResult,
  simulate,
} from '../../../src/evaluation/simulate/index.ts';

const jobs: Job[] = [
  {
    kind: 'study',
    name: 'per session',
    experiments: 450,
    trials: 200,
    effects: [0.05],
    world: { base: 0.8, walk: 0.02, sessions: { trials: 20, sd: 0.4 }, operators: { offsets: [0, 0.2] } },
    design: { assign: 'per session', trials: 20 },
    analyses: [
      { name: 'z', analysis: 'pooled z' },
      { name: 'CMH', analysis: 'CMH', strata: { operator: true } },
      { name: 'jackknife', analysis: 'jackknife', groups: { trials: 20 }, quantile: 't' },
    ],
    asks: ['rejects', 'covers'],
  },
  { ...diceStudy, experiments: 130, trials: 2200 },
  { ...lostFailures, experiments: 210, trials: 1000 },
];

describe('simulations', () => {
  it('come to the same numbers with 1 and 2 workers', async () => {
    const one = await simulate(jobs, { seed: 3, workers: 1 });
    expect(one.map(result => result.name)).toEqual(['per session', 'dice', 'sample ratio']);
    expect(one[0].tallies['z: rejects'].mean).toBeGreaterThan(0);
    expect(await simulate(jobs, { seed: 3, workers: 2 })).toEqual(one);
    expect(await simulate(jobs, { seed: 4, workers: 1 })).not.toEqual(one);
  });

  it('run in workers of the built package, four of them', async () => {
    const built = new URL('../../../dist/evaluation/simulate/index.js', import.meta.url).href;
    const script = `
      import { simulate } from ${JSON.stringify(built)};
      console.log(JSON.stringify(await simulate(${JSON.stringify(jobs)}, { seed: 3, workers: 4 })));`;
    const output = execFileSync(process.execPath, ['--expose-gc', '--input-type=module', '-e', script], {
      cwd: fileURLToPath(new URL('../../..', import.meta.url)),
      encoding: 'utf8',
    });
    const results = JSON.parse(output) as SimulationResult[];
    expect(results).toEqual(await simulate(jobs, { seed: 3, workers: 1 }));
  });

  it('come to the same whatever else is simulated beside them', async () => {
    const all = await simulate(jobs, { seed: 3, workers: 1 });
    const [alone] = await simulate([jobs[1]], { seed: 3, workers: 1 });
    expect(alone).toEqual(all[1]);
  });

  it.each([1, 2])('tell how far they are, with %i workers', async workers => {
    const told: number[] = [];
    await simulate(jobs, { seed: 1, workers, onProgress: (done, total) => told.push(done, total) });
    expect(told.filter((_, i) => i % 2)).toEqual(Array(10).fill(790));
    const done = told.filter((_, i) => i % 2 === 0);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(done.at(-1)).toBe(790);
  });

  it.each([1, 2])('end when they are told to, with %i workers', async workers => {
    const controller = new AbortController();
    const reason = new Error('enough');
    let calls = 0;
    const running = simulate(jobs, {
      seed: 1,
      workers,
      signal: controller.signal,
      onProgress() {
        calls++;
        controller.abort(reason);
      },
    });
    await expect(running).rejects.toBe(reason);
    expect(calls).toBe(1);
    await expect(simulate(jobs, { seed: 1, workers, signal: controller.signal })).rejects.toBe(reason);

    const later = new AbortController();
    const started = simulate(jobs, { seed: 1, workers, signal: later.signal });
    later.abort(reason);
    await expect(started).rejects.toBe(reason);
  });

  it('are refused before anything runs where they make no sense', async () => {
    const [study] = jobs;
    const refused = (changed: object, options: object = {}) =>
      expect(simulate([{ ...study, ...changed } as Job], { seed: 1, workers: 1, ...options })).rejects;
    await refused({ experiments: 0 }).toThrow('simulation per session: experiments = 0: expected 1 or more');
    await refused({ analyses: [] }).toThrow('study per session: analyses : expected each name once');
    await refused({ effects: [0, 0] }).toThrow('analysis CMH: 3 arms: expected one beside the baseline');
    await refused({}, { workers: 0 }).toThrow('workers = 0: expected a number, 1 or more');
    await refused({}, { seed: 0.5 }).toThrow('seed = 0.5: expected a whole number');
    await expect(simulate([study, study], { seed: 1 })).rejects.toThrow(
      'simulation per session: expected each name once',
    );
  });
});
