import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { workerFlags } from '../../../src/actors/runtime/worker-flags.ts';

const project = (path: string) => fileURLToPath(new URL(`../../fixtures/projects/${path}`, import.meta.url));
const main = project('actors-javascript/main.js');

function run(flags: readonly string[], env: NodeJS.ProcessEnv = {}): string {
  return execFileSync(process.execPath, ['--no-warnings', ...flags], {
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...process.env, ...env },
  });
}

describe('the flags of a worker', () => {
  it('are those of the process, but not what says which program to run', () => {
    expect(
      workerFlags(['--conditions', 'dev', '--input-type=module', '-e', '--no', '--no-warnings']),
    ).toEqual(['--conditions', 'dev', '--no-warnings']);
  });

  it('leave out what Node refuses, with its value', () => {
    const refused = new Set(['--v8-pool-size', '--title=a, b']);
    expect(
      workerFlags(['--v8-pool-size', '2', '--title=a, b', '--import', 'x', '--expose-gc'], refused),
    ).toEqual(['--import', 'x', '--expose-gc']);
  });
});

describe('actors run where the process was given flags that Node refuses a worker', {
  timeout: 60_000,
}, () => {
  it.each([
    ['of V8', ['--max-old-space-size=4096', '--expose-gc', '--stack-size=900']],
    ['of Node, with values', ['--v8-pool-size', '2', '--title', 'a, b', '--conditions', 'dev']],
  ])('%s', (_kind, flags) => {
    expect(run([...flags, main]).split('\n')[0]).toBe('hello! there!');
  });

  it('in NODE_OPTIONS', () => {
    const NODE_OPTIONS = '--max-old-space-size=4096 --title=x';
    expect(run([main], { NODE_OPTIONS }).split('\n')[0]).toBe('hello! there!');
  });
});
