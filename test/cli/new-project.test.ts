import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { troupe } from '../../src/cli/command.ts';
import { TestIo } from './io.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What `npm i` would do, without a registry. */
function install(folder: string): void {
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  symlinkSync(root, join(modules, 'troupe'), 'dir');
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const scopes = Object.keys({ ...dependencies, ...devDependencies }).map(name => name.split('/')[0]);
  for (const name of scopes.filter(scope => scope !== 'troupe'))
    symlinkSync(join(root, 'node_modules', name), join(modules, name), 'dir');
}

function node(cwd: string, ...args: string[]): string {
  const env: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: '1' };
  for (const name of Object.keys(env)) if (name.startsWith('VITEST')) delete env[name];
  return execFileSync(process.execPath, args, {
    cwd,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

it('a new project compiles, passes its own test, and its scenario runs', { timeout: 120_000 }, async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'troupe-new-')), 'pucks');
  expect(await troupe(['new', folder], new TestIo())).toBe(0);
  install(folder);
  const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  expect(scripts).toMatchObject({ test: 'tsx --test environment.test.ts', types: 'tsc --noEmit' });

  node(folder, join(root, 'node_modules/typescript/bin/tsc'), '--noEmit');
  const tested = node(folder, join(root, 'node_modules/tsx/dist/cli.mjs'), '--test', 'environment.test.ts');
  expect(tested).toMatch(/^[#ℹ] pass 1$/m); // Node 20 reports in TAP, 24 in words
  const main = join(folder, 'node_modules/troupe/dist/cli/main.js');
  expect(node(folder, main, 'run', './scenario.ts', '--smoke')).toContain('report  runs/puck/');
  const [run] = readdirSync(join(folder, 'runs/puck'));
  expect(existsSync(join(folder, 'runs/puck', run, 'film.json'))).toBe(true);
  expect(node(folder, main, 'evaluate', join('runs/puck', run), '--episodes', '10')).toMatch(
    /return +[\d.]+ +\[/,
  );
});
