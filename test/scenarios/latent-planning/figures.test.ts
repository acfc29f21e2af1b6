import { describe, expect, it } from 'vitest';
import { armsOf } from '../../../src/scenarios/latent-planning/arms.ts';
import type { ArmPlayed } from '../../../src/scenarios/latent-planning/cast.ts';
import {
  figuresOf,
  interquartileMean,
  isFull,
  learningFigures,
} from '../../../src/scenarios/latent-planning/figures.ts';
import type { OpenLoopFigures } from '../../../src/scenarios/latent-planning/foreseen-figures.ts';
import { promises } from '../../../src/scenarios/latent-planning/judging.ts';
import scenario from '../../../src/scenarios/latent-planning.ts';
import { judge } from '../../../src/scenarios/runner/checks.ts';
import { optionsOf } from './lanes.ts';

describe('figures', () => {
  it('the interquartile mean is the mean of the middle half', () => {
    expect(interquartileMean([100, 1, 2, 3, 4, -50, 5, 6])).toBe(3.5);
    // Of five values 1.25 go at each end: three quarters of the second and of the fourth are left.
    expect(interquartileMean([0, 1, 2, 4, 100])).toBeCloseTo((0.75 * 1 + 2 + 0.75 * 4) / 2.5, 12);
    expect(interquartileMean([7])).toBe(7);
    expect(interquartileMean([])).toBe(0);
  });

  it('counts the longest stretch of updates with the KL at the free nats', () => {
    const rows = [1.01, 0.99, 3, 1, 1.019, 1, 1.03].map((kl, i) => ({
      ...{ version: i + 1, updates: 40 * (i + 1), episodes: 5 + i },
      figures: { kl, gradient_norm: i },
    }));
    expect(learningFigures(rows, 1)).toMatchObject({ pinned: 120, updates: 280, kl: 1.03, gradientNorm: 6 });
    expect(learningFigures(rows, 1).klAboveFree).toBeCloseTo(0.03, 12);
    expect(learningFigures([], 1)).toMatchObject({ pinned: 0, updates: 0, kl: 0 });
  });

  it('what plans promise stands beside what their horizon earned, as far as there is a whole one', () => {
    const plans = [[1, 2, 3].map(bestReturn => ({ bestReturn, eliteStd: 0.5 }))];
    expect(promises({ rewards: [[10, 20, 40]], plans }, 2)).toEqual({
      ...{ bestReturn: [1, 2], realised: [30, 60], eliteStd: 0.5 },
    });
    expect(promises({ rewards: [[10]], plans }, 2).realised).toEqual([]);
  });
});

it('of several tasks, each arm is told on the scale of its own task', () => {
  const several = optionsOf({ tasks: ['swing-up', 'pendulum'] });
  const arms = armsOf(several);
  const arm = (tests: readonly number[], testsOf: ArmPlayed['testsOf'] = {}): ArmPlayed => ({
    ...{ curve: [], tests, testsOf, parameters: new Float32Array(0), held: [], learning: [], worldSteps: 0 },
    plan: { bestReturn: [], realised: [], eliteStd: 0, ms: 0 },
  });
  const { arms: told, tasks } = figuresOf(
    arms,
    {
      planet: arm([400, 500], { 'swing-up': [400, 500], pendulum: [-600, -800] }),
      'oracle swing-up': arm([800]),
      'random swing-up': arm([100]),
      'oracle pendulum': arm([-200]),
      'random pendulum': arm([-1200]),
    },
    several,
  );
  expect(tasks).toEqual({
    'swing-up': { return: 450, normalised: 0.5 },
    pendulum: { return: -700, normalised: 0.5 },
  });
  expect(told['planet']?.normalised).toBe(0.5);
  expect(['oracle swing-up', 'oracle pendulum'].map(name => told[name]?.normalised)).toEqual([1, 1]);
  expect(['random swing-up', 'random pendulum'].map(name => told[name]?.normalised)).toEqual([0, 0]);
});

describe('bars', () => {
  it('a run as it comes is held to those of a full one, on pixels too; a short one is not', () => {
    expect(isFull(optionsOf({ observe: 'pixels' }))).toBe(true);
    expect(isFull(optionsOf({ episodes: 39 }))).toBe(false);
    expect(isFull(optionsOf({ tests: 19 }))).toBe(false);
  });

  const full = optionsOf({});
  const arms = armsOf(full);
  const names = [...arms.planet, ...arms.world, ...arms.controls].map(({ name }) => name);
  const good: Readonly<Record<string, number>> = {
    ...{ planet: 600, shooting: 500, randomCollection: 100, deterministic: 90, stochastic: 300 },
    ...{ ppo: 90, ppo20: 150, oracle: 830, random: 95, noiseScores: 90, oneCandidate: 100 },
  };
  const openLoop: OpenLoopFigures = {
    ...{ reward: 0.4, rewardNext: 0.1, observation: 0.5, rewardShuffled: 2.25, observationShuffled: 2.2 },
  };
  interface Fault {
    readonly returns?: Readonly<Record<string, number>>;
    readonly worldSteps?: Readonly<Record<string, number>>;
    readonly kl?: number;
    readonly openLoop?: OpenLoopFigures;
  }

  /** The checks that fail, of a run that went so. */
  function failing({ returns = {}, worldSteps = {}, kl = 3, openLoop: loops = openLoop }: Fault): string[] {
    const learning = Array.from({ length: 44 }, (_, i) => ({
      ...{ version: i + 1, updates: 40 * (i + 1), episodes: 5 + i, figures: { kl, gradient_norm: 9 } },
    }));
    const played = Object.fromEntries(
      names.map((name): [string, ArmPlayed] => {
        const value = { ...good, ...returns }[name];
        const tests = Array.from({ length: 20 }, (_, i) => value + (i % 2 === 0 ? 10 : -10));
        return [
          name,
          {
            ...{ curve: [], tests, testsOf: {}, parameters: new Float32Array(0), held: [], learning },
            plan: { bestReturn: [12], realised: [10], eliteStd: 0.3, ms: 1 },
            worldSteps: { oracle: 1000, ...worldSteps }[name] ?? 0,
          },
        ];
      }),
    );
    const judged = judge(scenario.checks, { ...figuresOf(arms, played, full), openLoop: loops });
    expect(judged.length).toBe(16);
    return judged.filter(({ pass }) => !pass).map(({ name }) => name);
  }

  it('of another task: what is learned must be told from random actions', () => {
    const pendulum = optionsOf({ task: 'pendulum' });
    const judgedAt = (planet: number) => {
      const played = (value: number): ArmPlayed => ({
        ...{
          curve: [],
          tests: [value - 9, value + 9],
          testsOf: {},
          parameters: new Float32Array(0),
          held: [],
        },
        ...{ learning: [], plan: { bestReturn: [12], realised: [10], eliteStd: 0.3, ms: 1 }, worldSteps: 1 },
      });
      const arms = armsOf(pendulum);
      const names = [...arms.planet, ...arms.world, ...arms.controls].map(({ name }) => name);
      const all = names.map((name): [string, ArmPlayed] => [
        name,
        played(name === 'planet' ? planet : -1200),
      ]);
      return judge(scenario.checks, figuresOf(arms, Object.fromEntries(all), pendulum)).find(
        ({ name }) => name === 'test returns over random actions',
      );
    };
    expect(judgedAt(-400)).toMatchObject({ pass: true });
    expect(judgedAt(-1190)).toMatchObject({ pass: false });
  });

  it('a good run reaches them, and each planted fault is told', () => {
    expect(failing({})).toEqual([]);
    expect(failing({ returns: { oracle: 500 } })).toContain('the oracle over random actions');
    expect(failing({ returns: { planet: 400 } })).toEqual(['normalised return, interquartile mean']);
    expect(failing({ returns: { planet: 200 } })).toContain('normalised return');
    expect(failing({ returns: { ppo: 600 } })).toEqual([
      'over PPO with as many decisions, lower end of 95 %',
    ]);
    // A policy in disguise: it swings up whatever the scores say.
    expect(failing({ returns: { noiseScores: 600 } })).toEqual(['control: noise for scores, normalised']);
    expect(failing({ returns: { oneCandidate: 300 } })).toEqual(['control: one candidate, normalised']);
  });

  it('a planner that steps a world is told, and an oracle that steps none', () => {
    expect(failing({ worldSteps: { planet: 1 } })).toEqual(['environment steps of planners in latent space']);
    expect(failing({ worldSteps: { noiseScores: 250 } })).toEqual([
      'environment steps of planners in latent space',
    ]);
    expect(failing({ worldSteps: { oracle: 0 } })).toEqual([
      'environment steps of the planner in the true world',
    ]);
  });

  it('a latent state that observations do not reach is told, and a model that does not see ahead', () => {
    expect(failing({ kl: 1 })).toEqual(['updates on end with the KL at the free nats']);
    expect(failing({ kl: 0.5 })).toEqual(['KL above the free nats']);
    expect(failing({ kl: 11 })).toEqual(['KL']);
    expect(failing({ openLoop: { ...openLoop, reward: 0.7 } })).toContain(
      'open loop: reward error of the best constant’s',
    );
    // One that ignores actions.
    expect(failing({ openLoop: { ...openLoop, rewardShuffled: 1, observationShuffled: 1 } })).toEqual([
      'control: reward error with other actions, times',
      'control: observation error with other actions, times',
    ]);
  });
});
