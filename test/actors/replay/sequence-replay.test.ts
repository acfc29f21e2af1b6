import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { type System, startSystem } from '../../../src/actors/index.ts';
import { type Chunks, chunkFields } from '../../../src/actors/replay/chunks.ts';
import { type Episode, EpisodeStore } from '../../../src/actors/replay/episodes.ts';
import { memoryRecords } from '../../../src/actors/replay/records.ts';
import { sequenceReplay, sequenceReplayConfig } from '../../../src/actors/replay/sequence-replay.ts';
import { allocateSlab } from '../../../src/actors/trajectory.ts';
import { Random } from '../../../src/core/random.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import { box, discrete } from '../../../src/env/spaces.ts';
import { chunkEnds } from './chunk-ends.ts';

const spaces = { observation: box(2, { low: 0, high: 255 }), action: box(1) };

/** An observation tells the episode and the step; the action is their mix, and the reward the action. */
function episode(index: number, steps: number): Episode {
  const actions = Float32Array.from({ length: steps }, (_, t) => 100 * index + t + 1);
  return {
    index,
    observations: Float32Array.from({ length: 2 * (steps + 1) }, (_, k) =>
      k % 2 === 0 ? index : (k - 1) / 2,
    ),
    actions,
    rewards: actions.slice(),
  };
}

/** What is wrong with chunks. */
function misfits({ observations, actions, rewards }: Chunks, batch: number, length: number): string[] {
  const wrong: string[] = [];
  for (let row = 0; row < batch * length; row++) {
    const [index, t] = observations.subarray(2 * row, 2 * row + 2);
    const right = t === 0 ? 0 : 100 * index + t;
    if (actions[row] !== right) wrong.push('action');
    if (rewards[row] !== right) wrong.push('reward');
    if (row % length === 0) continue;
    const [before, at] = observations.subarray(2 * row - 2, 2 * row);
    if (before !== index || at + 1 !== t) wrong.push('order');
  }
  return [...new Set(wrong)];
}

const storeOf = (capacity: number, length: number) =>
  new EpisodeStore(spaces, capacity, length, memoryRecords({ rows: capacity, size: 2, type: 'uint8' }));

function fill(store: EpisodeStore, batch: number, length: number, episodes: number): Chunks {
  const out = allocateSlab(chunkFields({ spaces, batch, length }));
  store.fill(out, batch, episodes, Random.fromSeed(2));
  return out;
}

describe('the store of episodes', () => {
  it('gives chunks of one episode each, round and round its rows, from every place there is', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 6 }), (all, length) => {
        const store = storeOf(30, length);
        all.forEach((steps, index) => {
          store.add(episode(index, steps));
        });
        let [kept, rows] = [0, 0];
        while (kept < all.length && rows + all[all.length - 1 - kept] + 1 <= 30) {
          rows += all[all.length - 1 - kept] + 1;
          kept++;
        }
        expect([store.held, store.rows, store.taken]).toEqual([kept, rows, all.length]);
        const places = all
          .slice(all.length - kept)
          .reduce((sum, steps) => sum + Math.max(0, steps + 2 - length), 0);
        expect(store.chunks(all.length)).toBe(places);
        if (places === 0) return;
        const batch = 20 * places;
        const chunks = fill(store, batch, length, all.length);
        expect(misfits(chunks, batch, length)).toEqual([]);
        const starts = Array.from({ length: batch }, (_, b) =>
          chunks.observations.subarray(2 * b * length, 2 * b * length + 2).join(),
        );
        expect(new Set(starts).size).toBe(places);
      }),
      { numRuns: 40 },
    );
  });

  it('shows the reward of the step before, if it were planted', () => {
    const store = storeOf(30, 4);
    const wrong = episode(0, 9);
    wrong.rewards.copyWithin(1, 0);
    store.add(wrong);
    expect(misfits(fill(store, 20, 4, 1), 20, 4)).toEqual(['reward']);
  });

  it('draws recent episodes as often as it is told to, evenly among them and among the older ones', () => {
    const store = storeOf(200, 4);
    for (let index = 0; index < 12; index++) store.add(episode(index, 9));
    const batch = 6000;
    const draw = (episodes: number, share: number) => {
      const out = allocateSlab(chunkFields({ spaces, batch, length: 4 }));
      store.fill(out, batch, episodes, Random.fromSeed(4), { episodes: 2, share });
      const counts = new Array<number>(12).fill(0);
      for (let b = 0; b < batch; b++) counts[out.observations[8 * b]]++;
      return counts.map(count => count / batch);
    };
    const half = draw(10, 0.5);
    expect(half.slice(10)).toEqual([0, 0]);
    expect(Math.abs(half[8] + half[9] - 0.5)).toBeLessThan(0.03);
    for (const share of half.slice(0, 8)) expect(Math.abs(share - 1 / 16)).toBeLessThan(0.015);
    for (const share of half.slice(8, 10)) expect(Math.abs(share - 1 / 4)).toBeLessThan(0.03);
    expect(draw(10, 1).slice(0, 8)).toEqual(new Array(8).fill(0));
    // Nothing is older than the first two.
    expect(draw(2, 0.5).slice(0, 2)).toEqual(draw(2, 1).slice(0, 2));
    expect(draw(10, 0.5)).toEqual(half);
  });

  it('holds choices one-hot, so that no action is none of them', () => {
    const choices = { observation: box(1), action: discrete(3) };
    const store = new EpisodeStore(choices, 9, 3, memoryRecords({ rows: 9, size: 1, type: 'float32' }));
    const [actions, rewards] = [Int32Array.of(0, 2), Float32Array.of(0, 2)];
    store.add({ index: 0, observations: new Float32Array(3), actions, rewards });
    const out = allocateSlab(chunkFields({ spaces: choices, batch: 1, length: 3 }));
    store.fill(out, 1, 1, Random.fromSeed(1));
    expect([...out.actions]).toEqual([0, 0, 0, 1, 0, 0, 0, 0, 1]);
    expect([...out.rewards]).toEqual([0, 0, 2]);
  });

  it('refuses episodes that do not fit', () => {
    const store = storeOf(10, 3);
    expect(() => store.add(episode(0, 10))).toThrow('replay: capacity = 10: episode 0 alone has 11 rows');
    expect(() => store.add({ ...episode(1, 3), observations: new Float32Array(6) })).toThrow(
      'episode 1: 6 numbers of observations and 3 of actions, expected 8 and 3 with 3 rewards',
    );
    const rewards = Float32Array.of(1, Number.NaN, 2);
    expect(() => store.add({ ...episode(2, 3), rewards })).toThrow(
      'replay: episode 2: reward NaN of step 1: expected a finite number',
    );
    expect(() => storeOf(10, 11)).toThrow('replay: length = 11: expected at most the capacity, 10 rows');
  });
});

describe('the replay of sequences', () => {
  const base = { spaces, batch: 3, length: 4, capacity: 40, observations: 'uint8' } as const;
  let systems: System[];
  let folder: string;
  beforeEach(() => {
    systems = [];
    folder = mkdtempSync(join(tmpdir(), 'sequences-'));
  });
  afterEach(async () => {
    for (const system of systems) await system.stop();
    rmSync(folder, { recursive: true });
  });

  async function cast(settings: Partial<z.input<typeof sequenceReplayConfig>> = {}, restore?: Snapshot) {
    const system = await startSystem({ seed: 3 });
    systems.push(system);
    const warnings: string[] = [];
    system.events.subscribe(event => {
      if (event.type === 'warning') warnings.push(event.message);
    });
    const config = { ...base, ...settings };
    const store = await system.spawn(sequenceReplay, config, {
      on: 'main',
      ...(restore !== undefined && { restore: [restore] }),
    });
    const ends = await system.spawn(
      chunkEnds,
      { settings: sequenceReplayConfig.parse(config) },
      { on: 'main' },
    );
    system.link(ends.outputs.episodes, store.inputs.episodes);
    system.link(ends.outputs.needs, store.inputs.needs);
    system.link(store.outputs.chunks, ends.inputs.chunks);
    const taken = async (): Promise<Chunks[]> => {
      const sum = (of: 'sent' | 'received') => system.links().reduce((all, link) => all + link[of], 0);
      for (let [turns, before] = [0, -1]; turns < 8; before = sum('sent')) {
        await new Promise(resolve => setImmediate(resolve));
        turns = sum('sent') === sum('received') && sum('sent') === before ? turns + 1 : 0;
      }
      return ends.call.taken();
    };
    return { system, store, ends, taken, warnings };
  }

  it('draws from the episodes that it is told to, whatever came first, and the same again', async () => {
    const one = await cast();
    await one.ends.call.need({ batches: 2, episodes: 2 });
    await one.ends.call.give(episode(1, 9));
    expect(await one.taken()).toEqual([]);
    await one.ends.call.give(episode(0, 9));
    const first = await one.taken();
    await one.ends.call.give(episode(2, 9));
    await one.ends.call.need({ batches: 1, episodes: 3 });
    const next = await one.taken();
    expect([...first, ...next].map(({ index, episodes }) => [index[0], episodes[0]])).toEqual([
      [0, 2],
      [1, 2],
      [2, 3],
    ]);
    for (const chunks of [...first, ...next]) expect(misfits(chunks, 3, 4)).toEqual([]);
    await one.ends.call.need({ batches: 2, episodes: 2, from: 0 });
    expect(await one.taken()).toEqual(first);

    const other = await cast();
    for (const index of [0, 1, 1, 2]) await other.ends.call.give(episode(index, 9));
    await other.ends.call.need({ batches: 2, episodes: 2 });
    await other.ends.call.need({ batches: 1, episodes: 3 });
    expect(await other.taken()).toEqual([...first, ...next]);
  });

  it('draws half of its chunks from the last episodes where it is told to, and the same ones again', async () => {
    const one = await cast({ batch: 40, capacity: 400, recent: { episodes: 1 } });
    for (let index = 0; index < 9; index++) await one.ends.call.give(episode(index, 9));
    await one.ends.call.need({ batches: 5, episodes: 8 });
    const drawn = await one.taken();
    const firsts = drawn.flatMap(({ observations }) =>
      Array.from({ length: 40 }, (_, b) => observations[8 * b]),
    );
    expect(Math.abs(firsts.filter(index => index === 7).length / 200 - 0.5)).toBeLessThan(0.15);
    expect(firsts).not.toContain(8);
    await one.ends.call.need({ batches: 5, episodes: 8, from: 0 });
    expect(await one.taken()).toEqual(drawn);
  });

  it.each([null, 'spill'])('goes on with the same bits from a snapshot (spill: %s)', async spill => {
    const settings = { spill: spill && join(folder, spill) };
    const first = await cast(settings);
    for (let index = 0; index < 6; index++) await first.ends.call.give(episode(index, 9));
    await first.ends.call.need({ batches: 2, episodes: 5 });
    await first.taken();
    const [snapshot] = await first.store.snapshot();
    const runs: Chunks[][] = [];
    const second = async () => cast(settings, structuredClone(snapshot));
    for (const make of [async () => first, second]) {
      const { ends, taken, system } = await make();
      await ends.call.need({ batches: 2, episodes: 6 });
      await ends.call.give(episode(6, 9));
      await ends.call.need({ batches: 2, episodes: 7 });
      runs.push(await taken());
      await system.stop();
    }
    expect(runs[0]).toHaveLength(4);
    expect(runs[1]).toEqual(runs[0]);
  });

  it('keeps episodes that are shorter than a chunk, says so once, and draws from the others', async () => {
    const { ends, taken, warnings, store } = await cast();
    await ends.call.need({ batches: 1 });
    for (const index of [0, 1]) await ends.call.give(episode(index, 2));
    expect(await taken()).toEqual([]);
    await ends.call.give(episode(2, 3));
    const [chunks] = await taken();
    expect([...chunks.observations].filter((_, k) => k % 2 === 0)).toEqual(Array(12).fill(2));
    expect(warnings).toEqual(['sequence-replay: episode 0 has 3 rows: no chunk of 4 is drawn from it']);
    expect(await store.call.holds()).toEqual({ episodes: 3, taken: 3, rows: 10, longest: 4 });
  });

  it('ends the run where all that it may draw from is too short', async () => {
    const { ends, system } = await cast();
    const failed = expect(system.failed).rejects.toThrow(
      /^sequence-replay: length = 4: expected at most the rows of the longest of 1 episodes, 3/,
    );
    await ends.call.need({ batches: 1, episodes: 1 });
    ends.call.give(episode(0, 2)).catch(() => {});
    await failed;
  });

  it('refuses more than its memory, at once', async () => {
    await expect(cast({ memoryLimit: 300 })).rejects.toThrow(
      'replay: capacity = 40: takes 400 bytes (observations 80, actions 160, rewards 160), expected at most memoryLimit = 300; set capacity to at most 30, or memoryLimit to 400, or spill',
    );
  });
});
