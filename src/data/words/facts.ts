import { countries } from './countries.ts';
import { pronunciations, rhymingPart } from './pronunciations.ts';
import { valences } from './valences.ts';
import { antonyms, frequencies, hypernyms } from './wordnet.ts';

/** What can be asked of real words, each from a package. */
export const wordClusters = ['sentiment', 'antonym', 'hypernym', 'capital', 'region', 'rhyme'] as const;
/** One of them. */
export type WordCluster = (typeof wordClusters)[number];

/** Something that is so: `subject` feels, is the opposite of, is a kind of, has the capital, lies in, rhymes with `object`. */
export interface WordFact {
  readonly cluster: WordCluster;
  /** Lower case, one word. */
  readonly subject: string;
  readonly object: string;
}

/**
 * Facts of each cluster, no two with the same subject, of the most common words first. A country that shares its name
 * with its capital is left out.
 * @param count at most, of each cluster
 * @throws a usage error where a package is not there, with the command which adds it
 */
export function wordFacts(count: number): Readonly<Record<WordCluster, readonly WordFact[]>> {
  const told = places();
  const pairs: Readonly<Record<WordCluster, Iterable<readonly [string, string]>>> = {
    sentiment: feelings(),
    antonym: antonyms(),
    hypernym: hypernyms(),
    capital: told.map(({ name, capital }) => [name, capital] as const),
    region: told.map(({ name, region }) => [name, region] as const),
    rhyme: rhymes(),
  };
  const factsOf = (cluster: WordCluster): WordFact[] =>
    [...pairs[cluster]]
      .sort(([a], [b]) => often(b) - often(a) || (a < b ? -1 : 1))
      .slice(0, count)
      .map(([subject, object]) => ({ cluster, subject, object }));
  return Object.fromEntries(wordClusters.map(cluster => [cluster, factsOf(cluster)])) as Record<
    WordCluster,
    WordFact[]
  >;
}

const often = (word: string): number => frequencies().get(word)?.all ?? 0;

/** Whether something is so of a word that its fact does not say: it rhymes with others, too, and its kind is of a kind. */
export function alsoSo(cluster: WordCluster, subject: string, object: string): boolean {
  if (cluster === 'rhyme') {
    const [part, other] = [subject, object].map(word => rhymingPart(pronunciations().get(word) ?? []));
    return part !== undefined && part === other;
  }
  return cluster === 'hypernym' && kindsOf(subject).has(object);
}

/** What a word's most common meaning is a kind of, that one's too, and so on. */
function kindsOf(word: string): ReadonlySet<string> {
  const kinds = new Set<string>();
  for (let kind = hypernyms().get(word); kind && !kinds.has(kind); kind = hypernyms().get(kind)) {
    kinds.add(kind);
  }
  return kinds;
}

/** Words that clearly feel good or bad. */
const feelings = (): [string, string][] =>
  [...valences()]
    .filter(([word, value]) => Math.abs(value) >= 2 && often(word) > 0)
    .map(([word, value]) => [word, value > 0 ? 'positive' : 'negative']);

/** Countries whose name and capital are one word each. */
const places = () =>
  countries()
    .map(({ name, capital, region }) => ({
      name: name.toLowerCase(),
      capital: capital.toLowerCase(),
      region: region.toLowerCase(),
    }))
    .filter(({ name, capital }) => [name, capital].every(word => /^[a-z]+$/.test(word)) && name !== capital);

/** Common words in pairs that rhyme; each word stands in one pair at most. */
function rhymes(): [string, string][] {
  const sounds = pronunciations();
  const waiting = new Map<string, string>();
  const found: [string, string][] = [];
  const common = [...frequencies().keys()].filter(word => word.length > 2 && sounds.has(word));
  for (const word of common.sort((a, b) => often(b) - often(a) || (a < b ? -1 : 1))) {
    const own = sounds.get(word) ?? [];
    const part = rhymingPart(own);
    if (part === undefined) continue;
    const other = waiting.get(part);
    if (other === undefined) waiting.set(part, word);
    else if (sounds.get(other)?.join(' ') !== own.join(' ')) {
      found.push([other, word]);
      waiting.delete(part);
    }
  }
  return found;
}
