import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { docs, guides, makeProject, quick, remove, runCommand, typeCheck } from './guides.ts';

let folder: string | undefined;
afterEach(() => {
  if (folder) remove(folder);
  folder = undefined;
});

describe('the guides', () => {
  it('are there', () => {
    const paths = guides.map(guide => guide.path);
    for (const name of [
      'compose-a-scenario',
      'plug-in-an-actor',
      'bring-your-own-environment',
      'build-a-robot',
      'take-a-policy-elsewhere',
      'evaluation',
    ]) {
      expect(paths).toContain(`docs/${name}.md`);
    }
  });

  it.each(guides)('$path: every ts block names its file, so that every block runs', ({ loose }) => {
    expect(loose).toEqual([]);
  });

  const linking = guides.filter(({ files }) => files.some(([, text]) => /from '\.\/.*\.ts'/.test(text)));
  it.each(linking)('$path: says what tsc needs for files that import each other', ({ path }) => {
    const text = readFileSync(join(docs, '..', path), 'utf8');
    expect(text).toMatch(/"allowImportingTsExtensions": true` and\s+`"noEmit": true/);
  });

  it('hold the commands that are run here', () => {
    const commands = guides.flatMap(guide => guide.commands);
    expect(quick.filter(command => !commands.includes(command))).toEqual([]);
  });

  it.each(guides)(
    '$path: its files compile and its quick commands run',
    { timeout: 120_000 },
    async guide => {
      folder = await makeProject(guide.files);
      if (guide.files.length > 0) typeCheck(folder);
      for (const command of guide.commands.filter(command => quick.includes(command))) {
        // `runCommand` throws on any exit code but 0, with what the command printed.
        expect(runCommand(command, folder).trim(), command).not.toBe('');
      }
    },
  );
});
