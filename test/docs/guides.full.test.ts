import { afterEach, expect, it } from 'vitest';
import { guides, makeProject, remove, runCommand, takesLong } from './guides.ts';

let folder: string | undefined;
afterEach(() => {
  if (folder) remove(folder);
  folder = undefined;
});

const long = guides.filter(({ commands }) => commands.some(takesLong));

it('some guides compare', () => {
  expect(long.length).toBeGreaterThan(1);
});

it.each(long)('$path: all of its commands run, comparisons too', async ({ files, commands }) => {
  folder = await makeProject(files);
  for (const command of commands) {
    const output = runCommand(command, folder);
    if (!command.startsWith('npm')) expect(output.trim(), command).not.toBe('');
  }
});
