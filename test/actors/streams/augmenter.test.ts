import { afterEach, describe, expect, it } from 'vitest';
import {
  checkActor,
  describeActorReport,
  type Placement,
  type System,
  startSystem,
} from '../../../src/actors/index.ts';
import { imageAugmenter, labelledAugmenter } from '../../../src/actors/streams/augmenter.ts';
import { unlabelledStream } from '../../../src/actors/streams/index.ts';
import type { UnlabelledPair } from '../../../src/data/augment/index.ts';
import { asker, batchAt, feed, puller } from './augmenter-ends.ts';

let system: System;
afterEach(() => system?.stop());

type Settings = Parameters<typeof pairs>[0];
async function pairs(
  config: { readonly policy: 'affine-cutout' | 'identity' | 'shuffled'; readonly seed: number },
  count: number,
  { on = 'main', first = 0 }: { readonly on?: Placement; readonly first?: number } = {},
) {
  system = await startSystem({ seed: 1 });
  const [from, between, to] = await Promise.all([
    system.spawn(feed, { first }, { on: 'main' }),
    system.spawn(imageAugmenter, { shape: [4, 4, 1], ...config }, { on }),
    system.spawn(asker, {}, { on: 'main' }),
  ]);
  system.link(to.outputs.needs, between.inputs.needs);
  system.link(between.outputs.needs, from.inputs.needs);
  system.link(from.outputs.batches, between.inputs.batches);
  system.link(between.outputs.pairs, to.inputs.pairs);
  const got = await to.call.pairs(count);
  const sent = await from.call.sent();
  await system.stop();
  return { got, sent };
}

const bits = ({ index, ids, u, uAug, ops }: UnlabelledPair) => [index, [...ids], [...u], [...uAug], ops];

describe('the image augmenter', () => {
  const settings: Settings = { policy: 'affine-cutout', seed: 5 };

  it('asks for what it is asked for and no more, and sends each batch with a changed copy', async () => {
    const { got, sent } = await pairs(settings, 3);
    expect(sent).toBe(3);
    expect(got.map(pair => pair.index)).toEqual([0, 1, 2]);
    for (const pair of got) {
      const { ids, x } = batchAt(pair.index);
      expect([...pair.ids]).toEqual([...ids]);
      expect([...pair.u]).toEqual([...x]);
      expect([...pair.uAug]).not.toEqual([...x]);
      expect(pair.ops).toEqual(['affine, cutout', 'affine, cutout']);
    }
  });

  it('gives a batch the same bits on any thread and whatever came before it, others for another seed', async () => {
    const all = (await pairs(settings, 3)).got;
    const elsewhere = (await pairs(settings, 3, { on: 'worker' })).got;
    const later = (await pairs(settings, 1, { first: 2 })).got;
    const others = (await pairs({ ...settings, seed: 6 }, 1)).got;
    expect(elsewhere.map(bits)).toEqual(all.map(bits));
    expect(bits(later[0])).toEqual(bits(all[2]));
    expect([...others[0].uAug]).not.toEqual([...all[0].uAug]);
  });

  it('pairs each image with itself under `identity`', async () => {
    const { got } = await pairs({ policy: 'identity', seed: 5 }, 2);
    for (const { u, uAug, ops } of got) {
      expect([...uAug]).toEqual([...u]);
      expect(ops).toEqual(['identity', 'identity']);
    }
  });
});

describe('the labelled augmenter', () => {
  it('changes the images and keeps their labels', async () => {
    system = await startSystem({ seed: 1 });
    const [from, between, to] = await Promise.all([
      system.spawn(feed, {}, { on: 'main' }),
      system.spawn(labelledAugmenter, { shape: [4, 4, 1], seed: 5 }, { on: 'main' }),
      system.spawn(asker, {}, { on: 'main' }),
    ]);
    system.link(to.outputs.needs, between.inputs.needs);
    system.link(between.outputs.needs, from.inputs.needs);
    system.link(from.outputs.labelled, between.inputs.batches);
    system.link(between.outputs.batches, to.inputs.labelled);
    const got = await to.call.labelled(2);
    expect(got.map(({ index, ids, y }) => [index, [...ids], [...y]])).toEqual([
      [0, [0, 1], [3, 7]],
      [1, [2, 3], [3, 7]],
    ]);
    for (const { index, x } of got) expect([...x]).not.toEqual([...batchAt(index).x]);
  });
});

it('between a stream and a learner of one thread, hands on every batch and asks for no more than are used', async () => {
  system = await startSystem({ seed: 1 });
  const on = { thread: 'lane' };
  const data = { name: 'glyphs' } as const;
  const [from, between, to] = await Promise.all([
    system.spawn(unlabelledStream, { data, pool: { from: 0, count: 64 }, batch: 8, seed: 3 }, { on }),
    system.spawn(imageAugmenter, { shape: [14, 14, 1], policy: 'affine-cutout', seed: 3 }, { on }),
    system.spawn(puller, { total: 40 }, { on }),
  ]);
  system.link(to.outputs.needs, between.inputs.needs);
  system.link(between.outputs.needs, from.inputs.needs);
  system.link(from.outputs.batches, between.inputs.batches);
  system.link(between.outputs.pairs, to.inputs.pairs);
  const got = await to.call.all();
  expect(got.map(({ index }) => index)).toEqual(Array.from({ length: 40 }, (_, i) => i));
  expect(await from.call.ledger()).toEqual({ drawn: 320, distinct: 64 });
  // The same samples come again each epoch, and each time another picture is made of them.
  const copies = new Set(
    got.flatMap(({ uAug }) => Array.from({ length: 8 }, (_, i) => uAug.slice(196 * i, 196 * i + 196).join())),
  );
  expect(copies.size).toBe(320);
});

it('the augmenters keep the rules for actors', async () => {
  const labelled = { ...batchAt(0), y: Int32Array.of(3, 7) };
  const reports = [
    await checkActor(
      imageAugmenter,
      { shape: [4, 4, 1], policy: 'rand-augment', seed: 5 },
      {
        inputs: { needs: [{ batches: 1 }], batches: [batchAt(0), batchAt(1)] },
        awaits: { pairs: 2, needs: 1 },
      },
    ),
    await checkActor(
      labelledAugmenter,
      { shape: [4, 4, 1], seed: 5 },
      { inputs: { needs: [{ batches: 1 }], batches: [labelled] }, awaits: { batches: 1, needs: 1 } },
    ),
  ];
  for (const report of reports) {
    expect(describeActorReport(report)).toContain('keeps all');
    expect(report.passed).toBe(true);
  }
});
