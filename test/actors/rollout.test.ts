import { describe, expect, test } from 'vitest';
import { policyRef } from '../../src/actors/policy.ts';
import { compilePolicy, type PolicyPrograms } from '../../src/actors/policy-programs.ts';
import { Collector } from '../../src/actors/rollout-collector.ts';
import { allocateSlab, type Trajectory, trajectoryFields } from '../../src/actors/trajectory.ts';
import { Random } from '../../src/core/random.ts';
import { type ActionSpace, box, discrete } from '../../src/env/spaces.ts';
import { ppoPolicy } from '../../src/learners/ppo/networks.ts';
import { type HostTensor, rowBlocks, rowsOf } from '../../src/tensors/index.ts';
import { Counting } from './fake-environment.ts';

const floats = (shape: number[], data: ArrayLike<number>): HostTensor => ({
  shape,
  data: Float32Array.from(data),
});

/** Acts with the first number of its noise; V(copy, step) = 100·copy + step, log π = −action. */
const programs = (
  space: ActionSpace,
  acted: (noise: number) => number,
  appraised: number[],
): PolicyPrograms => ({
  noise: { kind: 'normal', size: 1 },
  setParameters() {},
  act({ shape: [rows] }, { data }) {
    const actions = Array.from({ length: rows }, (_, i) => acted(data[i]));
    return space.kind === 'box'
      ? floats([rows, 1], actions)
      : { shape: [rows, 1], data: Int32Array.from(actions) };
  },
  decide: ({ shape: [rows] }) => floats([rows, 1], new Array(rows).fill(0)),
  appraise(observations, actions) {
    appraised.push(observations.shape[0]);
    const logProbs = floats(
      [actions.data.length],
      Array.from(actions.data, action => -action),
    );
    return { logProbs, values: values(observations) };
  },
  value: values,
  dispose() {},
});

function values({ shape: [rows], data }: HostTensor): HostTensor {
  return floats(
    [rows],
    Array.from({ length: rows }, (_, i) => 100 * data[2 * i] + data[2 * i + 1]),
  );
}

function collector(
  lengths: number[],
  steps: number,
  space: ActionSpace = discrete(2),
  acted = (_: number) => 1,
) {
  const environment = new Counting(lengths, space);
  const shape = {
    spaces: { observation: environment.observationSpace, action: space },
    steps,
    count: lengths.length,
  };
  /** How many rows at a time. */
  const appraised: number[] = [];
  const collects = new Collector(environment, programs(space, acted, appraised), shape, Random.fromSeed(1));
  /** Holds what an older round left there, as slabs that are used again do. */
  const trajectory = (): Trajectory => {
    const slab = allocateSlab(trajectoryFields(shape));
    for (const column of Object.values(slab)) column.fill(1);
    return slab;
  };
  return { environment, collects, trajectory, appraised };
}

describe('a long trajectory', () => {
  test('is appraised in blocks, with a sign of life after each of them and after each step', () => {
    const { collects, trajectory, appraised } = collector([7, 5, 3], 1400);
    const filled = trajectory();
    let signs = 0;
    collects.collect(filled, () => signs++);
    expect(appraised).toEqual([4096, 4096]);
    expect(signs).toBe(1400 + 2);
    const expected = Array.from(
      { length: 4200 },
      (_, row) => 100 * filled.observations[2 * row] + filled.observations[2 * row + 1],
    );
    expect([...filled.values]).toEqual(expected);
    expect([...filled.logProbs]).toEqual(new Array(4200).fill(-1));
  });

  test('is the same in blocks as at once', async () => {
    const spaces = { observation: box(17), action: box(6, { low: -1, high: 1 }) };
    const ref = policyRef(ppoPolicy, { hidden: [64, 64], normalizeObservations: true }, spaces);
    const [atOnce, inBlocks] = [await compilePolicy(ref), await compilePolicy(ref)];
    const random = Random.fromSeed(2);
    const normal = (width: number) => {
      const data = new Float32Array(5003 * width);
      random.fillNormal(data);
      return { shape: [5003, width], data };
    };
    const [observations, actions] = [normal(17), normal(6)];
    const whole = atOnce.appraise(observations, actions);
    for (const [from, to] of rowBlocks(5003)) {
      const part = inBlocks.appraise(rowsOf(observations, from, to), rowsOf(actions, from, to));
      // Products of matrices round otherwise where they have another number of rows: one or two units in the last place.
      for (let i = from; i < to; i++) {
        expect(Math.abs(part.logProbs.data[i - from] / whole.logProbs.data[i] - 1)).toBeLessThan(1e-6);
        expect(Math.abs(part.values.data[i - from] - whole.values.data[i])).toBeLessThan(1e-5);
      }
    }
  });
});

describe('a trajectory', () => {
  // Copy 0 is cut by time after 3 steps, copy 1 ends by itself after 2.
  const { collects, trajectory } = collector([3, 2], 4);
  const filled = trajectory();
  collects.collect(filled);

  test('has each step in its row: before the action, step by step, copy by copy', () => {
    expect([...filled.observations]).toEqual([0, 0, 1, 0, 0, 1, 1, 1, 0, 2, 1, 0, 0, 0, 1, 1]);
    expect([...filled.rewards]).toEqual([1, 2, 1, 2, 1, 2, 1, 2]);
    expect([...filled.values]).toEqual([0, 100, 1, 101, 2, 100, 0, 101]);
    expect([...filled.logProbs]).toEqual(new Array(8).fill(-1));
  });
  test('keeps termination and truncation apart', () => {
    expect([...filled.truncated]).toEqual([0, 0, 0, 0, 1, 0, 0, 0]);
    expect([...filled.terminated]).toEqual([0, 0, 0, 1, 0, 0, 0, 1]);
  });
  test('values the true final observation where an episode was cut, and only there', () => {
    // Copy 0 after step 3: V(0, 3) = 3, not V(0, 0) of the next episode.
    expect([...filled.bootstrapValues]).toEqual([0, 0, 0, 0, 3, 0, 0, 0]);
  });
  test('ends with the values of what comes next', () => {
    expect([...filled.lastValues]).toEqual([1, 100]);
  });
  test('tells of the episodes that ended', () => {
    const none = Number.NaN;
    expect([...filled.episodeReturns]).toEqual([none, none, none, 4, 3, none, none, 4]);
    expect([...filled.episodeLengths]).toEqual([none, none, none, 2, 3, none, none, 2]);
  });
  test('the next one goes on in the middle of episodes', () => {
    const next = trajectory();
    collects.collect(next);
    // Copy 0 stood at step 1 of its second episode: it is cut at the second row.
    expect([...next.truncated]).toEqual([0, 0, 1, 0, 0, 0, 0, 0]);
    expect(next.episodeReturns[2]).toBe(3);
    expect(next.bootstrapValues[2]).toBe(3);
  });
});

test('more episodes may be cut in one trajectory than there are copies', () => {
  const { collects, trajectory } = collector([1], 5);
  const filled = trajectory();
  collects.collect(filled);
  expect([...filled.bootstrapValues]).toEqual([1, 1, 1, 1, 1]);
});

test('the environment is given actions within its bounds, the trajectory has them as they were drawn', () => {
  const { environment, collects, trajectory } = collector(
    [9, 9],
    8,
    box(1, { low: -0.5, high: 0.25 }),
    noise => (noise > 0 ? 7 : -7),
  );
  const filled = trajectory();
  collects.collect(filled);
  expect(new Set(environment.given.flat())).toEqual(new Set([-0.5, 0.25]));
  expect([...filled.actions].map(Math.abs)).toEqual(new Array(16).fill(7));
  expect(environment.given.flat()).toEqual([...filled.actions].map(action => (action > 0 ? 0.25 : -0.5)));
});

test('goes on from a snapshot with the same bits', () => {
  const acted = (noise: number) => (noise > 0 ? 1 : 0);
  const whole = collector([3, 4], 5, discrete(2), acted);
  whole.collects.collect(whole.trajectory());
  const rest = collector([3, 4], 5, discrete(2), acted);
  rest.collects.restore(structuredClone(whole.collects.snapshot()));
  const [expected, found] = [whole.trajectory(), rest.trajectory()];
  whole.collects.collect(expected);
  rest.collects.collect(found);
  expect(found).toEqual(expected);
});
