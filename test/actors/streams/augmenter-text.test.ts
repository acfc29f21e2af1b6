import { afterEach, describe, expect, it } from 'vitest';
import { type System, startSystem } from '../../../src/actors/index.ts';
import { labelledStream, unlabelledStream } from '../../../src/actors/streams/index.ts';
import { labelledTextAugmenter, textAugmenter } from '../../../src/actors/streams/text-augmenter.ts';
import { openMails } from '../../../src/data/index.ts';
import { asker } from './augmenter-ends.ts';

let system: System;
afterEach(() => system?.stop());

const data = { name: 'mails', split: 'train', width: 256 } as const;
const stream = { data, pool: { from: 0, count: 64 }, batch: 16, seed: 3 };
const on = 'main';

async function pairs(policy: 'tf-idf' | 'identity' | 'shuffled', p = 0.3) {
  system = await startSystem({ seed: 1 });
  const from = await system.spawn(unlabelledStream, stream, { on });
  const between = await system.spawn(textAugmenter, { data, seed: 3, policy, p }, { on });
  const to = await system.spawn(asker, {}, { on });
  system.link(to.outputs.needs, between.inputs.needs);
  system.link(between.outputs.needs, from.inputs.needs);
  system.link(from.outputs.batches, between.inputs.batches);
  system.link(between.outputs.pairs, to.inputs.pairs);
  const got = await to.call.pairs(2);
  await system.stop();
  return got;
}

/** Cosine of the angle between the bags at two places; they have length 1. */
const alike = (a: Float32Array, b: Float32Array, place: number) =>
  a.subarray(256 * place, 256 * place + 256).reduce((sum, v, i) => sum + v * b[256 * place + i], 0);

// All mails are read, and their words weighed, in the first test.
describe('the text augmenter', { timeout: 120_000 }, () => {
  it('replaces about the share of the words that it is told, and leaves a mail like itself', async () => {
    const source = openMails(data);
    const got = await pairs('tf-idf');
    let [replaced, words, sum] = [0, 0, 0];
    for (const { ids, u, uAug, ops } of got) {
      ops.forEach((told, place) => {
        const [, n, of] = told.match(/^tf-idf (\d+) of (\d+)$/) ?? [];
        expect(Number(of)).toBe(source.tokens(ids[place]).length);
        replaced += Number(n);
        words += Number(of);
        sum += alike(u, uAug, place);
      });
    }
    expect(replaced / words).toBeGreaterThan(0.2);
    expect(replaced / words).toBeLessThan(0.32);
    expect(sum / 32).toBeGreaterThan(0.75);
    expect(sum / 32).toBeLessThan(0.99);
    expect((await pairs('tf-idf')).map(({ uAug }) => [...uAug])).toEqual(got.map(({ uAug }) => [...uAug]));
  });

  it('has the controls: the mail itself, and another mail', async () => {
    for (const { u, uAug } of await pairs('identity')) expect([...uAug]).toEqual([...u]);
    const [{ u, uAug }] = await pairs('shuffled');
    const places = Array.from({ length: 16 }, (_, place) => alike(u, uAug, place));
    expect(places.reduce((a, b) => a + b) / 16).toBeLessThan(0.7);
  });

  it('augments labelled mails, which keep their labels', async () => {
    system = await startSystem({ seed: 1 });
    const from = await system.spawn(labelledStream, { ...stream, perClass: 8 }, { on });
    const between = await system.spawn(labelledTextAugmenter, { data, seed: 3 }, { on });
    const to = await system.spawn(asker, {}, { on });
    system.link(to.outputs.needs, between.inputs.needs);
    system.link(between.outputs.needs, from.inputs.needs);
    system.link(from.outputs.batches, between.inputs.batches);
    system.link(between.outputs.batches, to.inputs.labelled);
    const [{ ids, x, y }] = await to.call.labelled(1);
    const source = openMails(data);
    expect([...y]).toEqual([...ids].map(id => source.label(id)));
    const own = new Float32Array(256);
    source.write(ids[0], own, 0);
    expect([...x.subarray(0, 256)]).not.toEqual([...own]);
  });

  it('refuses data that has no words', async () => {
    system = await startSystem({ seed: 1 });
    await expect(system.spawn(textAugmenter, { data: { name: 'glyphs' }, seed: 3 }, { on })).rejects.toThrow(
      'data: name = glyphs: expected mails',
    );
  });
});
