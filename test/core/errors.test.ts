import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { asError, oneLine, parseOrThrow, TroupeError } from '../../src/core/errors.ts';

describe('parseOrThrow', () => {
  const schema = z.object({ ppo: z.object({ gamma: z.number().min(0).max(1) }) });

  it('names the field, its value and what was expected, in one line', () => {
    const attempt = (input: unknown) => () => parseOrThrow(schema, input, 'hopper options');
    expect(attempt({ ppo: { gamma: 2 } })).toThrow(
      'hopper options: ppo.gamma = 2: Too big: expected number to be <=1',
    );
    expect(attempt({ ppo: { gamma: 'x' } })).toThrow('ppo.gamma = "x": Invalid input: expected number');
    expect(attempt({})).toThrow('hopper options: ppo = undefined: Invalid input: expected object');
    expect(attempt(3)).toThrow('hopper options: Invalid input: expected object');
    expect(attempt({ ppo: { gamma: Number.NaN } })).toThrow('ppo.gamma = NaN: ');
    expect(attempt({ ppo: { gamma: -Infinity } })).toThrow('ppo.gamma = -Infinity: ');
    expect(attempt({ ppo: [null, Number.NaN, 'NaN', '"'] })).toThrow('ppo = [null,NaN,"NaN","\\""]: ');
  });

  it('fails as wrong use', () => {
    try {
      parseOrThrow(schema, null, 'x');
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(TroupeError);
      expect((error as TroupeError).kind).toBe('usage');
    }
  });

  it('gives the parsed value', () => {
    expect(parseOrThrow(z.object({ n: z.number().default(3) }), {}, 'x')).toEqual({ n: 3 });
  });
});

describe('asError', () => {
  it('keeps errors and wraps the rest', () => {
    const error = new TypeError('a');
    expect(asError(error)).toBe(error);
    expect(asError('b').message).toBe('b');
  });
});

describe('oneLine', () => {
  it('is the first line, or the one where a compiler tells the place', () => {
    expect(oneLine(new Error('boom\nand more'))).toBe('boom');
    expect(oneLine('text')).toBe('text');
    expect(oneLine(new Error('Transform failed with 1 error:\n/x/mine.ts:2:51: ERROR: Expected "}"\n'))).toBe(
      '/x/mine.ts:2:51: ERROR: Expected "}"',
    );
  });
});
