import { firstValueFrom } from 'rxjs';
import { afterEach, describe, expect, test } from 'vitest';
import type { Placement } from '../../../src/actors/contract.ts';
import { startSystem } from '../../../src/actors/index.ts';
import { unlabelledStream } from '../../../src/actors/streams/index.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import { openData } from '../../../src/data/index.ts';
import { discriminator, type GanShadow, generator } from '../../../src/learners/few-label-gan/index.ts';

const seed = 4;
const batch = 16;
const data = { name: 'glyphs', seed: 1 } as const;
const net = { hidden: [24, 12] as [number, number], rotations: true };
const learning = { penalty: 'dragan' as const, rotationFraction: 2 };

interface Start {
  readonly discriminator: Snapshot;
  readonly generator: Snapshot;
  readonly sent: number;
}

let stop: (() => Promise<void>) | undefined;
afterEach(() => stop?.());

/** The game between two actors, over a stream of glyphs. */
async function open(places: { generator: Placement; discriminator: Placement }, from?: Start) {
  const system = await startSystem({ seed: 1 });
  stop = () => system.stop();
  const images = await system.spawn(
    unlabelledStream,
    { data, pool: { from: 0, count: 64 }, batch, seed },
    { on: places.discriminator, ...(from && { restore: [{ sent: from.sent, credit: 0 }] }) },
  );
  const d = await system.spawn(
    discriminator,
    { net, learning, seed },
    { on: places.discriminator, ...(from && { restore: [from.discriminator] }) },
  );
  const g = await system.spawn(
    generator,
    { net: { hidden: [20, 20] }, learning: { averageFrom: 2 }, batch, seed },
    { on: places.generator, ...(from && { restore: [from.generator] }) },
  );
  system.link(g.outputs.fakes, d.inputs.fakes);
  system.link(d.outputs.critiques, g.inputs.critiques);
  system.link(d.outputs.needs, images.inputs.needs);
  system.link(images.outputs.batches, d.inputs.batches);
  /** The generator's average after so many steps. */
  const playTo = async (step: number): Promise<GanShadow> => {
    await g.call.play(step);
    const shown = firstValueFrom(g.outputs.shadows);
    await g.call.show();
    return shown;
  };
  if (!from) {
    const source = openData(data);
    const ids = Int32Array.from({ length: 32 }, (_, id) => id);
    await d.call.tell(
      ids,
      ids.map(id => source.label(id)),
    );
  }
  return { system, d, g, playTo };
}
const main = { generator: 'main', discriminator: 'main' } as const;

async function shownAt(places: Parameters<typeof open>[0], steps: number): Promise<Float32Array> {
  const { playTo } = await open(places);
  const { step, params } = await playTo(steps);
  expect(step).toBe(steps);
  await stop?.();
  return params;
}

describe('the game of two actors', () => {
  test('is the same on one thread and on two', async () => {
    const together = await shownAt(main, 6);
    const apart = await shownAt({ generator: { thread: 'g' }, discriminator: { thread: 'd' } }, 6);
    expect(apart).toEqual(together);
  });

  test('goes on from a snapshot of its sides as if nothing had been', async () => {
    const whole = await shownAt(main, 7);
    const first = await open(main);
    await first.g.call.play(4);
    const [atD] = await first.d.snapshot();
    const [atG] = await first.g.snapshot();
    await first.system.stop();
    const second = await open(main, { discriminator: atD, generator: atG, sent: 4 });
    expect((await second.playTo(7)).params).toEqual(whole);
    // It is not told labels again: they are part of what the discriminator keeps.
    expect((await second.d.call.figures()).dLoss).toBeGreaterThan(0);
  });

  test('says which label cannot be', async () => {
    const { d } = await open(main);
    await expect(d.call.tell(Int32Array.of(1), Int32Array.of(10))).rejects.toThrow(
      'label 10: expected 0 to 9',
    );
    await expect(d.call.tell(Int32Array.of(1, 2), Int32Array.of(1))).rejects.toThrow('2 ids with 1 labels');
  });
});
