import { expect, test } from 'vitest';
import { parseOrThrow } from '../../../src/core/errors.ts';
import { ppoConfig, ppoFields } from '../../../src/learners/ppo/config.ts';

const parse = (settings: object) => parseOrThrow(ppoConfig, settings, 'ppo');

test('defaults are whole, and agree with each other', () => {
  expect(parse({})).toMatchObject({
    environments: 8,
    horizon: 128,
    minibatch: 256,
    clip: 0.2,
    clipValues: null,
  });
});

test('every setting says what it is', () => {
  for (const [name, field] of Object.entries(ppoFields.shape)) {
    expect(field.description, name).toMatch(/\.|\]$/);
  }
});

test.each([
  [{ minibatch: 300 }, 'ppo: minibatch = 300: expected a divisor of environments × horizon = 1024'],
  [{ workers: 3 }, 'ppo: workers = 3: expected a divisor of environments = 8'],
  [{ gamma: 1.5 }, 'ppo: gamma = 1.5'],
  [{ clip: 0 }, 'ppo: clip = 0'],
  [{ epochs: 2.5 }, 'ppo: epochs = 2.5'],
  [{ learningRateSchedule: 'cosine' }, 'ppo: learningRateSchedule = "cosine"'],
  [{ lerningRate: 1 }, 'lerningRate'],
])('%o is refused in one line', (settings, message) => {
  expect(() => parse(settings)).toThrow(message);
});
