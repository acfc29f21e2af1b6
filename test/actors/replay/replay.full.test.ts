import { expect, it } from 'vitest';
import { checkActor, describeActorReport, startSystem } from '../../../src/actors/index.ts';
import type { Helping } from '../../../src/actors/replay/fields.ts';
import { replay } from '../../../src/actors/replay/replay.ts';
import { sequenceReplay } from '../../../src/actors/replay/sequence-replay.ts';
import { Random } from '../../../src/core/random.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import { misfits, rowsOfHelping, spaces, World } from './history.ts';
import { trainer } from './trainer.ts';

const policy = { module: 'none', name: 'none', config: {}, spaces, size: 1 };
const shape = { policy, workers: 2, count: 2, steps: 3, batch: 4, updates: 3 };
const settings = { ...shape, capacity: 60, startAfter: 20, updatesPerStep: 0.5, nStep: 2, gamma: 0.9 };

it('the replays keep the rules for actors', async () => {
  const world = new World(4, Random.fromSeed(8));
  const transitions = Array.from({ length: 5 }, () => world.round(2, 3, 2)).flat();
  const episodes = Array.from({ length: 4 }, (_, index) => ({
    index,
    observations: new Float32Array(30).fill(index),
    actions: new Float32Array(9),
    rewards: new Float32Array(9),
  }));
  const reports = [
    await checkActor(replay, settings, { inputs: { transitions }, awaits: { helpings: 7 } }),
    await checkActor(
      sequenceReplay,
      { spaces, batch: 3, length: 4, capacity: 30 },
      { inputs: { episodes, needs: [{ batches: 2, episodes: 3 }, { batches: 1 }] }, awaits: { chunks: 3 } },
    ),
  ];
  for (const report of reports) {
    expect(describeActorReport(report)).toContain('keeps all');
    expect(report.passed).toBe(true);
  }
});

/** A run of so many rounds between threads, from a state. @returns the last helping of each round and the state after it */
async function run(rounds: readonly ReturnType<World['round']>[], restore?: Snapshot) {
  const system = await startSystem({ seed: 3 });
  try {
    const store = await system.spawn(
      replay,
      { ...settings, capacity: 400, prioritized: { betaSteps: 100 } },
      { restarts: { times: 0, within: 1 }, ...(restore !== undefined && { restore: [restore] }) },
    );
    const ends = await system.spawn(trainer, shape, {});
    system.link(ends.outputs.transitions, store.inputs.transitions);
    system.link(store.outputs.helpings, ends.inputs.helpings);
    system.link(ends.outputs.priorities, store.inputs.priorities);
    const helpings: Helping[] = [];
    let snapshot: Snapshot = null;
    for (const round of rounds) {
      const sent = helpings.length;
      for (const stretch of round) await ends.call.send(stretch);
      while (helpings.length === sent || helpings.at(-1)?.last[0] !== 1) {
        helpings.push(...(await ends.call.taken()));
      }
      // As at a barrier: priorities of the last helping may be on their way.
      [snapshot] = await store.snapshot();
    }
    return { helpings, snapshot };
  } finally {
    await system.stop();
  }
}

it('between threads, by priority, is the same to the bit whether it was stopped at a barrier or not', async () => {
  const world = new World(4, Random.fromSeed(8));
  const rounds = Array.from({ length: 22 }, () => world.round(2, 3, 2));
  const straight = await run(rounds);
  for (const helping of straight.helpings) {
    expect(misfits(rowsOfHelping(helping, 4 * helping.count[0]), world, 2, 0.9)).toEqual([]);
  }
  for (const stop of [2, 7, 12, 17]) {
    const first = await run(rounds.slice(0, stop));
    const second = await run(rounds.slice(stop), structuredClone(first.snapshot));
    expect([...first.helpings, ...second.helpings]).toEqual(straight.helpings);
    expect(second.snapshot).toEqual(straight.snapshot);
  }
});
