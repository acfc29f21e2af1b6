import { describe, expect, it } from 'vitest';
import { parseOrThrow } from '../../../src/core/errors.ts';
import { checkEnvironment, describeReport } from '../../../src/env/check/check.ts';
import { pendulum } from '../../../src/env/classic/pendulum.ts';
import { environmentRef, loadEnvironment } from '../../../src/env/define.ts';
import { options } from '../../../src/scenarios/latent-planning/options.ts';
import { padded } from '../../../src/scenarios/latent-planning/padded.ts';
import { repeated } from '../../../src/scenarios/latent-planning/repeated.ts';
import { planetOf, tasks, tasksOf, worldOf } from '../../../src/scenarios/latent-planning/tasks.ts';
import { optionsOf } from './lanes.ts';

const inner = environmentRef(pendulum, { maxEpisodeSteps: 5 });
const quick = { steps: 20, patience: 40 };

describe('held actions', () => {
  it('sums rewards, and counts nothing of the next episode', async () => {
    const [plain, held] = [await loadEnvironment(inner, 2), await loadEnvironment(repeated(inner, 2), 2)];
    for (const each of [plain, held]) each.reset({ seed: 3 });
    const actions = Float32Array.of(1, -2);
    const rewards = [0, 0, 0, 0, 0].map(() => {
      plain.step(actions);
      return plain.rewards[1];
    });
    const sums = [0, 0, 0].map(() => {
      held.step(actions);
      return held.rewards[1];
    });
    expect(sums[0]).toBeCloseTo(rewards[0] + rewards[1], 5);
    expect(sums[1]).toBeCloseTo(rewards[2] + rewards[3], 5);
    // The episode ends after its fifth step, in the middle of the third action.
    expect(sums[2]).toBeCloseTo(rewards[4], 5);
    expect([...held.truncated]).toEqual([1, 1]);
    expect(held.finalObservations).toEqual(plain.finalObservations);
    held.step(actions);
    expect([...held.truncated]).toEqual([0, 0]);
  });

  it('keeps the rules of environments', async () => {
    const report = await checkEnvironment(repeated(inner, 2), quick);
    expect(report.passed, describeReport(report)).toBe(true);
  });
});

describe('padded worlds', () => {
  const shape = { observations: 4, actions: 2, observationUnits: [1, 1, 8], rewardUnit: 16 };

  it('scale what the task has, and fill up the rest', async () => {
    const [plain, wide] = [await loadEnvironment(inner, 1), await loadEnvironment(padded(inner, shape), 1)];
    for (const each of [plain, wide]) each.reset({ seed: 3 });
    plain.step(Float32Array.of(1));
    // Half of what the pendulum may have; the second number is nobody's.
    wide.step(Float32Array.of(0.5, -1));
    const [cos, sin, spin] = plain.observations;
    expect([...wide.observations]).toEqual([cos, sin, Math.fround(spin / 8), 0]);
    expect(wide.rewards[0]).toBeCloseTo(plain.rewards[0] / 16, 6);
  });

  it('keep the rules of environments', async () => {
    const report = await checkEnvironment(padded(inner, shape), quick);
    expect(report.passed, describeReport(report)).toBe(true);
  });

  it('refuse sizes that are too small', async () => {
    await expect(loadEnvironment(padded(inner, { ...shape, observations: 2 }), 1)).rejects.toThrow(
      'observations = 2',
    );
  });
});

describe('tasks', () => {
  it('are as large as their environments', async () => {
    for (const { environment, observationUnits, actions, steps } of Object.values(tasks)) {
      const world = await loadEnvironment(environment, 1);
      expect(world.observations.length).toBe(observationUnits.length);
      expect(world.actionSpace).toMatchObject({ shape: [actions] });
      world.reset({ seed: 1 });
      let taken = 0;
      while (world.truncated[0] === 0) {
        world.step(new Float32Array(actions));
        taken++;
      }
      expect(taken).toBe(steps);
      world.close();
    }
  });

  it('several ones have one size, in units; one alone has its own', () => {
    const several = optionsOf({ tasks: ['swing-up', 'reacher', 'swing-up'] });
    const shown = tasksOf(several);
    expect(shown.map(({ name }) => name)).toEqual(['swing-up', 'reacher', 'swing-up']);
    expect(shown.map(({ returnScale }) => returnScale)).toEqual([8, 0.4, 8]);
    expect(planetOf(shown[0], several)).toMatchObject({ rewardUnit: 1, observationUnits: Array(10).fill(1) });
    expect(worldOf(shown[0], several).options).toMatchObject({ observations: 10, actions: 2, rewardUnit: 2 });
    expect(worldOf(tasks['swing-up'], optionsOf({}))).toBe(tasks['swing-up'].environment);
  });

  it('as many episodes as the observation takes, where none are given', () => {
    expect(optionsOf().episodes).toBe(48);
    expect(optionsOf({ observe: 'pixels' })).toMatchObject({ episodes: 200, oracleTests: 2 });
    expect(optionsOf({ observe: 'pixels', episodes: 7 }).episodes).toBe(7);
  });

  it('settings are the task’s, then the run’s, then the arm’s', () => {
    const given = optionsOf({ planet: { batch: 4, planning: { candidates: 20 } } });
    expect(planetOf(tasks.pendulum, given, { latent: 'stochastic' })).toMatchObject({
      ...{ batch: 4, length: 20, rewardUnit: 16, latent: 'stochastic', observationUnits: [1, 1, 8] },
      planning: { candidates: 20, iterations: 4 },
    });
    const paper = optionsOf({
      ...{ observe: 'pixels', preset: 'paper', planet: { planning: { candidates: 500 } } },
    });
    expect(planetOf(tasks['swing-up'], paper).planning).toEqual({
      ...{ candidates: 500, horizon: 12, iterations: 10, elites: 100, noise: 0.3 },
    });
    expect(planetOf(tasks['swing-up'], optionsOf({ observe: 'pixels', side: 64 }))).toMatchObject({
      ...{ side: 64, channels: 1, observationUnits: null },
    });
  });

  it.each([
    [{ planet: { planning: { elites: 200 } } }, 'planning.elites = 200: expected at most candidates = 100'],
    [{ side: 64 }, 'options: side = 64: expected observe = pixels with it'],
    [{ preset: 'paper' }, 'options: preset = paper: expected observe = pixels with it'],
    [{ tasks: ['reacher', 'pendulum'], episodes: 10 }, 'episodes = 10: expected more than 10'],
    [
      { task: 'reacher', observe: 'pixels', preset: 'paper' },
      'planet.length = 50: expected at most 26, the rows of an episode of reacher',
    ],
    [{ ppoTimes: [1, 1] }, 'ppoTimes = 1, 1: expected each number once'],
  ])('options that do not go together are refused at once: %j', (given, message) => {
    expect(() => parseOrThrow(options, given, 'options')).toThrow(message);
  });
});
