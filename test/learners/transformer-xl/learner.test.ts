import { afterEach, describe, expect, it, test } from 'vitest';
import { type System, startSystem } from '../../../src/actors/index.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import { vanillaLearner, xlLearner } from '../../../src/learners/transformer-xl/index.ts';
import { checkSuccessor } from '../../../src/learners/transformer-xl/segment-queue.ts';
import { recallVocabulary, testStream } from './recall.ts';

let system: System | undefined;
afterEach(async () => {
  await system?.stop();
  system = undefined;
});

const [lanes, length] = [2, 4];
const common = {
  model: { layers: 1, width: 8, heads: 2, inner: 8 },
  vocabulary: recallVocabulary,
  lanes,
  length,
  steps: 12,
  reportEvery: 4,
  seed: 3,
};

interface Options {
  readonly from?: number;
  readonly swap?: number;
  readonly restore?: readonly Snapshot[];
  readonly dropout?: number;
}

async function cast({ from = 0, swap = -1, restore, dropout = 0 }: Options = {}) {
  await system?.stop();
  system = await startSystem({ seed: 1 });
  const config = { ...common, memory: 6, settings: { dropout } };
  const learner = await system.spawn(xlLearner, config, { on: 'main', ...(restore && { restore }) });
  const stream = await system.spawn(testStream, { lanes, length, from, swap }, { on: 'main' });
  system.link(learner.outputs.needs, stream.inputs.needs);
  system.link(stream.outputs.segments, learner.inputs.segments);
  return learner;
}

describe('the learner', () => {
  test('moves its memory on with each step, and tells how it does', async () => {
    const learner = await cast();
    const reports: number[] = [];
    learner.outputs.reports.subscribe(({ step, bits, gradientNorm }) => {
      reports.push(step);
      expect(bits).toBeGreaterThan(0);
      expect(gradientNorm).toBeGreaterThan(0);
    });
    expect(await learner.call.memory()).toMatchObject({ tau: -1, filled: Int32Array.of(0, 0) });
    expect(await learner.call.learn(1)).toMatchObject({ step: 1, tokens: lanes * length });
    const first = await learner.call.memory();
    expect(first).toMatchObject({ tau: 0, filled: Int32Array.of(4, 4) });
    expect(await learner.call.learn()).toMatchObject({ step: 12, tokens: 11 * lanes * length });
    const last = await learner.call.memory();
    expect(last).toMatchObject({ tau: 11, filled: Int32Array.of(6, 6) });
    expect(last.layers.map(layer => layer.length)).toEqual([lanes * 6 * 8]);
    // The first two places of each lane were empty after one segment.
    expect(first.layers[0].subarray(0, 16).every(value => value === 0)).toBe(true);
    expect(first.layers[0].subarray(16, 48).every(value => value !== 0)).toBe(true);
    await new Promise(resolve => setImmediate(resolve));
    expect(reports).toEqual([4, 8, 12]);
  });

  test('goes on from its snapshot with the same bits, dropout and all', async () => {
    const dropout = 0.2;
    const whole = await cast({ dropout });
    await whole.call.learn(5);
    const [before] = await whole.snapshot();
    await whole.call.learn(5);
    const [expected] = await whole.snapshot();
    expect(before).not.toEqual(expected);
    const resumed = await cast({ dropout, from: 5, restore: [before] });
    await resumed.call.learn(5);
    expect(await resumed.snapshot()).toEqual([expected]);
  });

  test('refuses a segment that is not the successor of its memory', async () => {
    const learner = await cast({ swap: 3 });
    await expect(learner.call.learn()).rejects.toThrow(
      "segment: tau = 4: expected 3, the successor of the memory's 2: segments came out of order",
    );
    expect((await learner.call.memory()).tau).toBe(2);
  });

  test('is vanilla without a memory', async () => {
    system = await startSystem({ seed: 1 });
    const spawn = async (learner: typeof vanillaLearner | typeof xlLearner, memory: object) => {
      const config = { ...common, ...memory };
      const spawned = await system?.spawn(learner as typeof xlLearner, config as never, { on: 'main' });
      const stream = await system?.spawn(
        testStream,
        { lanes, length },
        { on: 'main', name: `${spawned?.name} stream` },
      );
      if (!system || !spawned || !stream) throw new Error('no system');
      system.link(spawned.outputs.needs, stream.inputs.needs);
      system.link(stream.outputs.segments, spawned.inputs.segments);
      await spawned.call.learn(3);
      return spawned.call.parameters();
    };
    const vanilla = await spawn(vanillaLearner, {});
    expect(await spawn(xlLearner, { memory: 0 })).toEqual(vanilla);
    expect(vanilla.every(Number.isFinite)).toBe(true);
  });
});

const size = { lanes: 2, length: 2, vocabulary: 4 };
const segment = (more: object = {}) => ({
  lane0: 0,
  tau: 0,
  ids: Int32Array.of(0, 1, 2, 3),
  next: Int32Array.of(1, 2, 3, -1),
  reset: new Uint8Array(2),
  ...more,
});

it('takes the successor of a memory alone, of the same lanes, and tokens that there are', () => {
  expect(() => checkSuccessor(segment(), undefined, size)).not.toThrow();
  expect(() => checkSuccessor(segment({ tau: 5 }), { tau: 4, lane0: 0 }, size)).not.toThrow();
});

it.each([
  [segment({ tau: 2 }), undefined, "tau = 2: expected 0, the successor of the memory's none"],
  [segment({ tau: 4 }), { tau: 4, lane0: 0 }, "tau = 4: expected 5, the successor of the memory's 4"],
  [segment({ tau: 6 }), { tau: 4, lane0: 0 }, "tau = 6: expected 5, the successor of the memory's 4"],
  [segment({ tau: 5 }), { tau: 4, lane0: 2 }, 'lane0 = 0: expected 2'],
  [segment({ ids: new Int32Array(3) }), undefined, '3 ids, 4 next, 2 reset: expected 2 lanes of 2 tokens'],
  [segment({ ids: Int32Array.of(0, 1, 2, 4) }), undefined, 'token 4: expected one of 0 to 3'],
  [segment({ next: Int32Array.of(0, 1, 2, -2) }), undefined, 'token -2: expected one of 0 to 3'],
])('refuses %j after %j', (next, memory, message) => {
  expect(() => checkSuccessor(next, memory, size)).toThrow(message);
});
