import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TroupeError, usageError } from '../../../src/core/errors.ts';
import { Random } from '../../../src/core/random.ts';
import type { Design, TrialOutcome } from '../../../src/evaluation/contract.ts';
import {
  analyse,
  type ExperimentOptions,
  LOG_FILE,
  type PlannedTrial,
  runExperiment,
} from '../../../src/evaluation/experiment/index.ts';
import { isSettled } from '../../../src/evaluation/experiment/settled.ts';
import { readLog } from '../../../src/evaluation/log/trial-log.ts';
import { designOf } from './logs.ts';

const emptyFolder = () => mkdtempSync(join(tmpdir(), 'troupe-experiment-'));
const always = { rule: 'always-valid', planned: 60, cap: 120 } as const;

/** What a trial comes to depends on its order alone. */
const playedValue = ({ arm, seed }: PlannedTrial, gain: number): number => {
  const random = Random.fromSeed(seed);
  return 20 + 3 * random.normal() + (arm === 'B' ? gain : 0) + random.split(arm).normal();
};
const done = (value: number): TrialOutcome => ({ status: 'done', metrics: { return: value }, strata: {} });

/** Plays in a scrambled order: the later of those under way often end first. */
function scrambled(gain: number, scramble: number) {
  const random = Random.fromSeed(scramble);
  return async (order: PlannedTrial) => {
    for (let turns = random.integer(12); turns > 0; turns--) await Promise.resolve();
    if (order.seed % 17 === 0) throw new Error(`it broke\nat line 2`);
    return done(playedValue(order, gain));
  };
}

const run = (design: Design, options: Partial<ExperimentOptions>) =>
  runExperiment({
    design,
    seed: 5,
    folder: emptyFolder(),
    lanes: 1,
    play: scrambled(0.6, 1),
    ...options,
  });

describe('an experiment', () => {
  it.each([
    ['pairs to a fixed end', designOf({ stopping: { rule: 'fixed', units: 40 } })],
    ['pairs until settled', designOf({ stopping: always })],
    ['trials until settled', designOf({ unit: 'trial', stopping: { ...always, cap: 200, planned: 100 } })],
    ['sessions', designOf({ unit: 'session', stopping: { rule: 'fixed', units: 30 } })],
  ])('of %s comes to the same with 1, 2 and 4 lanes, whoever ends first', async (_, design) => {
    const sessionSize = 3;
    const one = await run(design, { sessionSize });
    expect(one.status).toBe('finished');
    const text = JSON.stringify(one.analysis);
    for (const lanes of [2, 4]) {
      const folder = emptyFolder();
      const other = await run(design, { lanes, folder, sessionSize, play: scrambled(0.6, lanes) });
      expect(JSON.stringify(other.analysis)).toBe(text);
      // The log says it all: nothing is left in memory.
      expect(JSON.stringify(analyse(readLog(join(folder, LOG_FILE))))).toBe(text);
    }
  });

  it('is settled at the same look wherever it is interrupted, and however many lanes go on with it', async () => {
    const design = designOf({ stopping: always });
    const whole = JSON.stringify((await run(design, { play: scrambled(2, 1) })).analysis);
    expect(JSON.parse(whole)).toMatchObject({ stopped: 'settled' });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 100 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        async (stopAfter, before, after) => {
          const folder = emptyFolder();
          const stop = new AbortController();
          const first = await run(design, {
            folder,
            lanes: before,
            play: scrambled(2, stopAfter),
            signal: stop.signal,
            onProgress: ({ trials }) => trials >= stopAfter && stop.abort(),
          });
          const end = await run(design, { folder, lanes: after, play: scrambled(2, 3) });
          expect(end.status).toBe('finished');
          expect(JSON.stringify(end.analysis)).toBe(whole);
          if (first.status === 'interrupted') expect(first.analysis.stopped).toBe('not yet');
        },
      ),
      { numRuns: 25 },
    );
  });

  it('writes every assignment before its trial is played', async () => {
    const folder = emptyFolder();
    const seen: string[] = [];
    await run(designOf(), {
      folder,
      lanes: 2,
      async play(order) {
        const log = readFileSync(join(folder, LOG_FILE), 'utf8');
        expect(log).toContain(`"type":"assigned","trial":"${order.trial}"`);
        expect(log).not.toContain(`"type":"outcome","trial":"${order.trial}"`);
        seen.push(order.trial);
        return done(1);
      },
    });
    expect(seen).toHaveLength(16);
  });

  it('gives a pair one seed, other pairs others, and its arms in an order of their own', async () => {
    const orders: PlannedTrial[] = [];
    const design = designOf({ stopping: { rule: 'fixed', units: 60 } });
    await run(design, {
      async play(order) {
        orders.push(order);
        return done(order.seed);
      },
    });
    const seeds = new Map(orders.map(({ unit, seed }) => [unit, seed]));
    expect(new Set(seeds.values()).size).toBe(60);
    for (const { unit, seed } of orders) expect(seed).toBe(seeds.get(unit));
    const baselineFirst = orders.filter(({ index, arm }) => index % 2 === 0 && arm === 'A').length;
    expect(baselineFirst).toBeGreaterThan(15);
    expect(baselineFirst).toBeLessThan(45);
  });

  it('plays a trial that was under way again, from the same seed, and none that is done', async () => {
    const folder = emptyFolder();
    const stop = new AbortController();
    const design = designOf();
    const first: PlannedTrial[] = [];
    const interrupted = await run(design, {
      folder,
      lanes: 3,
      signal: stop.signal,
      async play(order, signal) {
        first.push(order);
        if (first.length === 8) stop.abort();
        if (signal.aborted || order.index === 6)
          return new Promise((_, reject) => setImmediate(() => reject(new Error('stopped'))));
        return done(1);
      },
    });
    expect(interrupted.status).toBe('interrupted');
    const again: PlannedTrial[] = [];
    const end = await run(design, {
      folder,
      async play(order) {
        again.push(order);
        return done(1);
      },
    });
    expect(end.status).toBe('finished');
    expect(again.length + interrupted.analysis.trials).toBe(16);
    for (const order of again) {
      const before = first.find(({ trial }) => trial === order.trial);
      if (before) expect(order).toEqual(before);
    }
  });

  it('keeps a trial that failed, with the reason in one line', async () => {
    const { analysis } = await run(designOf(), {
      async play(order) {
        if (order.index === 3) throw new Error('the arm fell off\nat some line');
        return done(order.index);
      },
    });
    expect(analysis.arms.reduce((sum, { missing }) => sum + missing, 0)).toBe(1);
    expect(analysis.units).toBe(8);
  });

  it('ends at wrong use, which is no outcome', async () => {
    const folder = emptyFolder();
    const wrong = run(designOf(), {
      folder,
      lanes: 2,
      async play({ index }) {
        if (index === 2) throw usageError('no such metric');
        return done(1);
      },
    });
    await expect(wrong).rejects.toThrow(TroupeError);
    expect(readFileSync(join(folder, LOG_FILE), 'utf8')).not.toContain('failed');
  });

  it('refuses a folder that holds another design or seed, and other lanes than whole ones', async () => {
    const folder = emptyFolder();
    await run(designOf({ stopping: always }), { folder });
    const planned = designOf({ stopping: { ...always, planned: 30 } });
    await expect(run(planned, { folder })).rejects.toThrow(/stopping\.planned \(N\*\)/);
    await expect(run(designOf({ stopping: always }), { folder, seed: 6 })).rejects.toThrow(
      'began with seed 5, expected it again, got 6',
    );
    await expect(run(designOf({ stopping: always }), { folder, secret: 'another' })).rejects.toThrow(
      'expected the same secret',
    );
    await expect(run(designOf(), { lanes: 0 })).rejects.toThrow('lanes = 0');
  });

  it('that is finished plays nothing more', async () => {
    const folder = emptyFolder();
    const design = designOf();
    const { analysis } = await run(design, { folder });
    const play = () => Promise.reject(new Error('played'));
    expect(await run(design, { folder, play })).toEqual({ status: 'finished', analysis });
  });

  it('whose log lost the end of its last line goes on', async () => {
    const folder = emptyFolder();
    const { analysis } = await run(designOf(), { folder });
    const file = join(folder, LOG_FILE);
    const lines = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, `${lines.slice(0, 12).join('\n')}\n${lines[12].slice(0, 9)}`);
    expect((await run(designOf(), { folder, lanes: 2 })).analysis).toEqual(analysis);
  });
});

describe('stopping when it is settled', () => {
  it('finds nothing in pairs without an effect, in at least 95 of 100, though it looks after every pair', () => {
    const design = designOf({ stopping: { rule: 'always-valid', planned: 60, cap: 120 } });
    let settled = 0;
    const experiments = 200;
    for (let seed = 0; seed < experiments; seed++) {
      const random = Random.fromSeed(seed);
      const units = Array.from({ length: 120 }, (_, i) => ({
        unit: `p${i}`,
        trials: ['A', 'B'].map((arm, k) => ({
          trial: `p${i}/${k}`,
          unit: `p${i}`,
          index: 2 * i + k,
          arm,
          ...done(random.normal()),
        })),
      }));
      for (let count = 30; count <= 120; count++) {
        if (!isSettled(units.slice(0, count), design)) continue;
        settled++;
        break;
      }
    }
    expect(settled / experiments).toBeLessThanOrEqual(0.05);
  });
});
