import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Answer, commandsIn, userProject } from './project.ts';

// Types above what breaks: positions are those of the TypeScript, not of what is left of it.
const types = 'interface Walk {\n  readonly far: number;\n}\n\n';
const files = {
  'syntax.js': "import { z } from 'zod';\n\nexport const a = ;\n",
  'imports-syntax.js': "import { a } from './syntax.js';\nconsole.log(a);\n",
  'syntax.ts': `${types}const far: number = ;\n`,
  'no-export.ts': `${types}import {\n  z,\n  nothing } from 'zod';\nconsole.log(z, nothing);\n`,
  'no-file.ts': `${types}import { a } from './nowhere.ts';\nconsole.log(a);\n`,
  'no-package.ts': `${types}import { a } from 'no-such-package/deep';\nconsole.log(a);\n`,
  'throws.ts': `${types}const walk = undefined as unknown as Walk;\nconsole.log(walk.far);\n`,
  'walk.ts': `${types}import { box, defineEnvironment, environment } from 'troupe/env';
import { z } from 'zod';

export const walk = defineEnvironment(import.meta.url, {
  name: 'walk',
  summary: 'Walks.',
  options: z.object({ fault: z.string() }),
  make({ fault }) {
    return environment({
      observationSpace: box(1),
      actionSpace: box(1),
      reset: () => ({ observation: Float32Array.of(0), info: {} }),
      step(action) {
        if (fault === 'step') z.object({ far: z.number() }).parse({ far: 'away' } as unknown as Walk);
        return { observation: action, reward: 1, terminated: false, truncated: false, info: {} };
      },
    });
  },
});
`,
  'scenario.ts': `${types}import { defineActor } from 'troupe/actors';
import { environmentRef, loadEnvironment } from 'troupe/env';
import { scenario } from 'troupe/scenarios';
import { z } from 'zod';
import { walk } from './walk.ts';

export const starter = defineActor(import.meta.url, {
  name: 'starter',
  config: z.object({ fault: z.string() }),
  async start({ config: { fault } }) {
    const way: Walk | undefined = undefined;
    if (fault === 'start') console.log(way!.far);
    const copies = await loadEnvironment(environmentRef(walk, { fault }), 1);
    return { step: () => void copies.step(Float32Array.of(1)) };
  },
});

export default scenario({
  name: 'walk',
  summary: 'Walks into what was asked for.',
  options: z.object({ fault: z.string().default('none') }),
  smoke: {},
  async play({ options: { fault }, system }) {
    if (fault === 'play') throw new Error('no way\\nto go');
    const walker = await system.spawn(starter, { fault });
    await walker.call.step();
    return {};
  },
});
`,
};
const project = userProject('module', files);

/** `scenario.ts:12:7`, of the first place where a text stands. */
function placeIn(file: keyof typeof files, text: string): string {
  const before = files[file].slice(0, files[file].indexOf(text)).split('\n');
  return `${file}:${before.length}:${(before.at(-1) as string).length + 1}`;
}

describe('a mistake in a file of the user is told with its place', () => {
  const cases = [
    ['syntax.js', "Unexpected token ';' (syntax.js:3:18)"],
    ['imports-syntax.js', "Unexpected token ';' (syntax.js:3:18)"],
    ['syntax.ts', 'Unexpected ";" (syntax.ts:5:21)'],
    [
      'no-export.ts',
      "The requested module 'zod' does not provide an export named 'nothing' (no-export.ts:7:3)",
    ],
    ['no-file.ts', /Cannot find module '.*nowhere.ts' imported from .* \(no-file.ts:5:19\)/],
    ['no-package.ts', /Cannot find package 'no-such-package' imported from .* \(no-package.ts:5:19\)/],
    ['throws.ts', "Cannot read properties of undefined (reading 'far') (throws.ts:6:18)"],
  ] as const;
  let answers: Answer[];
  beforeAll(async () => {
    const commands = [...cases.map(([file]) => ['run', file]), ['check-env', 'syntax.ts']];
    answers = await commandsIn(project, commands);
  }, 60_000);

  it.each(cases.map((one, i) => [...one, i] as const))('where it is loaded: %s', (_, line, i) => {
    const { code, stdout, stderr } = answers[i];
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(line);
    expect(stderr).toMatch(/^troupe: scenario .*: cannot be loaded: .*\n$/);
    expect(existsSync(join(project, 'runs/.'))).toBe(false);
  });

  it('as an environment', () => {
    expect(answers.at(-1)).toEqual({
      code: 2,
      stdout: '',
      stderr: 'troupe: environment syntax.ts: cannot be loaded: Unexpected ";" (syntax.ts:5:21)\n',
    });
  });
});

describe('a mistake that a run comes upon is told with its place', () => {
  const run = (fault: string) => ['run', './scenario.ts', '--runs', 'faults', '--set', `fault=${fault}`];

  it('in play, in an actor that starts, in a step on another thread', { timeout: 60_000 }, async () => {
    const [play, start, step] = await commandsIn(project, [run('play'), run('start'), run('step')], {
      TROUPE_DEBUG: '1',
    });
    const lines = [
      [play, `no way (${placeIn('scenario.ts', 'new Error')})`],
      [
        start,
        `actor starter: start: Cannot read properties of undefined (reading 'far') (${placeIn('scenario.ts', 'far);')})`,
      ],
      [
        step,
        `starter.step: far: Invalid input: expected number, received string (${placeIn('walk.ts', 'parse({')})`,
      ],
    ] as const;
    for (const [answer, line] of lines) {
      expect(answer.code).toBe(1);
      expect(answer.stderr.split('\n')[0]).toBe(`troupe: walk, seed 1: ${line}`);
    }
    // And with its stack, where that is asked for.
    const place = placeIn('scenario.ts', 'new Error');
    expect(play.stderr).toMatch(new RegExp(`Error: no way\\n +to go\\n +at play .*${place}`));
  });
});
