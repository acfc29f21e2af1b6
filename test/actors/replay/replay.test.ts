import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { type System, startSystem } from '../../../src/actors/index.ts';
import type { replayConfig } from '../../../src/actors/replay/config.ts';
import type { Helping, Transitions } from '../../../src/actors/replay/fields.ts';
import { replay } from '../../../src/actors/replay/replay.ts';
import { Random } from '../../../src/core/random.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import { misfits, rowsOfHelping, spaces, World } from './history.ts';
import { trainer } from './trainer.ts';

// Nothing here acts with it.
const policy = { module: 'none', name: 'none', config: {}, spaces, size: 1 };
const shape = { policy, workers: 2, count: 2, steps: 3, batch: 4, updates: 3 };
const base = { ...shape, capacity: 60, startAfter: 20, updatesPerStep: 0.5, nStep: 2, gamma: 0.9 };
const prioritized = { betaSteps: 100 };
type Settings = Partial<z.input<typeof replayConfig>>;

let folder: string;
let systems: System[];
beforeEach(() => {
  systems = [];
  folder = mkdtempSync(join(tmpdir(), 'replay-'));
});
afterEach(async () => {
  for (const system of systems) await system.stop();
  rmSync(folder, { recursive: true });
});

async function cast(
  settings: Settings = {},
  restore?: Snapshot,
  errors: 'indices' | 'alike' | null = 'indices',
) {
  const system = await startSystem({ seed: 3 });
  systems.push(system);
  const store = await system.spawn(
    replay,
    { ...base, ...settings },
    { on: 'main', ...(restore !== undefined && { restore: [restore] }) },
  );
  const hand = await system.spawn(trainer, { ...shape, errors }, { on: 'main' });
  system.link(hand.outputs.transitions, store.inputs.transitions);
  system.link(store.outputs.helpings, hand.inputs.helpings);
  system.link(hand.outputs.priorities, store.inputs.priorities);
  /** Waits until nothing has been under way for some turns of the event loop. */
  const quiet = async () => {
    const sent = () => system.links().reduce((sum, link) => sum + link.sent, 0);
    const received = () => system.links().reduce((sum, link) => sum + link.received, 0);
    for (let [turns, before] = [0, -1]; turns < 8; before = sent()) {
      await new Promise(resolve => setImmediate(resolve));
      turns = sent() === received() && sent() === before ? turns + 1 : 0;
    }
  };
  /** Sends stretches, waits until the replay has done what it can, and takes what it sent. */
  const give = async (stretches: readonly Transitions[]): Promise<Helping[]> => {
    for (const stretch of stretches) await hand.call.send(stretch);
    await quiet();
    return hand.call.taken();
  };
  const answer = async (helping: Helping): Promise<Helping[]> => {
    await hand.call.answer(helping);
    await quiet();
    return hand.call.taken();
  };
  return { system, store, give, answer };
}

const worldOf = () => new World(4, Random.fromSeed(8));
const roundOf = (world: World) => world.round(2, 3, 2);
const marks = (helpings: readonly Helping[]) =>
  helpings.map(({ round, helping, count, last }) => [round[0], helping[0], count[0], last[0]]);

describe.each([
  ['uniform', {}],
  ['prioritised', { prioritized }],
])('a %s replay', (_, settings) => {
  it('sends what is due after each round, the last one marked, and rows that are right', async () => {
    const { give, store } = await cast(settings);
    const world = worldOf();
    const sent: Helping[][] = [];
    for (let round = 0; round < 4; round++) sent.push(await give(roundOf(world)));
    // 12 steps a round, 20 before the first update, one update every 2 steps, up to 3 in a helping.
    expect(sent.map(marks)).toEqual([
      [[0, 0, 0, 1]],
      [[1, 0, 2, 1]],
      [
        [2, 0, 3, 0],
        [2, 1, 3, 1],
      ],
      [
        [3, 0, 3, 0],
        [3, 1, 3, 1],
      ],
    ]);
    for (const helping of sent.flat()) {
      const rows = 4 * helping.count[0];
      expect(misfits(rowsOfHelping(helping, rows), world, 2, 0.9)).toEqual([]);
      expect([...helping.rewards.subarray(rows)].every(value => value === 0)).toBe(true);
    }
    expect(await store.call.holds()).toMatchObject({ inserted: 48, drawn: 14 });
  });

  it('answers a round that comes again with the same helpings', async () => {
    const { give } = await cast(settings);
    const world = worldOf();
    await give(roundOf(world));
    await give(roundOf(world));
    const round = roundOf(world);
    const first = await give([round[1], round[0]]);
    // One stretch alone is no question: its worker was restarted. Those of long ago are dropped.
    expect(await give([round[0]])).toEqual([]);
    expect(await give(round.toReversed())).toEqual(first);
    expect(await give(worldOf().round(2, 3, 2))).toEqual([]);
    expect(marks(await give(roundOf(world)))).toHaveLength(2);
  });

  it.each([null, 'spill'])('goes on with the same bits from a snapshot (spill: %s)', async spill => {
    const all = { ...settings, spill: spill && join(folder, spill) };
    const world = worldOf();
    const rounds = Array.from({ length: 9 }, () => roundOf(world));
    const first = await cast(all);
    for (const round of rounds.slice(0, 6)) await first.give(round);
    const [snapshot] = await first.store.snapshot();
    await first.system.stop();
    const runs: Helping[][] = [];
    for (let run = 0; run < 2; run++) {
      const { give, system } = await cast(all, structuredClone(snapshot));
      const sent: Helping[] = [];
      for (const round of rounds.slice(6)) sent.push(...(await give(round)));
      runs.push(sent);
      await system.stop();
    }
    const straight = await cast({ ...settings, spill: null });
    const sent: Helping[] = [];
    for (const round of rounds) sent.push(...(await straight.give(round)));
    expect(runs[0]).toEqual(sent.filter(({ round }) => round[0] >= 6));
    expect(runs[1]).toEqual(runs[0]);
  });
});

it('a prioritised replay draws the next helping when the priorities of the one before are in', async () => {
  const { give, answer, store } = await cast({ prioritized, startAfter: 0 }, undefined, null);
  const round = roundOf(worldOf());
  const first = await give(round);
  expect(marks(first)).toEqual([[0, 0, 3, 0]]);
  // A learner that died in the middle asks again: the same helping, and the same one awaited.
  expect(await give(round)).toEqual(first);
  const second = await answer(first[0]);
  expect(marks(second)).toEqual([[0, 1, 3, 1]]);
  // Priorities of a helping that is done with change nothing.
  expect(await answer(first[0])).toEqual([]);
  const snapshot = store.snapshot();
  expect(await answer(second[0])).toEqual([]);
  expect((await snapshot)[0]).toMatchObject({ limiter: { inserted: 12, drawn: 6 } });
});

it('a prioritised replay draws more of what errors are large for', async () => {
  const indices: number[] = [];
  for (const errors of ['indices', 'alike'] as const) {
    const settings = {
      prioritized: { ...prioritized, alpha: 1 },
      startAfter: 0,
      updatesPerStep: 10,
      nStep: 1,
    };
    const { give } = await cast(settings, undefined, errors);
    const drawn = (await give(roundOf(worldOf()))).slice(10).flatMap(helping => [...helping.indices]);
    indices.push(drawn.reduce((sum, row) => sum + row, 0) / drawn.length);
  }
  // Σ i² / Σ i of the rows against Σ i / n: by two thirds and by half of the largest, or nearly.
  expect(indices[0] / indices[1]).toBeGreaterThan(1.15);
});

it('rows whose steps are not all there are not drawn, and what is due meanwhile stays due', async () => {
  const { give } = await cast({ nStep: 8, startAfter: 0, capacity: 100 });
  const world = worldOf();
  const sent: Helping[] = [];
  for (let round = 0; round < 4; round++) sent.push(...(await give(world.round(2, 3, 2, 0))));
  const counts = sent.map(({ round, count }) => [round[0], count[0]]);
  expect(counts.slice(0, 2)).toEqual([
    [0, 0],
    [1, 0],
  ]);
  expect(counts.slice(2).reduce((sum, [, count]) => sum + count, 0)).toBe(24);
});

describe('refuses', () => {
  it('a store above the memory limit, at once, with what takes it and what to set', async () => {
    await expect(cast({ capacity: 1_000_000, memoryLimit: 10_000_000, prioritized })).rejects.toThrow(
      'actor replay: start: replay: capacity = 1000000: takes 37,777,876 bytes (observations 12,000,096, actions 4,000,016, rewards 5,000,020, stretches 528, priorities 16,777,216), ' +
        'expected at most memoryLimit = 10,000,000; set capacity to at most 262143, or memoryLimit to 37777876, or spill to a folder for observations',
    );
  });

  it('to go on where a round is lost', async () => {
    const { give, system } = await cast();
    const world = worldOf();
    roundOf(world);
    const failed = expect(system.failed).rejects.toThrow(
      /^replay: round 1 came in, expected 0: the rounds between are lost/,
    );
    give(roundOf(world)).catch(() => {});
    await failed;
  });

  it('to store more than the disk takes: the copy of before stays', async () => {
    const spill = join(folder, 'spill');
    const first = await cast({ spill });
    const world = worldOf();
    await first.give(roundOf(world));
    const [snapshot] = await first.store.snapshot();
    await first.system.stop();
    // A device that is always full stands where the file is to be.
    symlinkSync('/dev/full', join(spill, 'replay.rows'));
    await expect(cast({ spill }, snapshot)).rejects.toThrow(/replay\.rows: cannot be written \(ENOSPC/);
    const { give, system } = await cast({ spill });
    const failed = expect(system.failed).rejects.toThrow(
      /^replay: .*replay\.rows: cannot be written \(ENOSPC: no space left on device\)/,
    );
    give(worldOf().round(2, 3, 2)).catch(() => {});
    await failed;
    rmSync(join(spill, 'replay.rows'));
    expect(readdirSync(spill)).toEqual(['replay.12.rows']);
    expect(await (await cast({ spill }, snapshot)).store.call.holds()).toMatchObject({ stored: 12 });
    writeFileSync(join(spill, 'replay.12.rows'), 'too short');
    await expect(cast({ spill }, snapshot)).rejects.toThrow(/replay\.12\.rows: damaged: 9 bytes, expected /);
  });
});
