import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openText, type TrainTextRef, testTextRef, textRef, trainTextRef } from '../../../src/data/index.ts';
import { packageFolder } from '../../../src/data/packages.ts';
import { folderOf } from '../idx-files.ts';

vi.mock('../../../src/data/packages.ts', async original => {
  const packages = await original<typeof import('../../../src/data/packages.ts')>();
  return { ...packages, packageFolder: vi.fn(packages.packageFolder) };
});

let folder = '';
const written = (text: string | Uint8Array): string => {
  folder = folderOf({ 'a.txt': text });
  return join(folder, 'a.txt');
};
afterEach(() => {
  if (folder) rmSync(folder, { recursive: true });
  folder = '';
});

describe('refs of texts', () => {
  it('that learners may have cannot name a test split', () => {
    expect(trainTextRef.parse({ name: 'moby-dick' })).toEqual({
      name: 'moby-dick',
      lowerCase: true,
      split: 'train',
    });
    expect(testTextRef.parse({ name: 'file', path: 'a.txt' })).toEqual({
      name: 'file',
      path: 'a.txt',
      lowerCase: false,
      split: 'test',
    });
    for (const ref of [{ name: 'moby-dick' }, { name: 'sotu' }, { name: 'file', path: 'a' }]) {
      expect(trainTextRef.safeParse({ ...ref, split: 'test' }).success).toBe(false);
      expect(testTextRef.safeParse({ ...ref, split: 'train' }).success).toBe(false);
      expect(textRef.parse({ ...ref, split: 'test' }).split).toBe('test');
    }
    // @ts-expect-error a train ref cannot name a test split: whoever holds one cannot read what judges hold
    const ref: TrainTextRef = { name: 'sotu', lowerCase: true, split: 'test' };
    expect(trainTextRef.safeParse(ref).success).toBe(false);
  });

  it.each([
    [{ name: 'hamlet' }, /^text: name = "hamlet": /],
    [{ name: 'file', path: '' }, /^text: path = "": /],
    [{ name: 'sotu', split: 'all' }, /^text: split = "all": /],
    [{ name: 'moby-dick', seed: 1 }, /^text: .*seed/],
  ])('%j is refused by the name of its field', (ref, message) => {
    expect(() => openText(ref as never)).toThrow(message);
  });
});

describe('Moby-Dick', () => {
  it('trains with its first million characters in 41 symbols, and tests with 12,000 that follow', () => {
    const train = openText({ name: 'moby-dick' });
    const test = openText({ name: 'moby-dick', split: 'test' });
    expect(train).toHaveLength(1_000_000);
    expect(test).toHaveLength(12_000);
    expect([...new Set(train)].sort().join('')).toBe('\n !"\'(),-.0:;?abcdefghijklmnopqrstuvwxyz—');
    expect(train.slice(0, 42)).toBe('chapter 0. loomings.\n\ncall me ishmael. som');
    // The chapters stand in the order of their numbers: chapter 10 behind chapter 9, not behind chapter 1.
    const places = ['the carpet-bag.\n', 'the sermon.\n', 'a bosom friend.\n', 'the funeral.\n'].map(title =>
      train.indexOf(title),
    );
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
    for (let from = 0; from + 60 <= test.length; from += 1000) {
      expect(train.includes(test.slice(from, from + 60))).toBe(false);
    }
  });

  it('keeps its capitals where it is to', () => {
    const text = openText({ name: 'moby-dick', lowerCase: false });
    expect(text.slice(0, 42)).toBe('CHAPTER 1. Loomings.\n\nCall me Ishmael. Som');
  });
});

describe('a package', () => {
  it('that is not installed: the command that adds it', async () => {
    const { packageFolder: real } = await vi.importActual<typeof import('../../../src/data/packages.ts')>(
      '../../../src/data/packages.ts',
    );
    vi.mocked(packageFolder).mockImplementationOnce(source => real(source, 'no-such-text', '/somewhere'));
    expect(() => openText({ name: 'sotu' })).toThrow(
      /^sotu: the package no-such-text is not installed in \/somewhere; to add it: npm install no-such-text$/,
    );
  });

  it('that is damaged: the command that mends it', () => {
    folder = folderOf({ 'data/1790_george_washington_n.txt': Buffer.from([0x61, 0xff]) });
    vi.mocked(packageFolder).mockReturnValueOnce(folder);
    expect(() => openText({ name: 'sotu' })).toThrow(
      /^sotu: .+; to install it anew: npm install --force @stdlib\/datasets-sotu$/,
    );
  });
});

describe('a file', () => {
  it('trains with its first 19 parts of 20, whatever its line ends, and parts no character', () => {
    const path = written('\ufeffone\r\ntwo\n'.padEnd(201, 'x'));
    expect(openText({ name: 'file', path })).toBe('one\ntwo\n'.padEnd(190 - 1, 'x'));
    expect(openText({ name: 'file', path, split: 'test' })).toBe('x'.repeat(199 - 189));
    const smiles = written('😀'.repeat(15));
    expect(openText({ name: 'file', path: smiles })).toBe('😀'.repeat(14));
    expect(openText({ name: 'file', path: smiles, split: 'test' })).toBe('😀');
  });

  it.each([
    ['', 'empty, expected 20 or more'],
    ['a few words', '11 characters, expected 20 or more'],
    [Buffer.from([0xff, 0xfe, 0x61, 0]), 'cannot be read as UTF-8 text ('],
  ])('%j is refused by its name', (text, message) => {
    const path = written(text);
    expect(() => openText({ name: 'file', path })).toThrow(`text: ${path}: ${message}`);
  });

  it('that is not there is refused by its name', () => {
    expect(() => openText({ name: 'file', path: '/no/such.txt' })).toThrow(
      /^text: \/no\/such\.txt: cannot be read as UTF-8 text \(ENOENT/,
    );
  });

  it('in small letters: folded, unless that would lose too much of it', () => {
    const path = written('“Où est-il?” – [Æsop, 1851…] & others\t');
    const [train, test] = (['train', 'test'] as const).map(split =>
      openText({ name: 'file', path, lowerCase: true, split }),
    );
    expect(`${train}${test}`).toBe('"ou est-il?" - (aesop, 0000...) and others ');
    const russian = written('Мой дядя самых честных правил, когда не в шутку занемог');
    expect(() => openText({ name: 'file', path: russian, lowerCase: true })).toThrow(
      /lowerCase = true: keeps a to z, .*: 8\d % of this text would be lost; expected false$/,
    );
  });
});
