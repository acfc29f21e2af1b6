import { expect, test } from 'vitest';
import { z } from 'zod';
import type { VectorEnvironment } from '../../src/env/contract.ts';
import { defineEnvironment, makeVectorEnvironment } from '../../src/env/define.ts';
import { box, multiDiscrete, type Space } from '../../src/env/spaces.ts';
import { vectorize } from '../../src/env/vectorize.ts';
import { makeWalk } from '../fixtures/environments/walk.ts';

/** Walks made at once by their author, who changes some of their parts. */
const native = (change: (sound: VectorEnvironment) => object, count = 2) =>
  makeVectorEnvironment(
    defineEnvironment(import.meta.url, {
      name: 'native',
      summary: '',
      options: z.strictObject({}),
      async makeVector(_, copies) {
        const sound: VectorEnvironment = await vectorize(() => makeWalk({ step: 1 }), copies);
        const methods = {
          step: (actions: Int32Array) => sound.step(actions),
          reset: (options?: object) => sound.reset(options),
          close: () => sound.close(),
        };
        return { ...sound, ...methods, ...change(sound) } as VectorEnvironment;
      },
    }),
    {},
    count,
  );

test.each<[string, (sound: VectorEnvironment) => object, string]>([
  ['reward', ({ rewards }) => ({ step: () => rewards.fill(Number.NaN, 1) }), 'copy 1: reward = NaN'],
  [
    'observation',
    ({ observations }) => ({ step: () => observations.fill(-Infinity, 1) }),
    'copy 1: observation[0] = -Infinity',
  ],
  [
    'info',
    ({ info }) => ({ step: () => info['position'].fill(Infinity, 1) }),
    'copy 1: info.position = Infinity',
  ],
  [
    'final observation',
    ({ truncated, finalObservations }) => ({
      step() {
        truncated[1] = 1;
        finalObservations[1] = Number.NaN;
      },
    }),
    'copy 1: final observation[0] = NaN',
  ],
])('a number that is not finite is told in one line: %s', async (_, change, message) => {
  const vector = await native(change);
  expect(() => vector.step(new Int32Array(2))).toThrow(
    `environment native, ${message}, expected a finite number`,
  );
});

test.each<[object, string]>([
  [{ rewards: new Float64Array(2) }, 'rewards = Float64Array of length 2, expected Float32Array of length 2'],
  [
    { observations: new Float32Array(3) },
    'observations = Float32Array of length 3, expected Float32Array of length 2',
  ],
  [{ terminated: [0, 0] }, 'terminated = an array of length 2, expected Uint8Array of length 2'],
  [{ info: { position: 1 } }, 'info.position = 1, expected Float32Array of length 2'],
  [{ autoreset: 'next-step' }, "autoreset = 'next-step', expected 'same-step'"],
])('columns are looked at when they are made: %o', async (change, message) => {
  await expect(native(() => change)).rejects.toThrow(`environment native: ${message}`);
});

test('a final observation counts only where an episode ends', async () => {
  const vector = await native(({ truncated, finalObservations }) => ({
    step() {
      truncated[1] = 1;
      finalObservations[0] = Number.NaN;
    },
  }));
  expect(() => vector.step(new Int32Array(2))).not.toThrow();
});

test('what is refused is closed', async () => {
  let closed = 0;
  await expect(native(() => ({ autoreset: 'none', close: () => closed++ }))).rejects.toThrow('autoreset');
  expect(closed).toBe(1);
});

test('the first observations are looked at too', async () => {
  const vector = await native(({ observations }) => ({ reset: () => observations.fill(Number.NaN) }));
  expect(() => vector.reset()).toThrow('environment native, copy 0: observation[0] = NaN');
});

test.each<[Space, Float32Array | Int32Array, string | undefined]>([
  [box(2, { low: -0.1, high: 0.1 }), Float32Array.of(0.1, -0.1, 0, 0), undefined],
  [
    box(2, { low: -0.1, high: 0.1 }),
    Float32Array.of(0, 0, 0, 0.2),
    `copy 1: action[1] = ${Math.fround(0.2)}, expected a number ${Math.fround(-0.1)} to ${Math.fround(0.1)}`,
  ],
  [
    box(2),
    Float32Array.of(0, 0, Number.NaN, 0),
    'copy 1: action[0] = NaN, expected a number -Infinity to Infinity',
  ],
  [multiDiscrete([2, 3]), Int32Array.of(1, 2, 1, 2), undefined],
  [multiDiscrete([2, 3]), Int32Array.of(1, 2, 2, 1), 'copy 1: action[0] = 2, expected a whole number 0 to 1'],
])('actions of %o', async (actionSpace, actions, message) => {
  const vector = await native(() => ({ actionSpace, step() {} }));
  const step = () => vector.step(actions);
  if (message === undefined) expect(step).not.toThrow();
  else expect(step).toThrow(`environment native, ${message}`);
});
