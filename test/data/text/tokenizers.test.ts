import { Tokenizer as Library } from '@huggingface/tokenizers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bytePairTokenizer,
  characterTokenizer,
  openText,
  openTokenizer,
  type Tokenizer,
  tokenizerChoice,
  tokenizerOf,
  wordTokenizer,
} from '../../../src/data/index.ts';
import { learnMerges } from '../../../src/data/text/merges.ts';

const moby = openText({ name: 'moby-dick', lowerCase: false }).slice(0, 30_000);
const again = (tokenizer: Tokenizer): Tokenizer => openTokenizer(JSON.parse(JSON.stringify(tokenizer)));
/** What the library makes of a tokeniser's file. */
const byLibrary = (tokenizer: Tokenizer, text: string): readonly number[] =>
  new Library(tokenizer.toJSON(), tokenizer.toJSON().model).encode(text, { add_special_tokens: false }).ids;

// Runs of spaces, line ends, contractions, digits, what UTF-8 takes one to four bytes for.
const piece = fc.constantFrom(
  ' ',
  '  ',
  '\n',
  '\r\n',
  '\t',
  "'s",
  "n't",
  ' .',
  '12',
  'é',
  '—',
  '漢',
  '😀',
  '👩‍🚀',
  '\0',
);
const anyText = fc
  .array(fc.oneof(piece, fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' })), { maxLength: 20 })
  .map(parts => Buffer.from(parts.join('')).toString());

describe('characters', () => {
  const tokenizer = characterTokenizer('banana 😀\n');

  it('are numbered in the order of Unicode, one token a code point', () => {
    expect(tokenizer.vocabulary).toBe(6);
    expect([...tokenizer.encode('ban\n 😀a')]).toEqual([3, 2, 4, 0, 1, 5, 2]);
    expect(tokenizer.decode([3, 2, 4, 0, 1, 5])).toBe('ban\n 😀');
    expect(tokenizer.encode('')).toEqual(new Int32Array(0));
    expect(tokenizer.decode([])).toBe('');
  });

  it('come back from their file, for any text', () => {
    fc.assert(
      fc.property(anyText.filter(Boolean), text => {
        // A letter that is capital whatever follows, so that capitals stay.
        const made = characterTokenizer(`${text}A`);
        expect(made.decode(made.encode(text))).toBe(text);
        expect(again(made).encode(text)).toEqual(made.encode(text));
        expect(made.vocabulary).toBe(new Set(`${text}A`).size);
      }),
      { numRuns: 40 },
    );
  });

  it('without capitals read capitals as small letters', () => {
    expect(tokenizer.encode('BANANA')).toEqual(tokenizer.encode('banana'));
    expect(again(tokenizer).encode('BANANA')).toEqual(tokenizer.encode('banana'));
    expect(() => characterTokenizer('Ba').encode('A')).toThrow('encode: "A" at 0: expected one of "Ba"');
  });

  it('that are not known are refused by name and place', () => {
    expect(() => tokenizer.encode('nab 漢')).toThrow('encode: "漢" at 4: expected one of "\\n abn😀"');
    expect(() => tokenizer.decode([6])).toThrow('decode: id 6: expected a whole number from 0 to 5');
    expect(() => tokenizer.decode([1.5])).toThrow('decode: id 1.5: ');
    expect(() => characterTokenizer('')).toThrow('text = "": expected characters');
  });

  it('that are not known are read as U+FFFD where the vocabulary has it', () => {
    const tolerant = characterTokenizer('abab', { unknown: true });
    expect(tolerant.vocabulary).toBe(3);
    expect(tolerant.decode(tolerant.encode('a漢b\n😀A'))).toBe('a\ufffdb\ufffd\ufffda');
    expect(again(tolerant).encode('a漢b')).toEqual(tolerant.encode('a漢b'));
    expect(byLibrary(tolerant, 'a漢b')).toEqual([0, 2, 1]);
  });

  it('are a file that the library reads alike', () => {
    expect(byLibrary(tokenizer, 'ban\n 😀Aa')).toEqual([...tokenizer.encode('ban\n 😀Aa')]);
  });
});

const someWord = fc
  .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 8 })
  .map(letters => letters.join(''));

describe('byte pairs', () => {
  it('merge the most frequent pair first, of equals that of the lowest ids', () => {
    // The example of Sennrich et al., 2016, without its mark for a word's end.
    const words = { low: 5, lower: 2, newest: 6, widest: 3 };
    const { tokens, merges } = learnMerges(new Map(Object.entries(words)), [...'deilnorstw'], 16);
    expect(merges.map(pair => pair.join(' '))).toEqual(['e s', 'es t', 'l o', 'lo w', 'e w', 'n ew']);
    expect(tokens.slice(10)).toEqual(['es', 'est', 'lo', 'low', 'ew', 'new']);
  });

  it('have the bytes as their first ids', () => {
    const { model } = bytePairTokenizer('the the', { vocabulary: 257 }).toJSON();
    expect(model.vocab).toMatchObject({ '!': 33, Ġ: 32, Ċ: 10, ÿ: 255, he: 256 });
  });

  it('stop where no pair is left that occurs twice', () => {
    const tokenizer = bytePairTokenizer('abab abab', { vocabulary: 1000 });
    // ab, abab; the space occurs before one of the two.
    expect(tokenizer.vocabulary).toBe(258);
    expect([...tokenizer.encode('abab ab')]).toEqual([257, 32, 256]);
    expect(bytePairTokenizer('', { vocabulary: 300 }).vocabulary).toBe(256);
  });

  it('count pairs as a count from the start would, after every merge', () => {
    fc.assert(
      fc.property(fc.array(someWord, { minLength: 1, maxLength: 12 }), words => {
        const text = words.join(' ');
        const tokenizer = bytePairTokenizer(text, { vocabulary: 270 });
        const { model } = tokenizer.toJSON();
        expect(model.type === 'BPE' && model.merges).toEqual(slowMerges(text, 270 - 256));
      }),
      { numRuns: 50 },
    );
  });

  const tokenizer = bytePairTokenizer(moby, { vocabulary: 400 });

  it('say any text that they read, before and after a file', () => {
    const opened = again(tokenizer);
    fc.assert(
      fc.property(anyText, text => {
        const ids = tokenizer.encode(text);
        expect(tokenizer.decode(ids)).toBe(text);
        expect(opened.encode(text)).toEqual(ids);
        expect(opened.decode(ids)).toBe(text);
      }),
      { numRuns: 40 },
    );
    const ids = tokenizer.encode(moby);
    expect(tokenizer.decode(ids)).toBe(moby);
    expect(ids.length).toBeLessThan(moby.length * 0.6);
    expect(Math.max(...ids)).toBe(tokenizer.vocabulary - 1);
  });

  it('say half a surrogate pair as U+FFFD', () => {
    expect(tokenizer.decode(tokenizer.encode('a\ud83d b'))).toBe('a\ufffd b');
  });

  it('are refused by name where they are wrong', () => {
    expect(() => bytePairTokenizer('a', { vocabulary: 255 })).toThrow(
      'vocabulary = 255: expected a whole number',
    );
    expect(() => tokenizer.decode([400])).toThrow('decode: id 400: expected a whole number from 0 to 399');
    const file = tokenizer.toJSON();
    const { '!': _, ...rest } = file.model.vocab;
    expect(() => openTokenizer({ ...file, model: { ...file.model, vocab: rest } })).toThrow(
      'tokenizer: model.vocab: expected the ids 0 to 398',
    );
    const moved = { ...rest, spare: 33 };
    expect(() => openTokenizer({ ...file, model: { ...file.model, vocab: moved } })).toThrow(
      'tokenizer: model.vocab: expected a token for each byte, found none for 33',
    );
    expect(() => openTokenizer({ ...file, pre_tokenizer: { type: 'Other' } })).toThrow(
      'tokenizer: expected a tokenizer.json that can be read (Unknown PreTokenizer type: Other)',
    );
    expect(() => openTokenizer({ ...file, model: { type: 'Unigram' } })).toThrow(
      /^tokenizer: model.type = "Unigram"/,
    );
    expect(() => openTokenizer('text')).toThrow(/^tokenizer: /);
  });
});

/** Merges by the definition: all pairs are counted anew for each. */
function slowMerges(text: string, most: number): string[][] {
  let words = (text.match(/ ?[^ ]+/g) ?? []).map(word => word.replace(' ', 'Ġ').split(''));
  const merges: string[][] = [];
  const tokens = ['Ġ', 'a', 'b', 'c'];
  while (tokens.length < 4 + most) {
    const counts = new Map<string, number>();
    for (const word of words) {
      for (let i = 1; i < word.length; i++) {
        const pair = `${word[i - 1]} ${word[i]}`;
        counts.set(pair, (counts.get(pair) ?? 0) + 1);
      }
    }
    const rank = (pair: string) => pair.split(' ').map(token => tokens.indexOf(token));
    const [best] = [...counts].sort(([a, m], [b, n]) => {
      const [x, y] = [rank(a), rank(b)];
      return n - m || (x[0] ?? 0) - (y[0] ?? 0) || (x[1] ?? 0) - (y[1] ?? 0);
    });
    if (best === undefined || best[1] < 2) break;
    const [left = '', right = ''] = best[0].split(' ');
    merges.push([left, right]);
    if (!tokens.includes(left + right)) tokens.push(left + right);
    words = words.map(word => {
      const out: string[] = [];
      for (let i = 0; i < word.length; i++) {
        if (word[i] === left && word[i + 1] === right) {
          out.push(left + right);
          i++;
        } else out.push(word[i] ?? '');
      }
      return out;
    });
  }
  return merges;
}

describe('words', () => {
  const text = "the cat, the dog and the cat's (old) hat\nthe cat";
  const tokenizer = wordTokenizer(text, { vocabulary: 4 });

  it('are numbered by how frequent they are; what is not kept is <unk>', () => {
    expect(tokenizer.toJSON().model.vocab).toEqual({ '<unk>': 0, the: 1, cat: 2, ',': 3 });
    expect([...tokenizer.encode('The cat, a dog')]).toEqual([1, 2, 3, 0, 0]);
    expect(tokenizer.decode([1, 2, 3, 0])).toBe('the cat, <unk>');
    const all = wordTokenizer(text, { vocabulary: 1000 });
    expect(all.vocabulary).toBe(12);
    expect(all.decode(all.encode(text))).toBe(text);
  });

  it('come back from their file, which the library reads alike', () => {
    expect(again(tokenizer).encode(text)).toEqual(tokenizer.encode(text));
    expect(byLibrary(tokenizer, text)).toEqual([...tokenizer.encode(text)]);
  });

  it('must be some', () => {
    expect(() => wordTokenizer(' \t', { vocabulary: 4 })).toThrow('expected words, found none');
    expect(() => wordTokenizer('a', { vocabulary: 1 })).toThrow(
      'vocabulary = 1: expected a whole number, 2 or more',
    );
  });
});

describe('a choice of tokeniser', () => {
  it('is a kind, made from the text, or a file', () => {
    const made = [
      { kind: 'characters' },
      { kind: 'byte-pairs', vocabulary: 260 },
      { kind: 'words', vocabulary: 3 },
      characterTokenizer('abc').toJSON(),
    ].map(choice => tokenizerOf(tokenizerChoice.parse(choice), 'ab ab  '));
    expect(made.map(tokenizer => tokenizer.vocabulary)).toEqual([3, 257, 2, 3]);
    const characters = (text: string, unknown?: boolean) =>
      tokenizerOf({ kind: 'characters', unknown }, text).vocabulary;
    // Where a character occurs once, others will come.
    expect([characters('ab ab '), characters('ab ab c'), characters('ab ab c', false)]).toEqual([3, 5, 4]);
    expect(tokenizerChoice.safeParse({ kind: 'byte-pairs', vocabulary: 100 }).success).toBe(false);
  });
});
