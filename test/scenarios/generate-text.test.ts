import { describe, expect, it } from 'vitest';
import { characterTokenizer, wordTokenizer } from '../../src/data/index.ts';
import { growingText, promptTokens } from '../../src/scenarios/generate-text.ts';

const characters = characterTokenizer(" abcdefghijklmnopqrstuvwxyz'");
const nothing = 'what stands in the text that it was trained on';

describe('a prompt', () => {
  it('is tokens', () => {
    expect(Array.from(promptTokens('a b', characters))).toEqual(Array.from(characters.encode('a b')));
  });

  it.each([
    ['Call Café', `no "é"; expected --prompt "call cafe"`],
    ['don’t', `no "’"; expected --prompt "don't"`],
    ['a 日', 'no "日"; expected --prompt "a "'],
    ['7', `no "7"; expected ${nothing}`],
    ['', 'is empty, expected a text to go on from'],
  ])('%j: says what it cannot read, and what it could', (prompt, message) => {
    expect(() => promptTokens(prompt, characters)).toThrow(message);
  });

  it('has none that a tokeniser would put something else for', () => {
    const lenient = characterTokenizer('abc', { unknown: true });
    expect(() => promptTokens('abx', lenient)).toThrow(`no "x"; expected ${nothing}`);
    const words = wordTokenizer('call me call me ishmael', { vocabulary: 3 });
    expect(() => promptTokens('call ishmael', words)).toThrow(`no "ishmael"; expected ${nothing}`);
    expect(Array.from(promptTokens('call me', words))).toEqual(Array.from(words.encode('call me')));
    expect(() => promptTokens('  ', words)).toThrow('--prompt "  ": expected words, found none');
  });
});

describe('text that grows', () => {
  const bytes = { decode: (ids: ArrayLike<number>) => new TextDecoder().decode(Uint8Array.from(ids)) };

  it('comes a whole character at a time', () => {
    const grow = growingText(bytes, [0x20]);
    expect([...new TextEncoder().encode('aé€😀.')].map(grow)).toEqual([
      'a',
      '',
      'é',
      '',
      '',
      '€',
      '',
      '',
      '',
      '😀',
      '.',
    ]);
  });

  it('goes on behind bytes that are no character', () => {
    const grow = growingText(bytes, [0x20]);
    const text = [0x80, 0x80, 0x80, 0x80, 0x61].map(grow).join('');
    expect(text.endsWith('a')).toBe(true);
    expect(text).toContain('\ufffd');
  });

  it('has the spaces that stand between words', () => {
    const tokenizer = wordTokenizer('call me, ishmael .', { vocabulary: 9 });
    const [first, ...others] = tokenizer.encode('call me, ishmael');
    expect(others.map(growingText(tokenizer, [first]))).toEqual([' me', ',', ' ishmael']);
  });
});
