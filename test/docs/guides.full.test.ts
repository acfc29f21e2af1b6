import { afterEach, expect, it } from 'vitest';
import { guides, makeProject, remove, runCommand } from './guides.ts';

let folder: string | undefined;
afterEach(() => {
  if (folder) remove(folder);
  folder = undefined;
});

it('some guides compare', () => {
  const long = guides.filter(({ commands }) => commands.some(command => /\btroupe compare\b/.test(command)));
  expect(long.length).toBeGreaterThan(1);
});

it.each(guides)('$path: all of its commands run, comparisons too', async ({ files, commands }) => {
  folder = await makeProject(files);
  for (const command of commands) {
    const output = runCommand(command, folder);
    if (!command.startsWith('npm')) expect(output.trim(), command).not.toBe('');
  }
});
