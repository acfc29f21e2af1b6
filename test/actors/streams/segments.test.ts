import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type System, startSystem } from '../../../src/actors/index.ts';
import {
  type LaneConfig,
  type Segment,
  type Segments,
  segmentStream,
  segmentsOf,
} from '../../../src/actors/streams/index.ts';
import { characterTokenizer } from '../../../src/data/index.ts';
import { folderOf } from '../../data/idx-files.ts';
import { asker } from '../../fixtures/actors/asker.ts';

const tokens = (count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => i);
const rows = (values: Int32Array, length: number): number[][] =>
  Array.from({ length: values.length / length }, (_, row) => [
    ...values.subarray(row * length, (row + 1) * length),
  ]);

const text = 'call me ishmael. some years ago, never mind how long precisely';
const folder = folderOf({ 'text.txt': text });
afterAll(() => rmSync(folder, { recursive: true }));

let system: System | undefined;
afterEach(async () => {
  await system?.stop();
  system = undefined;
});

describe('segments', () => {
  it('are the lanes, part after part, with the token after each; only where lanes begin they are reset', () => {
    const segments = segmentsOf(tokens(13), { lanes: 2, length: 3, seed: 0 });
    expect(segments.perLane).toBe(2);
    expect([0, 1, 2].map(tau => segments.at(tau))).toEqual([
      {
        lane0: 0,
        tau: 0,
        ids: Int32Array.of(0, 1, 2, 6, 7, 8),
        next: Int32Array.of(1, 2, 3, 7, 8, 9),
        reset: Uint8Array.of(1, 1),
      },
      {
        lane0: 0,
        tau: 1,
        ids: Int32Array.of(3, 4, 5, 9, 10, 11),
        next: Int32Array.of(4, 5, 6, 10, 11, 12),
        reset: Uint8Array.of(0, 0),
      },
      { ...segments.at(0), tau: 2 },
    ]);
  });

  it('go on where the one before ended, miss fewer than lanes · length tokens, and each time others', () => {
    const shapes = fc.record({
      lanes: fc.integer({ min: 1, max: 5 }),
      length: fc.integer({ min: 1, max: 7 }),
      seed: fc.integer({ min: 0, max: 99 }),
    });
    fc.assert(
      fc.property(shapes, fc.integer({ min: 0, max: 80 }), (shape, more) => {
        const { lanes, length } = shape;
        const text = tokens(lanes * length + 1 + more);
        const segments = segmentsOf(text, shape);
        expect(lanes * length * (segments.perLane + 1)).toBeGreaterThan(text.length - 1);
        const read: number[][] = Array.from({ length: lanes }, () => []);
        for (let tau = 0; tau < segments.perLane; tau++) {
          const { ids, next, reset } = segments.at(tau);
          expect([...next]).toEqual([...ids].map(id => id + 1));
          expect([...reset]).toEqual(Array(lanes).fill(tau === 0 ? 1 : 0));
          rows(ids, length).forEach((row, lane) => void read[lane]?.push(...row));
        }
        const whole = read.flat();
        const first = whole[0] ?? -1;
        expect(whole).toEqual([...tokens(whole.length)].map(id => first + id));
      }),
      { numRuns: 60 },
    );
    const begins = Array.from(
      { length: 20 },
      (_, i) => segmentsOf(tokens(20), { lanes: 2, length: 6, seed: 3 }).at(i).ids[0] ?? -1,
    );
    expect(Math.min(...begins)).toBe(0);
    expect(Math.max(...begins)).toBe(7);
  });

  it('of a part of the lanes are those of all', () => {
    const shape = { length: 3, seed: 5 };
    const all = segmentsOf(tokens(40), { ...shape, lanes: 4 });
    const half = segmentsOf(tokens(40), { ...shape, lanes: 2 }, { lane0: 2, of: 4 });
    for (const tau of [0, 1, 2, 3, 7]) {
      expect(half.at(tau)).toEqual({
        lane0: 2,
        tau,
        ids: all.at(tau).ids.subarray(6),
        next: all.at(tau).next.subarray(6),
        reset: all.at(tau).reset.subarray(2),
      });
    }
  });

  it('of a text that is too short are refused', () => {
    expect(() => segmentsOf(tokens(12), { lanes: 2, length: 6, seed: 0 })).toThrow(
      'segments: 12 tokens: expected at least lanes · length + 1 = 2 · 6 + 1 = 13',
    );
    expect(segmentsOf(tokens(13), { lanes: 2, length: 6, seed: 0 }).perLane).toBe(1);
  });
});

describe('a stream of segments', () => {
  const file = { name: 'file', path: join(folder, 'text.txt') } as const;
  const shape = { lanes: 2, length: 4, seed: 1 };
  const wanted = (lanes: LaneConfig = shape): Segments =>
    segmentsOf(characterTokenizer(text.slice(0, 58)).encode(text.slice(0, 58)), lanes);

  async function stream(settings: object = {}, restore?: { sent: number }) {
    system ??= await startSystem({ seed: 1 });
    const options = { on: 'main', ...(restore && { restore: [restore] }) } as const;
    const spawned = await system.spawn(
      segmentStream,
      { ...shape, text: file, tokenizer: { kind: 'characters' }, ...settings },
      { ...options, name: `segments ${restore?.sent}` },
    );
    const got: Segment[] = [];
    spawned.outputs.segments.subscribe(segment => void got.push(segment));
    const client = await system.spawn(asker, {}, { on: 'main', name: `asker ${restore?.sent}` });
    system.link(client.outputs.needs, spawned.inputs.needs);
    return { spawned, got, ask: client.call.ask };
  }

  it('sends them in order, as far as it was given credit', async () => {
    const { got, ask } = await stream();
    await ask(2);
    await ask(7);
    await expect.poll(() => got.length).toBe(9);
    expect(got).toEqual(Array.from({ length: 9 }, (_, tau) => wanted().at(tau)));
    // 58 characters: 7 segments a lane, then the text anew.
    expect(got.map(({ reset }) => reset[0])).toEqual([1, 0, 0, 0, 0, 0, 0, 1, 0]);
  });

  it('goes on from its state as if nothing had been', async () => {
    const first = await stream();
    await first.ask(5);
    await expect.poll(() => first.got.length).toBe(5);
    const [state] = await first.spawned.snapshot();
    expect(state).toEqual({ sent: 5 });
    const second = await stream({}, { sent: 5 });
    await second.ask(4);
    await expect.poll(() => second.got.length).toBe(4);
    expect(second.got).toEqual(Array.from({ length: 4 }, (_, i) => wanted().at(5 + i)));
  });

  it('reads with a tokeniser that it is given', async () => {
    const tokenizer = characterTokenizer(`${text}#`).toJSON();
    const { got, ask } = await stream({ tokenizer });
    await ask(1);
    await expect.poll(() => got.length).toBe(1);
    const ids = got[0]?.ids ?? new Int32Array(0);
    expect([...ids]).toEqual([...wanted().at(0).ids].map(id => (id === 0 ? 0 : id + 1)));
  });

  it('of copies shares the lanes out', async () => {
    system = await startSystem({ seed: 1 });
    const spawned = await system.spawn(
      segmentStream,
      { ...shape, text: file, tokenizer: { kind: 'characters' } },
      { on: 'main', copies: 2 },
    );
    const got: Segment[] = [];
    spawned.outputs.segments.subscribe(segment => void got.push(segment));
    const client = await system.spawn(asker, {}, { on: 'main' });
    system.link(client.outputs.needs, spawned.inputs.needs);
    await client.call.ask(1);
    await expect.poll(() => got.length).toBe(2);
    const all = wanted({ ...shape, lanes: 4 }).at(0);
    const sorted = got.toSorted((a, b) => a.lane0 - b.lane0);
    expect(sorted.map(({ lane0 }) => lane0)).toEqual([0, 2]);
    expect(sorted.flatMap(({ ids }) => [...ids])).toEqual([...all.ids]);
  });

  it('of test text, or of a text that is too short, cannot be had', async () => {
    await expect(stream({ text: { name: 'moby-dick', split: 'test' } })).rejects.toThrow(/split = "test"/);
    await expect(stream({ lanes: 20, length: 16 })).rejects.toThrow('segments: 58 tokens: expected at least');
  });

  it('takes no credit that is no number of segments', async () => {
    system = await startSystem({ seed: 1 });
    const { ask } = await stream();
    await ask(0.5);
    await expect(system.failed).rejects.toThrow('needs: batches = 0.5: expected a whole number, 0 or more');
  });
});
