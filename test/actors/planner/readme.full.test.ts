import { expect, test } from 'vitest';
import { makeProject, readGuide, remove, runCommand, typeCheck } from '../../docs/guides.ts';

test('what the README tells to write plans without a world', async () => {
  const { files, commands } = readGuide('src/actors/planner/README.md');
  expect(files.map(([name]) => name)).toEqual(['pendulum-model.ts', 'plan.ts']);
  const folder = await makeProject(files);
  try {
    expect(typeCheck(folder)).toBe('');
    const printed = runCommand(commands[0], folder);
    const [, planned, idle] = /planned (-?\d+), idle (-?\d+)/.exec(printed) ?? [];
    expect(Number(planned)).toBeGreaterThan(Number(idle) + 300);
    expect(printed).toContain('worlds that the planner made: 0');
  } finally {
    remove(folder);
  }
});
