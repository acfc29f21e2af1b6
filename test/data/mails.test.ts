import { rmSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { readMails } from '../../src/data/mail-corpus.ts';
import { mails } from '../../src/data/mails.ts';
import { openData, openMails } from '../../src/data/open.ts';
import { folderOf } from './idx-files.ts';

let folder: string | undefined;
afterEach(() => {
  if (folder) rmSync(folder, { recursive: true });
  folder = undefined;
});

const words = (from: number, n: number) =>
  Array.from(
    { length: n },
    (_, i) => `w${'abcdefghij'[(from + i) % 10]}${'klmnopqrst'[Math.floor((from + i) / 10) % 10]}`,
  );
const written = (...text: string[]) =>
  `Received: from secret.example\nSubject: secret\n\n${text.join(' ')}\n`;

describe('mails of a folder', () => {
  it('are labelled by it, and have words without headers', () => {
    folder = folderOf({
      'ham-1/no-spam.txt': written('Hello', 'you'),
      'ham-1/1.json': 'not read',
      'spam-1/1.txt': written('buy', 'now', '!'),
      'list.txt': 'not read',
    });
    const { mails, vocabulary } = readMails(folder, 'fix');
    const told = mails.map(({ file, label, words }) => [
      file,
      label,
      ...Array.from(words, word => vocabulary[word]),
    ]);
    expect(told.sort()).toEqual([
      ['ham-1/no-spam', 0, 'hello', 'you'],
      ['spam-1/1', 1, 'buy', 'now', '!'],
    ]);
  });

  it('must hold ham and spam', () => {
    folder = folderOf({ 'ham-1/1.txt': written('hello') });
    const message = `mails: ${folder}: expected folders of .txt files with spam, found none; to add it`;
    expect(() => readMails(folder ?? '', 'to add it')).toThrow(message);
    expect(() => readMails('/no/such/place', 'to add it')).toThrow(
      /^mails: \/no\/such\/place: cannot be read \(ENOENT.*\); to add it$/,
    );
  });

  it('are split by name, a third to test, near copies on one side, whatever else is there', () => {
    const files: Record<string, string> = {};
    // 60 mails, each with four near copies.
    const group = (i: number) => Math.floor(i / 5);
    for (let i = 0; i < 300; i++) {
      const text = words(group(i) * 7, 40);
      text[i % 5] = 'other';
      const own = `own${'abcdefghij'[group(i) % 10]}${'abcdefghij'[Math.floor(group(i) / 10)]}`;
      files[`${i < 150 ? 'ham' : 'spam'}/${i}.txt`] = written(...text.map(word => `${own}${word}`));
    }
    folder = folderOf(files);
    const { mails } = readMails(folder, 'fix');
    const sides = new Map<number, Set<string>>();
    for (const { file, split } of mails) {
      const at = group(Number(file.split('/')[1]));
      sides.set(at, (sides.get(at) ?? new Set()).add(split));
    }
    expect([...sides.values()].filter(side => side.size > 1)).toEqual([]);
    const test = mails.filter(mail => mail.split === 'test').length / 5;
    // Five standard deviations of a binomial count of 60 groups.
    expect(Math.abs(test - 20)).toBeLessThan(5 * Math.sqrt(60 * (2 / 9)));
    // Shuffled: ham and spam alternate as chance has it.
    const turns = mails.slice(1).filter((mail, i) => mail.label !== mails[i].label).length;
    expect(Math.abs(turns - 150)).toBeLessThan(5 * Math.sqrt(75));
  });
});

describe('the mails of SpamAssassin', () => {
  const train = openMails({ name: 'mails' });
  const test = openMails({ name: 'mails', split: 'test' });
  const all = [train, test].flatMap(source =>
    Array.from({ length: source.count }, (_, id) => ({ source, id })),
  );

  it('are 4,150 ham and 1,896 spam, as evenly in both splits', () => {
    expect(train).toMatchObject({
      name: 'mails (train)',
      shape: [4096],
      labellings: [{ name: 'spam', classes: 2 }],
    });
    const spam = all.filter(({ source, id }) => source.label(id) === 1);
    expect([all.length, spam.length]).toEqual([6046, 1896]);
    for (const source of [train, test]) {
      const share = spam.filter(mail => mail.source === source).length / source.count;
      expect(Math.abs(share - 1896 / 6046)).toBeLessThan(0.02);
    }
    expect(Math.abs(test.count - 6046 / 3)).toBeLessThan(100);
  });

  it('have no copies across the splits', () => {
    const learnt = new Set(Array.from({ length: train.count }, (_, id) => train.tokens(id).join(' ')));
    const copied = Array.from({ length: test.count }, (_, id) => test.tokens(id).join(' ')).filter(text =>
      learnt.has(text),
    );
    expect(copied).toEqual([]);
  });

  it('are bags of their words', () => {
    const out = new Float32Array(4096);
    const again = new Float32Array(4096);
    for (const id of [0, 1000, train.count - 1]) {
      train.write(id, out, 0);
      train.vectorOf(train.tokens(id), again, 0);
      expect(again).toEqual(out);
      expect(Math.hypot(...out)).toBeCloseTo(1, 5);
    }
    const narrow = openData({ name: 'mails', width: 64 });
    expect(narrow.shape).toEqual([64]);
    expect(narrow.label(17)).toBe(train.label(17));
    expect(() => train.write(train.count, out, 0)).toThrow(
      `mails (train): sample ${train.count}: expected a whole`,
    );
  });

  it('count the mails that have a word', () => {
    const having = (word: string) =>
      Array.from({ length: test.count }, (_, id) => test.tokens(id)).filter(tokens => tokens.includes(word))
        .length;
    for (const word of ['the', 'viagra', 'linux']) {
      expect(having(word)).toBeGreaterThan(0);
      expect(test.documentFrequencies.get(word)).toBe(having(word));
    }
    expect(test.documentFrequencies.get('no such word')).toBeUndefined();
  });

  it('are read once a thread', () => {
    expect(openData({ name: 'mails', split: 'train' })).toBe(train);
    expect(mails({ split: 'test', width: 4096 })).toBe(test);
  });
});
