import { expect, it } from 'vitest';
import { parseModuleName } from '../../src/core/modules.ts';

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
