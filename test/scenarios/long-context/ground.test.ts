import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { textGround } from '../../../src/scenarios/long-context/ground.ts';
import { languagePlan } from '../../../src/scenarios/long-context/language.ts';
import { options } from '../../../src/scenarios/long-context/options.ts';
import { speedPlan } from '../../../src/scenarios/long-context/speed.ts';
import { folderOf } from '../../data/idx-files.ts';

const folder = folderOf({
  'some.txt': 'abcde fghij '.repeat(100),
  'faces.txt': `x${'😀😁'.repeat(200)}`,
  'strange.txt': `${'aabb '.repeat(100)}é`,
});
afterAll(() => rmSync(folder, { recursive: true }));
const settings = (more: object = {}) => options.parse({ text: join(folder, 'some.txt'), ...more });

describe('the text of language models', () => {
  it('is refused before anything learns where too little of it is held out', () => {
    const plans = (more: object) => {
      const chosen = settings(more);
      const ground = textGround(chosen);
      expect(ground.heldOut).toBe(59);
      return [() => languagePlan('xl', ground, chosen, 'auto'), () => speedPlan(ground, chosen, 'auto')];
    };
    const [language, speed] = plans({});
    expect(language).not.toThrow();
    expect(speed).toThrow('text: 59 tokens to judge on are held out of it, expected at least 528');
    const [long] = plans({ segment: 28 });
    expect(long).toThrow('text: 59 tokens to judge on are held out of it, expected at least 60');
    const [few] = plans({ testTokens: 20 });
    expect(few).toThrow('testTokens = 20: expected at least 48, or null');
  });

  it('gives a prompt of whole characters', () => {
    expect(textGround(settings({ text: join(folder, 'faces.txt') })).prompt).toBe(
      `x${'😀😁'.repeat(20)}`.slice(0, -2),
    );
    expect(textGround(settings()).prompt).toBe('abcde fghij abcde fghij abcde fghij');
  });

  it('is refused where what is held out has characters of its own', () => {
    expect(() => textGround(settings({ text: join(folder, 'strange.txt') }))).toThrow(
      /held-out part has what the rest has not \(encode: "é" at 25: .*\); tokenizer = byte-pairs reads any text$/,
    );
  });
});
