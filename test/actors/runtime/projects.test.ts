import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { type ActorDefinition, type Ports, type System, startSystem } from '../../../src/actors/index.ts';

// Projects of users, with settings of their own: imported by URL, so that ours do not apply to them.
type Echo = ActorDefinition<z.ZodObject, Ports, Ports, { say(text: string): string }>;
async function echoOf(project: string): Promise<Echo> {
  const url = new URL(`../../fixtures/projects/${project}/echo.ts`, import.meta.url).href;
  return ((await import(/* @vite-ignore */ url)) as { echo: Echo }).echo;
}

let system: System;
afterEach(() => system?.stop());

describe('a TypeScript actor loads in a worker', () => {
  it.each([
    ['type: module', 'actors-module'],
    ['type: commonjs', 'actors-commonjs'],
  ])('from a project of %s', async (_kind, project) => {
    const echo = await echoOf(project);
    system = await startSystem({ seed: 1 });
    const actor = await system.spawn(echo, {});
    expect(await actor.call.say('hello')).toBe('hello!!');
  });
});

it('a CommonJS program of a user runs actors from the built package, and ends by itself', () => {
  const main = fileURLToPath(new URL('../../fixtures/projects/actors-javascript/main.js', import.meta.url));
  const output = execFileSync(process.execPath, ['--no-warnings', main], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  expect(output.trim().split('\n')).toEqual(['hello! there!', '[]']);
});

it.each(['module', 'commonjs'])(
  'the built package loads a TypeScript actor from a project of type: %s',
  kind => {
    const [run, actor] = ['run-built.mjs', `actors-${kind}/built.ts`].map(path =>
      fileURLToPath(new URL(`../../fixtures/projects/${path}`, import.meta.url)),
    );
    const output = execFileSync(process.execPath, ['--no-warnings', run, actor], {
      encoding: 'utf8',
      timeout: 20_000,
    });
    expect(output.trim()).toBe('built!!');
  },
);

it.each(['awaited', ''])(
  'a module that defines an actor and starts a system is told so on the thread that imports it: %s',
  { timeout: 60_000 },
  AWAITED => {
    const whole = fileURLToPath(
      new URL('../../fixtures/projects/actors-javascript/whole.mjs', import.meta.url),
    );
    const { status, stderr } = spawnSync(process.execPath, [whole], {
      encoding: 'utf8',
      timeout: 50_000,
      env: { ...process.env, AWAITED },
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(/greeter: .*startSystem: called on a thread of a system, which imports each/);
  },
);
