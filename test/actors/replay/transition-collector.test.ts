import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import type { randomActions } from '../../../src/actors/replay/config.ts';
import { type Transitions, transitionFields } from '../../../src/actors/replay/fields.ts';
import { randomShare } from '../../../src/actors/replay/random-share.ts';
import { type ActingPolicy, TransitionCollector } from '../../../src/actors/replay/transition-collector.ts';
import { allocateSlab } from '../../../src/actors/trajectory.ts';
import { Random } from '../../../src/core/random.ts';
import { type ActionSpace, box, discrete } from '../../../src/env/spaces.ts';
import { Counting } from '../fake-environment.ts';

/** Acts with the first number of its noise. */
const policyOf = (space: ActionSpace, acted: (noise: number) => number): ActingPolicy => ({
  noise: { kind: 'normal', size: 1 },
  act({ shape: [rows] }, { data }) {
    const actions = Array.from({ length: rows }, (_, i) => acted(data[i]));
    return {
      shape: [rows, 1],
      data: space.kind === 'box' ? Float32Array.from(actions) : Int32Array.from(actions),
    };
  },
});

function collector({
  lengths,
  steps,
  space = discrete(2),
  acted = () => 1,
  share = { steps: 0 },
  workers = 1,
}: {
  lengths: number[];
  steps: number;
  space?: ActionSpace;
  acted?: (noise: number) => number;
  share?: z.input<typeof randomActions>;
  workers?: number;
}) {
  const environment = new Counting(lengths, space);
  const count = lengths.length;
  const shape = {
    spaces: { observation: environment.observationSpace, action: space },
    steps,
    count,
    workers,
  };
  const collects = new TransitionCollector(
    environment,
    policyOf(space, acted),
    shape,
    randomShare(share),
    Random.fromSeed(1),
  );
  /** Holds what an older round left there, as slabs that are used again do. */
  const stretch = (): Transitions => {
    const slab = allocateSlab(transitionFields(shape));
    for (const column of Object.values(slab)) column.fill(7);
    return slab;
  };
  return { environment, collects, stretch };
}

describe('a stretch', () => {
  // Copy 0 is cut by time after 3 steps, copy 1 ends by itself after 2.
  const { collects, stretch } = collector({ lengths: [3, 2], steps: 4 });
  const filled = stretch();
  let signs = 0;
  collects.collect(filled, 0, () => signs++);

  test('has each step in its row: what was seen, done and earned, step by step, copy by copy', () => {
    expect([...filled.observations]).toEqual([0, 0, 1, 0, 0, 1, 1, 1, 0, 2, 1, 0, 0, 0, 1, 1]);
    expect([...filled.rewards]).toEqual([1, 2, 1, 2, 1, 2, 1, 2]);
    expect([...filled.actions]).toEqual(new Array(8).fill(1));
    expect(signs).toBe(4);
  });
  test('says what each step led to: the true last observation where an episode ended', () => {
    expect([...filled.nextObservations]).toEqual([0, 1, 1, 1, 0, 2, 1, 2, 0, 3, 1, 1, 0, 1, 1, 2]);
  });
  test('keeps termination and truncation apart', () => {
    expect([...filled.truncated]).toEqual([0, 0, 0, 0, 1, 0, 0, 0]);
    expect([...filled.terminated]).toEqual([0, 0, 0, 1, 0, 0, 0, 1]);
  });
  test('tells of the episodes that ended', () => {
    const none = Number.NaN;
    expect([...filled.episodeReturns]).toEqual([none, none, none, 4, 3, none, none, 4]);
    expect([...filled.episodeLengths]).toEqual([none, none, none, 2, 3, none, none, 2]);
  });
});

test('actions are stored as the environment was given them, within its bounds', () => {
  const { environment, collects, stretch } = collector({
    lengths: [9, 9],
    steps: 8,
    space: box(1, { low: -0.5, high: 0.25 }),
    acted: noise => (noise > 0 ? 7 : -7),
  });
  const filled = stretch();
  collects.collect(filled, 0);
  expect(new Set(filled.actions)).toEqual(new Set([-0.5, 0.25]));
  expect(environment.given.flat()).toEqual([...filled.actions]);
});

test('the share of random actions counts the steps of all explorers', () => {
  // Two explorers of two copies: 12 steps are the first 3 of each copy.
  const { collects, stretch } = collector({
    lengths: [9, 9],
    steps: 2,
    space: discrete(1_000_000),
    acted: () => -1,
    share: { steps: 12 },
    workers: 2,
  });
  const filled = [0, 1].map(round => {
    const slab = stretch();
    collects.collect(slab, round);
    return [...slab.actions].map(action => action >= 0);
  });
  expect(filled).toEqual([
    [true, true, true, true],
    [true, true, false, false],
  ]);
});

test('goes on from a snapshot with the same bits', () => {
  const plan = {
    lengths: [3, 4],
    steps: 5,
    acted: (noise: number) => (noise > 0 ? 1 : 0),
    share: { from: 0.5, to: 0.5 },
  };
  const whole = collector(plan);
  whole.collects.collect(whole.stretch(), 0);
  const rest = collector(plan);
  rest.collects.restore(structuredClone(whole.collects.snapshot()));
  const [expected, found] = [whole.stretch(), rest.stretch()];
  whole.collects.collect(expected, 1);
  rest.collects.collect(found, 1);
  expect(found).toEqual(expected);
});
