import { expect, it } from 'vitest';
import { importModule, parseModuleName } from '../../src/core/modules.ts';

const at = (path: string) => new URL(`../../${path}`, import.meta.url).href;

it('on a thread of the build, a module of the sources is the build’s own: there is one of each', async () => {
  const built = (await import(/* @vite-ignore */ at('dist/core/modules.js'))) as {
    importModule: typeof importModule;
  };
  const own: unknown = await import(/* @vite-ignore */ at('dist/core/median.js'));
  const of = (importing: typeof importModule) => importing(at('src/core/median.ts'));
  expect(await of(built.importModule)).not.toBe(own);
  Object.assign(globalThis, { troupeThread: true });
  try {
    expect(await of(built.importModule)).toBe(own);
    expect(await of(importModule)).not.toBe(own);
  } finally {
    Reflect.deleteProperty(globalThis, 'troupeThread');
  }
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
