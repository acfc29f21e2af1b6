import { expect, it } from 'vitest';
import { importModule, parseModuleName } from '../../src/core/modules.ts';

const at = (path: string) => new URL(`../../${path}`, import.meta.url).href;

it('a module of the sources is the build’s own where the build is at work, so that there is one of each', async () => {
  const built = (await import(/* @vite-ignore */ at('dist/core/modules.js'))) as {
    importModule: typeof importModule;
  };
  const own: unknown = await import(/* @vite-ignore */ at('dist/core/median.js'));
  expect(await built.importModule(at('src/core/median.ts'))).toBe(own);
  expect(await importModule(at('src/core/median.ts'))).not.toBe(own);
});

it.each([
  ['./mine.ts', './mine.ts', undefined],
  ['./mine.ts#second', './mine.ts', 'second'],
  ['/home/c#/sp ace/mine.mjs', '/home/c#/sp ace/mine.mjs', undefined],
  ['/home/c#/mine.ts#second', '/home/c#/mine.ts', 'second'],
  ['/home/x.ts#y/mine.js', '/home/x.ts#y/mine.js', undefined],
  ['C:\\c#\\mine.cts#a', 'C:\\c#\\mine.cts', 'a'],
])('%s names a file, and perhaps an export', (text, path, wanted) => {
  expect(parseModuleName(text)).toEqual({ path, wanted });
});

it.each(['hopper', 'mine.ts/', 'mine.json', 'mine#second'])('%s names no module', text => {
  expect(parseModuleName(text)).toBeUndefined();
});
