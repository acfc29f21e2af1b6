import { expect, it } from 'vitest';
import { bytePairTokenizer, characterTokenizer, openText } from '../../../src/data/index.ts';

it('the addresses to the Union stand in the order of their years, a twentieth to test', () => {
  const train = openText({ name: 'sotu' });
  const test = openText({ name: 'sotu', split: 'test' });
  expect(train.length + test.length).toBeGreaterThan(10_700_000);
  expect(test.length / (train.length + test.length)).toBeCloseTo(0.05, 6);
  expect(new Set(train).size).toBe(41);
  expect(train.startsWith('fellow-citizens of the senate and house of representatives: in meeting you')).toBe(
    true,
  );
  expect(train).not.toContain('covid');
  expect(test).toContain('covid');
});

it('Moby-Dick is read and said in 41 characters', () => {
  const text = openText({ name: 'moby-dick' });
  const tokenizer = characterTokenizer(text);
  expect(tokenizer.vocabulary).toBe(41);
  expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
  const test = openText({ name: 'moby-dick', split: 'test' });
  expect(tokenizer.decode(tokenizer.encode(test))).toBe(test);
});

it('byte pairs learn a thousand merges of a million characters in seconds, and say all of them', () => {
  const text = openText({ name: 'moby-dick', lowerCase: false });
  const from = process.cpuUsage();
  const tokenizer = bytePairTokenizer(text, { vocabulary: 1256 });
  const seconds = process.cpuUsage(from).user / 1e6;
  const ids = tokenizer.encode(text);
  expect(tokenizer.vocabulary).toBe(1256);
  expect(ids.length / text.length).toBeLessThan(0.36);
  expect(tokenizer.decode(ids)).toBe(text);
  // Of a processor's time; measured: 2. Counting all pairs anew for each merge would take minutes.
  expect(seconds).toBeLessThan(20);
});
