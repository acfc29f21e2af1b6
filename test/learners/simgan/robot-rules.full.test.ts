import { expect, test } from 'vitest';
import { checkEnvironment, describeReport } from '../../../src/env/check/check.ts';
import { robots } from '../../../src/learners/simgan/robots.ts';

const cases = [robots.hopper, robots.quadruped].flatMap(robot =>
  [
    ...robot.targets.map(target => [target, robot.in(target)] as const),
    ['hybrid', robot.hybrid()] as const,
    ['randomised', robot.randomized()] as const,
  ].map(([name, ref]) => [robot.name, name, ref] as const),
);

test.each(cases)('%s, %s, keeps the rules of environments', async (_robot, _name, ref) => {
  const report = await checkEnvironment(ref, { steps: 40, patience: 520 });
  expect(describeReport(report)).toContain('keeps all');
  expect(report.unchecked).toEqual([]);
});
