import { describe, expect, it } from 'vitest';
import { wordTokenizer } from '../../src/data/index.ts';
import { growingText, promptTokens } from '../../src/scenarios/generate-text.ts';

const alphabet = " abcdefghijklmnopqrstuvwxyz'";
const characters = {
  encode: (text: string) =>
    Int32Array.from(
      [...text].map(each => {
        const at = alphabet.indexOf(each);
        if (at < 0) throw new Error('no such character');
        return at;
      }),
    ),
};

describe('a prompt', () => {
  it('is tokens', () => {
    expect(Array.from(promptTokens('a b', characters))).toEqual([1, 0, 2]);
  });

  it.each([
    ['Call Café', `no "C", "é"; expected --prompt "call cafe"`],
    ['don’t', `no "’"; expected --prompt "don't"`],
    ['a 日', 'no "日"; expected --prompt "a "'],
    ['7', 'no "7"; expected characters of the text that it was trained on'],
    ['', 'is empty, expected a text to go on from'],
  ])('%j: says what it cannot read, and what it could', (prompt, message) => {
    expect(() => promptTokens(prompt, characters)).toThrow(message);
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
