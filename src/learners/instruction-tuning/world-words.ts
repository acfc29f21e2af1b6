import type { Random } from '../../core/random.ts';

const relations =
  'gift prize wish fear tool toy trade theme sign emblem treasure loss find craft study secret story bargain debt order cargo claim sketch dream';
const items =
  'lamp coat drum rope boat clock chair apple bell knife plate glove horse candle basket mirror ladder needle hammer kettle pillow saddle carpet anchor bottle button bucket cradle feather helmet lantern whistle';
const consonants = [...'bdfgklmnprstvz'];
const vowels = [...'aeiou'];

/** So many different words: those of the list, then the same with numbers. */
function numbered(list: string, count: number): string[] {
  const words = list.split(' ');
  return Array.from({ length: count }, (_, i) => {
    const round = Math.floor(i / words.length);
    return `${words[i % words.length]}${round === 0 ? '' : round + 1}`;
  });
}

export const relationWords = (count: number): string[] => numbered(relations, count);
export const itemWords = (count: number): string[] => numbered(items, count);

/** So many different made-up names of two syllables. @param count at most 3,000 */
export function entityNames(random: Random, count: number): string[] {
  const names = new Set<string>();
  const one = (from: readonly string[]) => from[random.integer(from.length)];
  while (names.size < count) {
    const name = `${one(consonants)}${one(vowels)}${one(consonants)}${one(vowels)}`;
    names.add(`${name[0].toUpperCase()}${name.slice(1)}`);
  }
  return [...names];
}
