import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const url = new URL('../../tools/build.mjs', import.meta.url).href;
const { moveOver } = (await import(/* @vite-ignore */ url)) as { moveOver(from: string, to: string): void };

function folderOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'troupe-build-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

it('a build takes the place of the last one file by file: no folder of it is ever away', () => {
  const dist = folderOf({ 'main.js': 'old', 'core/index.js': 'old', 'core/gone.js': '', 'gone/a/b.js': '' });
  const built = folderOf({ 'main.js': 'new', 'core/index.js': 'new', 'more/x.js': 'new' });
  const folders = [dist, join(dist, 'core')];
  const before = folders.map(folder => statSync(folder).ino);
  moveOver(built, dist);
  expect(folders.map(folder => statSync(folder).ino)).toEqual(before);
  expect(readdirSync(dist, { recursive: true }).sort()).toEqual([
    'core',
    'core/index.js',
    'main.js',
    'more',
    'more/x.js',
  ]);
  expect(readFileSync(join(dist, 'core/index.js'), 'utf8')).toBe('new');
  expect(existsSync(built)).toBe(false);

  const first = join(folderOf({}), 'dist');
  moveOver(folderOf({ 'main.js': 'new' }), first);
  expect(readdirSync(first)).toEqual(['main.js']);
});
