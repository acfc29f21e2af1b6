import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

interface Guide {
  files: [string, string][];
  commands: string[];
  loose: string[];
}
interface Tools {
  readGuide(path: string): Guide;
  makeProject(files: [string, string][], form?: string): Promise<string>;
  typeCheck(folder: string): string;
  runCommand(command: string, folder: string): string;
  remove(folder: string): void;
}
const url = new URL('../../tools/guides.mjs', import.meta.url).href;
const { readGuide, makeProject, typeCheck, runCommand, remove } = (await import(
  /* @vite-ignore */ url
)) as Tools;

const docs = fileURLToPath(new URL('../../docs', import.meta.url));
const pages = readdirSync(docs).filter(name => name.endsWith('.md'));
const guides = ['README.md', ...pages.map(name => `docs/${name}`)]
  .map(path => ({ path, ...readGuide(path) }))
  .filter(guide => guide.files.length + guide.commands.length > 0);

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

  it.each(guides)('$path: its files compile and its commands run', { timeout: 120_000 }, async guide => {
    folder = await makeProject(guide.files);
    if (guide.files.length > 0) typeCheck(folder);
    for (const command of guide.commands) {
      // `runCommand` throws on any exit code but 0, with what the command printed.
      const output = runCommand(command, folder);
      if (!command.startsWith('npm')) expect(output.trim(), command).not.toBe('');
    }
  });
});
