import { fileURLToPath } from 'node:url';
import { expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import type { VectorEnvironment } from '../../src/env/contract.ts';
import {
  defineEnvironment,
  describeEnvironment,
  type EnvironmentDefinition,
  environment,
  environmentRef,
  loadEnvironment,
  makeEnvironment,
  makeVectorEnvironment,
} from '../../src/env/define.ts';
import { findEnvironment, resolveEnvironment } from '../../src/env/registry.ts';
import {
  type ActionSpace,
  type Box,
  box,
  type Discrete,
  dict,
  discrete,
  type MultiDiscrete,
  multiDiscrete,
} from '../../src/env/spaces.ts';
import { vectorize } from '../../src/env/vectorize.ts';
import { makeWalk, walk } from '../fixtures/environments/walk.ts';

test('a reference is plain data, and makes the copies it names', async () => {
  const ref = environmentRef(walk, { step: 2 });
  expect(JSON.parse(JSON.stringify(ref))).toEqual(ref);
  const vector = await loadEnvironment(ref, 3);
  vector.reset({ seed: 1 });
  const before = vector.observations.slice();
  vector.step(Int32Array.of(1, 0, 1));
  expect([...vector.observations].map((x, i) => Math.round(x - before[i]))).toEqual([2, -2, 2]);
});

test('an environment is described from outside', async () => {
  expect(await describeEnvironment(environmentRef(walk))).toEqual({
    name: 'walk',
    summary: 'Walk on a line.',
    observationSpace: box(1, { low: -6, high: 6 }),
    actionSpace: discrete(2),
    info: ['position'],
  });
});

test('one copy keeps the rules of a single environment', async () => {
  const one = await makeEnvironment(walk, { limit: 3 });
  expect(() => one.step(1)).toThrow('environment walk: step came before reset');
  const { observation, info } = one.reset({ seed: 5 });
  expect(info).toEqual({ position: observation[0] });
  expect(() => one.step(2)).toThrow('environment walk: action = 2, expected a whole number 0 to 1');
  one.step(1);
  one.step(1);
  const last = one.step(1);
  expect([last.terminated, last.truncated]).toEqual([false, true]);
  expect(last.observation[0]).toBeCloseTo(observation[0] + 3, 5);
  expect(() => one.step(1)).toThrow('step came before reset');
  const next = one.reset();
  expect(next.observation[0]).not.toBe(observation[0]);
  expect(next.info).toEqual({ position: next.observation[0] });
  expect(one.reset({ seed: 5 }).observation).toEqual(observation);
  expect(one.step(0).observation[0]).toBeCloseTo(observation[0] - 1, 5);
});

test('options are checked where they come in', async () => {
  expect(() => environmentRef(walk, { step: -1 })).toThrow('walk options: step = -1');
  // @ts-expect-error an option of another type
  expect(() => environmentRef(walk, { step: 'far' })).toThrow('walk options: step = "far"');
  await expect(loadEnvironment({ ...environmentRef(walk), options: { stride: 1 } }, 2)).rejects.toThrow(
    'walk options',
  );
  await expect(makeEnvironment(walk, { limit: -1 })).rejects.toThrow(
    'environment walk: maxEpisodeSteps = -1, expected a whole number of at least 1',
  );
  await expect(loadEnvironment(environmentRef(walk), 0)).rejects.toThrow(
    'environment walk: count = 0, expected a whole number of at least 1',
  );
});

test('a definition has exactly one of make and makeVector', () => {
  const named = { name: 'none', summary: '' };
  // @ts-expect-error neither
  expect(() => defineEnvironment(import.meta.url, named)).toThrow('exactly one of make and makeVector');
  const both = { ...named, make: () => makeWalk({ step: 1 }), makeVector: () => ({}) as VectorEnvironment };
  // @ts-expect-error both
  expect(() => defineEnvironment(import.meta.url, both)).toThrow('exactly one of make and makeVector');
});

test('a module can be named by a file, as CommonJS has it', () => {
  const path = fileURLToPath(import.meta.url);
  const definition = defineEnvironment(path, {
    name: 'here',
    summary: '',
    make: () => makeWalk({ step: 1 }),
  });
  expect(definition.module).toBe(import.meta.url);
});

test('an environment is found by file', async () => {
  const file = fileURLToPath(walk.module);
  expect((await findEnvironment(file)).name).toBe('walk');
  expect(await resolveEnvironment(`${file}#walk`, { step: 3 })).toEqual(environmentRef(walk, { step: 3 }));
  await expect(findEnvironment(`${file}#run`)).rejects.toThrow('expected an exported environment named run');
  await expect(findEnvironment('./nowhere.ts')).rejects.toThrow('./nowhere.ts: no such file');
  await expect(findEnvironment('cart-pol')).rejects.toThrow(
    'expected a file (.ts or .js) or one of cart-pole',
  );
});

test('types flow from a definition', async () => {
  const vector = await makeVectorEnvironment(walk, {}, 1);
  expectTypeOf(vector).toEqualTypeOf<VectorEnvironment<Box, Discrete>>();
  expectTypeOf(vector.step).parameter(0).toEqualTypeOf<Int32Array>();
  // @ts-expect-error discrete actions travel as integers
  expect(() => vector.step(new Float32Array(1))).toThrow('expected Int32Array of length 1');
  const one = await makeEnvironment(walk, {});
  one.reset();
  // @ts-expect-error a choice is a number
  expect(() => one.step([1])).toThrow('expected a whole number');
  const typed = defineEnvironment(import.meta.url, {
    name: 'typed',
    summary: '',
    options: z.strictObject({ gain: z.number() }),
    make(options) {
      expectTypeOf(options).toEqualTypeOf<{ gain: number }>();
      return makeWalk({ step: options.gain });
    },
  });
  // @ts-expect-error an option is missing
  expect(() => environmentRef(typed, {})).toThrow('typed options: gain');
});

test('actions have the type of their space, options or not', () => {
  const start = () => ({ observation: new Float32Array(2), info: {} });
  const next = { ...start(), reward: 0, terminated: false, truncated: false };
  const described = { name: 'typed', summary: '', options: z.strictObject({ reach: z.number() }) };
  const continuous = defineEnvironment(import.meta.url, {
    ...described,
    make({ reach }) {
      const actionSpace = box(1, { low: -reach, high: reach });
      return environment({
        ...{ observationSpace: box(2), actionSpace, reset: start },
        step(action) {
          expectTypeOf(action).toEqualTypeOf<Float32Array>();
          return next;
        },
      });
    },
  });
  const choosing = defineEnvironment(import.meta.url, {
    ...described,
    make: ({ reach }) =>
      environment({
        observationSpace: box(2),
        actionSpace: discrete(reach),
        reset: start,
        step(action) {
          expectTypeOf(action).toEqualTypeOf<number>();
          return next;
        },
      }),
  });
  const choosingTwice = defineEnvironment(import.meta.url, {
    ...described,
    async make({ reach }) {
      return environment({
        observationSpace: box(2),
        actionSpace: multiDiscrete([reach, 2]),
        reset: start,
        step(action) {
          expectTypeOf(action).toEqualTypeOf<Int32Array>();
          return next;
        },
      });
    },
  });
  type Of<A extends ActionSpace> = EnvironmentDefinition<typeof described.options, Box, A>;
  expectTypeOf(continuous).toEqualTypeOf<Of<Box>>();
  expectTypeOf(choosing).toEqualTypeOf<Of<Discrete>>();
  expectTypeOf(choosingTwice).toEqualTypeOf<Of<MultiDiscrete>>();
});

test('an action space that does not fit a flat column is refused', async () => {
  const actionSpace = dict({ side: discrete(2) });
  const described = { name: 'nested', summary: '' };
  const message = 'action space: kind = dict, expected box, discrete or multiDiscrete';
  const one = defineEnvironment(import.meta.url, {
    ...described,
    // @ts-expect-error actions travel in flat columns
    make: () => ({ ...makeWalk({ step: 1 }), actionSpace }),
  });
  await expect(makeVectorEnvironment(one, {}, 1)).rejects.toThrow(message);
  const many = defineEnvironment(import.meta.url, {
    ...described,
    // @ts-expect-error nor do the columns of an author's own
    makeVector: async (_, count) => {
      const sound = await vectorize(() => makeWalk({ step: 1 }), count);
      return { ...sound, ...{ reset() {}, step() {}, close() {} }, actionSpace };
    },
  });
  await expect(makeVectorEnvironment(many, {}, 1)).rejects.toThrow(message);
});
