import { config, Subject } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import { checkActor, describeActorReport, type System, startSystem } from '../../../src/actors/index.ts';
import {
  labelledStream,
  orderOf,
  poolIds,
  pull,
  unlabelledStream,
} from '../../../src/actors/streams/index.ts';
import type { DataSource, LabelledBatch, Need, UnlabelledBatch } from '../../../src/data/contract.ts';
import { openData } from '../../../src/data/open.ts';
import { asker } from '../../fixtures/actors/asker.ts';

let system: System;
afterEach(() => system?.stop());

/** Ten samples a class of three classes, one after another. */
const source: DataSource = {
  name: 'thirty',
  shape: [1],
  count: 30,
  labellings: [{ name: 'class', classes: 3 }],
  write(id, out, at) {
    out[at] = id;
  },
  label: id => id % 3,
};

const settings = { data: { name: 'glyphs' as const }, pool: { from: 5, count: 10 }, batch: 4, seed: 1 };

describe('which samples a stream sends', () => {
  it('slices of one permutation share none and together hold all', () => {
    const slice = (from: number, count: number) =>
      poolIds(source, { pool: { from, count }, perClass: null, seed: 3 });
    const all = [...slice(0, 12), ...slice(12, 18)];
    expect(all.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, id) => id));
    expect(all).not.toEqual(all.toSorted((a, b) => a - b));
    expect(slice(0, 12)).toEqual(slice(0, 30).subarray(0, 12));
  });

  it('as many of each class as were asked for, or an error that names the class', () => {
    const ids = poolIds(source, { pool: { from: 0, count: 30 }, perClass: 2, seed: 3 });
    expect([...ids].map(id => source.label(id)).toSorted()).toEqual([0, 0, 1, 1, 2, 2]);
    expect(() => poolIds(source, { pool: { from: 0, count: 30 }, perClass: 11, seed: 3 })).toThrow(
      'thirty: perClass = 11: the pool holds 10 samples of class 0',
    );
    const none: DataSource = { ...source, label: () => 0 };
    expect(() => poolIds(none, { pool: { from: 0, count: 30 }, perClass: 1, seed: 3 })).toThrow(
      'the pool holds 0 samples of class 1',
    );
  });

  it('not more than there are', () => {
    expect(() => poolIds(source, { pool: { from: 20, count: 11 }, perClass: null, seed: 3 })).toThrow(
      'pool = 20 … 30: expected places below 30',
    );
  });
});

describe('the order of samples', () => {
  const ids = Int32Array.from({ length: 10 }, (_, i) => i);
  const batches = (order: 'replayed' | 'fresh', count: number) => {
    const made = orderOf(ids, {
      ...settings,
      data: { name: 'glyphs', seed: 0, split: 'train' },
      perClass: null,
      order,
    });
    return Array.from({ length: count }, (_, index) => {
      const out = new Int32Array(4);
      made.fill(index, out);
      return [...out];
    });
  };

  // N = 10, batch 4: an epoch is 2 steps, 2 samples are dropped, each epoch a new permutation.
  it('replays in epochs of whole batches, each in an order of its own', () => {
    const drawn = batches('replayed', 10);
    const epochs = [0, 2, 4, 6, 8].map(at => [...drawn[at], ...drawn[at + 1]]);
    for (const epoch of epochs) expect(new Set(epoch).size).toBe(8);
    expect(new Set(epochs.map(String)).size).toBe(5);
    const counts = [...ids].map(id => epochs.flat().filter(drawn => drawn === id).length);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(2);
    expect(Math.max(...counts)).toBeLessThanOrEqual(5);
    expect(counts.reduce((a, b) => a + b)).toBe(40);
  });

  it('fresh samples come once, and then no more', () => {
    expect(batches('fresh', 2)).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
    ]);
    expect(() => batches('fresh', 3)).toThrow('expected at most 2 batches of 4, since it has 10 samples');
  });

  it('refuses a batch that is larger than what there is', () => {
    expect(() =>
      orderOf(ids.subarray(0, 3), {
        ...settings,
        data: { name: 'glyphs', seed: 0, split: 'train' },
        perClass: null,
        order: 'replayed',
      }),
    ).toThrow('batch = 4: expected at most the 3 samples');
  });
});

describe('streams', () => {
  it('send what they were given credit for, and say what they sent', async () => {
    system = await startSystem({ seed: 1 });
    const stream = await system.spawn(labelledStream, settings, { on: 'main' });
    const got: LabelledBatch[] = [];
    stream.outputs.batches.subscribe(batch => got.push(batch));
    const client = await system.spawn(asker, {}, { on: 'main' });
    system.link(client.outputs.needs, stream.inputs.needs);
    await client.call.ask(2);
    await client.call.ask(3);
    await expect.poll(() => got.length).toBe(5);
    expect(got.map(batch => batch.index)).toEqual([0, 1, 2, 3, 4]);
    expect(await stream.call.ledger()).toEqual({ drawn: 20, distinct: 10 });
    const glyphs = openData({ name: 'glyphs' });
    const x = new Float32Array(196);
    glyphs.write(got[3].ids[2], x, 0);
    expect(got[3].x.subarray(2 * 196, 3 * 196)).toEqual(x);
    expect([...got[3].y]).toEqual([...got[3].ids].map(id => glyphs.label(id)));
    expect(got.flatMap(batch => [...batch.ids]).every(id => id >= 5 && id < 15)).toBe(true);
  });

  it('of samples without labels hold none', async () => {
    system = await startSystem({ seed: 1 });
    const stream = await system.spawn(unlabelledStream, settings, { on: 'main' });
    const got: UnlabelledBatch[] = [];
    stream.outputs.batches.subscribe(batch => got.push(batch));
    const client = await system.spawn(asker, {}, { on: 'main' });
    system.link(client.outputs.needs, stream.inputs.needs);
    await client.call.ask(1);
    await expect.poll(() => got.length).toBe(1);
    expect(Object.keys(got[0]).toSorted()).toEqual(['ids', 'index', 'x']);
  });

  it('take no credit that is no number of batches', async () => {
    system = await startSystem({ seed: 1 });
    const stream = await system.spawn(labelledStream, settings, {
      on: 'main',
      restarts: { times: 0, within: 1000 },
    });
    const client = await system.spawn(asker, {}, { on: 'main' });
    system.link(client.outputs.needs, stream.inputs.needs);
    await client.call.ask(Number.NaN);
    await expect(system.failed).rejects.toThrow('needs: batches = NaN: expected a whole number, 0 or more');
  });

  it('of test samples cannot be had', async () => {
    system = await startSystem({ seed: 1 });
    const test = { ...settings, data: { name: 'glyphs', split: 'test' } } as never;
    await expect(system.spawn(labelledStream, test, { on: 'main' })).rejects.toThrow(/split = "test"/);
  });

  it('keep the rules for actors', async () => {
    const report = await checkActor(labelledStream, settings, {
      inputs: { needs: [{ batches: 1 }, { batches: 2 }] },
      awaits: { batches: 3 },
    });
    expect(describeActorReport(report)).toContain('keeps all');
    expect(report.passed).toBe(true);
  });
});

describe('pull', () => {
  function pulled(total: number) {
    const batches = new Subject<{ index: number }>();
    const asked: number[] = [];
    const needs = {
      next: ({ batches }: Need) => void asked.push(batches),
      ready: async () => {},
      error() {},
      complete() {},
    };
    const credit = () => asked.reduce((a, b) => a + b, 0);
    return { batches, credit, stream: pull(batches, needs, { ahead: 2, total }) };
  }

  it('asks ahead, hands out in order, and neither asks for more than it will take nor gives it', async () => {
    const { batches, credit, stream } = pulled(4);
    const first = stream.next();
    await expect.poll(credit).toBe(3);
    for (let index = 0; index < 4; index++) batches.next({ index });
    expect(await first).toEqual({ index: 0 });
    expect(await stream.next()).toEqual({ index: 1 });
    expect(credit()).toBe(4);
    expect(await stream.next()).toEqual({ index: 2 });
    expect(await stream.next()).toEqual({ index: 3 });
    expect(credit()).toBe(4);
    await expect(stream.next()).rejects.toThrow('batches: expected 4 to be taken, asked for one more');
  });

  it('gives the earlier batch to whoever asked first', async () => {
    const { batches, stream } = pulled(Number.POSITIVE_INFINITY);
    const all = Promise.all([stream.next(), stream.next(), stream.next()]);
    for (let index = 0; index < 3; index++) batches.next({ index });
    expect(await all).toEqual([{ index: 0 }, { index: 1 }, { index: 2 }]);
  });

  it('refuses a batch that came twice, and one after another that is lost', async () => {
    const { batches } = pulled(4);
    const errors: unknown[] = [];
    config.onUnhandledError = error => void errors.push(error);
    try {
      for (const index of [0, 0, 2]) batches.next({ index });
      await expect.poll(() => errors.length).toBe(2);
    } finally {
      config.onUnhandledError = null;
    }
    expect(errors.map(String)).toEqual([
      expect.stringContaining('batches: expected number 1, got 0'),
      expect.stringContaining('batches: expected number 1, got 2'),
    ]);
  });
});
