import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { oneCore } from '../../src/bench/one-core.ts';

it('a command is held to one core where there is a taskset, and else it is said that it is not', () => {
  const { before, what } = oneCore();
  if (before.length === 0) {
    expect(what).toContain('not held to one core');
    return;
  }
  const [command, ...rest] = [...before, process.execPath];
  const cores = execFileSync(command, [...rest, '-p', 'require("node:os").availableParallelism()']);
  expect(cores.toString()).toBe('1\n');
});
