import { describe, expect, expectTypeOf, test } from 'vitest';
import { Random } from '../../src/core/random.ts';
import type { Environment, Snapshot, VectorEnvironment } from '../../src/env/contract.ts';
import {
  type ActionSpace,
  type Box,
  box,
  type Discrete,
  dict,
  discrete,
  multiDiscrete,
} from '../../src/env/spaces.ts';
import { type VectorizeOptions, vectorize } from '../../src/env/vectorize.ts';
import { makeWalk } from '../fixtures/environments/walk.ts';

const walks = (count: number, options?: VectorizeOptions) =>
  vectorize(() => makeWalk({ step: 1 }), count, { name: 'walk', ...options });

test('each episode has a seed from the stream of its copy', async () => {
  const vector = await walks(3);
  vector.reset({ seed: 4 });
  const streams = [0, 1, 2].map(i => Random.fromSeed(4).split(i));
  const starts = streams.map(stream => Random.fromSeed(stream.uint32()).uniform(-1, 1));
  expect([...vector.observations]).toEqual(starts.map(Math.fround));
  // Copy 1 runs right until it ends; its next episode comes from the next number of its stream.
  for (let k = 0; k < 10 && vector.terminated[1] === 0; k++) vector.step(Int32Array.of(k & 1, 1, k & 1));
  const next = Random.fromSeed(streams[1].uint32()).uniform(-1, 1);
  expect(vector.observations[1]).toBe(Math.fround(next));
});

test('a new vector environment stands as if reset with seed 0', async () => {
  const [fresh, reset] = [await walks(2), await walks(2)];
  reset.reset({ seed: 0 });
  expect(fresh.observations).toEqual(reset.observations);
});

test('where an episode ends, the step, its final observation and the next start stand side by side', async () => {
  const vector = await walks(2);
  vector.reset({ seed: 1 });
  const start = vector.observations[0];
  let steps = 0;
  while (vector.terminated[0] === 0) {
    expect(vector.terminated[1] + vector.truncated[0]).toBe(0);
    vector.step(Int32Array.of(1, steps++ & 1));
  }
  expect(vector.finalObservations[0]).toBeCloseTo(start + steps, 5);
  expect(vector.finalObservations[0]).toBeGreaterThanOrEqual(5);
  expect(vector.rewards[0]).toBe(vector.finalObservations[0]);
  expect(vector.info['position'][0]).toBe(vector.finalObservations[0]);
  expect(Math.abs(vector.observations[0])).toBeLessThanOrEqual(1);
});

test('a time limit truncates, and counts anew in each episode', async () => {
  const vector = await walks(1, { maxEpisodeSteps: 3 });
  const flags: number[][] = [];
  for (let k = 0; k < 6; k++) {
    vector.step(Int32Array.of(k & 1));
    flags.push([vector.terminated[0], vector.truncated[0]]);
  }
  expect(flags).toEqual([
    [0, 0],
    [0, 0],
    [0, 1],
    [0, 0],
    [0, 0],
    [0, 1],
  ]);
});

test('a snapshot puts copies, streams and clocks back', async () => {
  const [vector, other] = [await walks(2, { maxEpisodeSteps: 7 }), await walks(2, { maxEpisodeSteps: 7 })];
  const play = (one: VectorEnvironment<Box, Discrete>) =>
    Array.from({ length: 30 }, (_, k) => {
      one.step(Int32Array.of(k & 1, 1));
      return [...one.observations, ...one.rewards, ...one.truncated, ...one.terminated];
    });
  vector.reset({ seed: 3 });
  play(vector);
  const snapshot = vector.snapshot!();
  const reference = play(vector);
  other.restore!(structuredClone(snapshot));
  expect(play(other)).toEqual(reference);
});

test('copies without snapshots make a vector without', async () => {
  const plain = (): Environment<Box, Discrete> => {
    const { observationSpace, actionSpace, reset, step } = makeWalk({ step: 1 });
    return { observationSpace, actionSpace, reset, step };
  };
  const vector = await vectorize(plain, 1);
  expect([vector.snapshot, vector.restore, vector.render]).toEqual([undefined, undefined, undefined]);
});

test('a snapshot of another count is refused', async () => {
  const [two, three] = [await walks(2), await walks(3)];
  expect(() => three.restore!(two.snapshot!())).toThrow(
    'environment snapshot: columns.observations has length 2, expected 3',
  );
});

test('a snapshot that is refused changes nothing', async () => {
  const vector = await vectorize(index => {
    const { restore, ...sound } = makeWalk({ step: 1 });
    return {
      ...sound,
      restore(from: Snapshot) {
        restore!(from);
        if (index === 1 && (from as { ended?: unknown }).ended === 'never') throw new Error('refused');
      },
    };
  }, 2);
  const good = vector.snapshot!() as { copies: readonly object[] };
  vector.step(Int32Array.of(1, 0));
  const before = vector.snapshot!();
  const { copies } = good;
  const bad: [object, string][] = [
    [{ columns: {} }, 'environment snapshot: columns.observations is missing, expected a Float32Array'],
    [{ elapsed: new Int32Array(3) }, 'environment snapshot: elapsed has length 3, expected 2'],
    [{ copies: [1] }, 'environment snapshot: copies = an array of length 1, expected an array of length 2'],
    [{ copies: [copies[0], { ...copies[1], ended: 'never' }] }, 'refused'],
  ];
  for (const [part, message] of bad) {
    expect(() => vector.restore!({ ...good, ...part } as Snapshot)).toThrow(message);
    expect(vector.snapshot!()).toEqual(before);
  }
});

test('nested observations are laid end to end', async () => {
  const make = () => {
    const inner = makeWalk({ step: 1 });
    const wrap = (observation: Float32Array) => ({ side: observation[0] > 0 ? 1 : 0, position: observation });
    return {
      observationSpace: dict({ side: discrete(2), position: box(1) }),
      actionSpace: inner.actionSpace,
      reset: (options?: { seed?: number }) => {
        const { observation, info } = inner.reset(options);
        return { observation: wrap(observation), info };
      },
      step: (action: number) => {
        const step = inner.step(action);
        return { ...step, observation: wrap(step.observation) };
      },
    };
  };
  const vector = await vectorize(make, 2);
  vector.reset({ seed: 2 });
  for (const i of [0, 1]) {
    const [left, right, position] = vector.observations.slice(3 * i, 3 * i + 3);
    expect([left, right]).toEqual(position > 0 ? [0, 1] : [1, 0]);
  }
});

describe('what an environment gives wrongly is told in one line', () => {
  const faulty = (step: object) => () => {
    const sound = makeWalk({ step: 1 });
    return { ...sound, step: (action: number) => ({ ...sound.step(action), ...step }) };
  };
  test.each<[string, object, string]>([
    ['NaN', { observation: Float32Array.of(Number.NaN) }, 'observation[0] = NaN, expected a finite number'],
    [
      'shape',
      { observation: new Float32Array(2) },
      'observation = Float32Array of length 2, expected a Float32Array of length 1',
    ],
    [
      'dtype',
      { observation: new Float64Array(1) },
      'observation = Float64Array of length 1, expected a Float32Array of length 1',
    ],
    [
      'array',
      { observation: [1] },
      'observation = an array of length 1, expected a Float32Array of length 1',
    ],
    ['reward', { reward: Number.NaN }, 'reward = NaN, expected a finite number'],
    ['reward beyond float32', { reward: 1e39 }, 'reward = 1e+39, expected a number that float32 holds'],
    ['reward type', { reward: '1' }, "reward = '1', expected a finite number"],
    ['terminated', { terminated: 1 }, 'terminated = 1, expected true or false'],
    ['truncated', { truncated: undefined }, 'truncated = undefined, expected true or false'],
    [
      'info value',
      { info: { position: null } },
      'info.position = null, expected a finite number at every step',
    ],
    [
      'infinite info',
      { info: { position: Infinity } },
      'info.position = Infinity, expected a finite number at every step',
    ],
    ['no info', { info: undefined }, 'info.position = undefined, expected a finite number at every step'],
    [
      'new info',
      { info: { position: 0, speed: 1 } },
      'info.speed = 1, expected no such name: the first reset gave position',
    ],
  ])('%s', async (_, step, message) => {
    const vector = await vectorize(faulty(step), 2, { name: 'walk' });
    expect(() => vector.step(new Int32Array(2))).toThrow(`environment walk, copy 0: ${message}`);
  });

  test('a first observation of another shape', async () => {
    const make = () => ({ ...makeWalk({ step: 1 }), observationSpace: box(2) });
    await expect(vectorize(make, 1, { name: 'walk' })).rejects.toThrow(
      'environment walk, copy 0: observation = Float32Array of length 1, expected a Float32Array of length 2',
    );
  });
});

test('actions that are not of the space are told in one line', async () => {
  const vector = await walks(2);
  expect(() => vector.step(Int32Array.of(0, 2))).toThrow(
    'environment walk, copy 1: action[0] = 2, expected a whole number 0 to 1',
  );
  expect(() => vector.step(Int32Array.of(-1, 0))).toThrow('copy 0: action[0] = -1');
  expect(() => vector.step(new Int32Array(3))).toThrow(
    'environment walk: actions = Int32Array of length 3, expected Int32Array of length 2',
  );
});

test.each<ActionSpace>([box(2), multiDiscrete([3, 3])])('an action may be kept: %o', async actionSpace => {
  const kept: unknown[] = [];
  const make = () => {
    const { step, ...sound } = makeWalk({ step: 1 });
    const keep = (action: unknown) => {
      kept.push(action);
      return step(1);
    };
    return { ...sound, actionSpace, step: keep };
  };
  const vector = await vectorize(make, 1);
  const actions = actionSpace.kind === 'box' ? new Float32Array(2) : new Int32Array(2);
  for (const choice of [1, 2]) vector.step(actions.fill(choice));
  expect(kept).toEqual([actions.slice().fill(1), actions.slice().fill(2)]);
});

test('a count that is not one is refused', async () => {
  await expect(walks(0)).rejects.toThrow(
    'environment walk: count = 0, expected a whole number of at least 1',
  );
  await expect(walks(1.5)).rejects.toThrow('count = 1.5');
});

test.each([0, -1, 2.5, Number.NaN, Infinity])('a time limit of %d is refused', async maxEpisodeSteps => {
  const message = `environment walk: maxEpisodeSteps = ${maxEpisodeSteps}, expected a whole number of at least 1`;
  await expect(walks(1, { maxEpisodeSteps })).rejects.toThrow(message);
});

test.each(['make', 'reset'])('copies are closed where a later one fails to %s', async part => {
  const closed: number[] = [];
  const fail = () => {
    throw new Error(`no ${part}`);
  };
  const make = (index: number) => {
    if (index === 2 && part === 'make') fail();
    const sound = { ...makeWalk({ step: 1 }), close: () => void closed.push(index) };
    return index === 2 ? { ...sound, reset: fail } : sound;
  };
  await expect(vectorize(make, 4)).rejects.toThrow(`no ${part}`);
  expect(closed).toEqual(part === 'make' ? [0, 1] : [0, 1, 2, 3]);
});

test('types', async () => {
  const vector = await walks(1);
  expectTypeOf(vector).toEqualTypeOf<VectorEnvironment<Box, Discrete>>();
  // @ts-expect-error one copy's action is not a column
  expect(() => vector.step(1)).toThrow('actions = 1, expected Int32Array of length 1');
  // @ts-expect-error boxes have float columns, discrete spaces integer ones
  expect(() => vector.step(Float32Array.of(1))).toThrow('expected Int32Array');
});
