import { firstValueFrom, take, toArray } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import { type System, startSystem } from '../../../src/actors/index.ts';
import { labelledStream } from '../../../src/actors/streams/index.ts';
import {
  coupler,
  initialWeights,
  learningRateAt,
  measuredSteps,
  type Tick,
  type WorldSnapshot,
  worldLearner,
} from '../../../src/learners/deep-bootstrap/index.ts';

import { teller } from '../../fixtures/actors/teller.ts';

let system: System;
afterEach(() => system?.stop());

const network = { net: { kind: 'mlp' as const, hidden: [8] }, shape: [14, 14, 1], classes: 10 };
const batch = 16;

/** A coupler and worlds, each on a stream of its own. */
async function couple(
  steps: number,
  pools: readonly { readonly order: 'replayed' | 'fresh'; readonly from: number; readonly count: number }[],
) {
  system = await startSystem({ seed: 1 });
  const worlds = pools.map((_, i) => `world ${i}`);
  const driver = await system.spawn(
    coupler,
    { ...network, worlds, steps, learningRate: 0.1, seed: 1 },
    { on: 'main' },
  );
  const ticks: Tick[] = [];
  driver.outputs.ticks.subscribe(tick => void ticks.push(tick));
  const snapshots: Promise<WorldSnapshot[]>[] = [];
  const streams = [];
  for (const [i, { order, from, count }] of pools.entries()) {
    const world = worlds[i];
    const learner = await system.spawn(
      worldLearner,
      { world, ...network, executor: 'onnx-cpu' },
      { on: 'main', name: world },
    );
    const stream = await system.spawn(
      labelledStream,
      { data: { name: 'glyphs', seed: 1 }, pool: { from, count }, order, batch, seed: 1 },
      { on: 'main', name: `${world} stream` },
    );
    system.link(learner.outputs.needs, stream.inputs.needs);
    system.link(stream.outputs.batches, learner.inputs.batches);
    system.link(driver.outputs.inits, learner.inputs.inits);
    system.link(driver.outputs.ticks, learner.inputs.ticks);
    system.link(learner.outputs.done, driver.inputs.done);
    snapshots.push(
      firstValueFrom(learner.outputs.snapshots.pipe(take(measuredSteps(steps).length), toArray())),
    );
    streams.push(stream);
  }
  await driver.call.couple();
  const ledgers = await Promise.all(streams.map(stream => stream.call.ledger()));
  return { ticks, snapshots: await Promise.all(snapshots), ledgers };
}

describe('coupled worlds', () => {
  it('are bit-identical after a step where the first batch is forced to be the same', async () => {
    const { snapshots } = await couple(1, [
      { order: 'replayed', from: 0, count: 40 },
      { order: 'replayed', from: 0, count: 40 },
      { order: 'fresh', from: 100, count: batch },
    ]);
    const [real, forced, ideal] = snapshots.map(world => world.map(({ params }) => params));
    expect(real[0]).toEqual(initialWeights({ ...network, seed: 1 }));
    expect(ideal[0]).toEqual(real[0]);
    expect(real[1]).not.toEqual(real[0]);
    expect(forced).toEqual(real);
    expect(ideal[1]).not.toEqual(real[1]);
  });

  it('hear the same schedule by the step, whatever the size of their set, and draw no batch more than they train on', async () => {
    const { ticks, snapshots, ledgers } = await couple(10, [
      { order: 'replayed', from: 0, count: 40 },
      { order: 'fresh', from: 100, count: 10 * batch },
    ]);
    expect(ticks.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    for (const { step, lr } of ticks) expect(lr).toBe(learningRateAt(step, 10, 0.1));
    expect(ledgers).toEqual([
      { drawn: 160, distinct: 40 },
      { drawn: 160, distinct: 160 },
    ]);
    for (const [world, distinct] of [40, 160].entries()) {
      expect(snapshots[world].map(({ step }) => step)).toEqual([0, 4, 8, 10]);
      expect(snapshots[world].at(-1)).toMatchObject({ drawn: 160, distinct });
    }
  });

  it('keep together: none is more than two steps ahead of the slowest', async () => {
    system = await startSystem({ seed: 1 });
    const driver = await system.spawn(
      coupler,
      { ...network, worlds: ['quick', 'slow'], steps: 20, learningRate: 0.1, seed: 1 },
      { on: 'main' },
    );
    const ticks: number[] = [];
    driver.outputs.ticks.subscribe(({ step }) => void ticks.push(step));
    const quick = await system.spawn(teller, {}, { on: 'main', name: 'quick' });
    const slow = await system.spawn(teller, {}, { on: 'main', name: 'slow' });
    for (const world of [quick, slow]) system.link(world.outputs.done, driver.inputs.done);
    const coupled = driver.call.couple();
    await expect.poll(() => ticks).toEqual([0, 1]);
    for (let step = 0; step < 10; step++) await quick.call.tell({ world: 'quick', step });
    await slow.call.tell({ world: 'slow', step: 0 });
    await expect.poll(() => ticks).toEqual([0, 1, 2]);
    for (let step = 1; step < 20; step++) await slow.call.tell({ world: 'slow', step });
    await quick.call.tell({ world: 'quick', step: 19 });
    await coupled;
    await expect.poll(() => ticks.length).toBe(20);
  });
});
