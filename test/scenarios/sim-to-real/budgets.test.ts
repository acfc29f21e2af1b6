import { expect, test } from 'vitest';
import { robotNames, robots } from '../../../src/learners/simgan/robots.ts';
import { budgets } from '../../../src/scenarios/sim-to-real/budgets.ts';
import { isFull } from '../../../src/scenarios/sim-to-real/figures.ts';
import { options, withBudget } from '../../../src/scenarios/sim-to-real/options.ts';
import { planOf } from '../../../src/scenarios/sim-to-real/settings.ts';

test.each(robotNames)('%s has a budget of its own, each part of which can be set', async robot => {
  for (const target of robots[robot].targets) {
    const told = withBudget(options.parse({ robot, target }));
    expect(told).toMatchObject({ robot, target, ...budgets[robot] });
    expect(isFull(told)).toBe(true);
  }
  const [target] = robots[robot].targets;
  const few = withBudget(options.parse({ robot, target, refineIterations: 3, behaviorLogStd: -2 }));
  expect(few).toMatchObject({ ...budgets[robot], refineIterations: 3, behaviorLogStd: -2 });
  expect(isFull(few)).toBe(false);
  const plan = await planOf(few);
  expect(plan.policy.config).toMatchObject({ normalizeObservations: robot !== 'cart-pole' });
  expect(plan.iteration).toBe(budgets[robot].environments * budgets[robot].horizon);
});

test('ten minutes of the target are the most that a budget collects', () => {
  for (const robot of robotNames) {
    const { episodeSteps, controlStep } = robots[robot];
    expect(budgets[robot].trajectories * episodeSteps * controlStep).toBeLessThanOrEqual(600);
  }
});

test('targets of other robots, and rounds that do not share the episodes, are refused', () => {
  expect(() => options.parse({ robot: 'hopper', target: 'emf' })).toThrow(
    'expected one of weak, heavy, deform for robot hopper',
  );
  expect(() => options.parse({ robot: 'quadruped', target: 'weak' })).toThrow(
    'expected one of emf, heavy, deform for robot quadruped',
  );
  expect(() => options.parse({ rounds: 2, trajectories: 7 })).toThrow('as many episodes in each round');
  // These would fail when all is trained, and there is nothing to judge by.
  expect(() => options.parse({ trajectories: 1 })).toThrow('expected at least 2');
  expect(() => options.parse({ rounds: 2, trajectories: 2 })).toThrow('in each round, at least 2');
  expect(() => options.parse({ testEpisodes: 1 })).toThrow('>=2');
  expect(() => options.parse({ horizon: 1 })).toThrow('>=2');
  expect(() => options.parse({ rounds: 2, environments: 1 })).toThrow(
    'expected at least 2, as many as rounds',
  );
  expect(options.parse({ rounds: 2 })).toMatchObject({ rounds: 2 });
});
