import { afterEach, describe, expect, it } from 'vitest';
import { type System, startSystem } from '../../../src/actors/index.ts';
import {
  recallSegment,
  recallStream,
  recallTokens,
  type Segment,
} from '../../../src/actors/streams/index.ts';
import { asker } from '../../fixtures/actors/asker.ts';

const config = { lanes: 32, length: 16, distance: 32, seed: 4 };
const { mark, query, filler, payloads } = recallTokens;

/** The lanes' tokens and answers over so many segments, one array a lane. */
function lanesOf(segments: number, settings = config): { ids: number[]; next: number[] }[] {
  const { lanes, length } = settings;
  const all = Array.from({ length: lanes }, () => ({ ids: [] as number[], next: [] as number[] }));
  for (let tau = 0; tau < segments; tau++) {
    const segment = recallSegment(settings, tau);
    all.forEach(({ ids, next }, lane) => {
      ids.push(...segment.ids.subarray(lane * length, (lane + 1) * length));
      next.push(...segment.next.subarray(lane * length, (lane + 1) * length));
    });
  }
  return all;
}

describe('the recall task', () => {
  const lanes = lanesOf(30);

  it('asks for the payload behind the mark, D tokens after it, and for nothing else', () => {
    for (const { ids, next } of lanes) {
      const wanted = ids.map((id, at) => {
        const payloadAt = at - config.distance;
        return id === query && ids[payloadAt - 1] === mark ? ids[payloadAt] : -1;
      });
      expect(next).toEqual(wanted);
      expect(next.filter(answer => answer >= 0).length).toBeGreaterThanOrEqual(12);
    }
  });

  it('begins each lane anew once, at a place of its own', () => {
    expect([...recallSegment(config, 0).reset]).toEqual(Array(32).fill(1));
    expect([...recallSegment(config, 7).reset]).toEqual(Array(32).fill(0));
    expect(new Set(lanes.map(({ ids }) => ids.indexOf(query))).size).toBeGreaterThan(10);
  });

  it('gives every payload as often, and 30 % of the filler looks like one', () => {
    const answers = lanes.flatMap(({ next }) => next.filter(answer => answer >= 0));
    const counts = Array.from({ length: payloads }, (_, value) => answers.filter(a => a === value).length);
    const even = answers.length / payloads;
    // Five standard deviations of a binomial count.
    for (const count of counts) expect(Math.abs(count - even)).toBeLessThan(5 * Math.sqrt(even * (7 / 8)));
    const between = lanes.flatMap(({ ids }) =>
      ids.filter((id, at) => id !== mark && id !== query && ids[at - 1] !== mark),
    );
    const share = between.filter(id => id < payloads).length / between.length;
    expect(Math.abs(share - 0.3)).toBeLessThan(5 * Math.sqrt((0.3 * 0.7) / between.length));
    expect(between.every(id => id < payloads || id === filler)).toBe(true);
  });

  it('cannot be done from the segment, nor from the nearest that looks like a payload', () => {
    let nearest = 0;
    let asked = 0;
    for (const { ids, next } of lanes) {
      next.forEach((answer, at) => {
        if (answer < 0) return;
        asked++;
        const last = ids.slice(0, at).findLast(id => id < payloads);
        if (last === answer) nearest++;
      });
    }
    expect(Math.abs(nearest / asked - 1 / 8)).toBeLessThan(5 * Math.sqrt(7 / 64 / asked));
  });

  it('follows from seed, lane and place alone', () => {
    expect(recallSegment(config, 9)).toEqual(recallSegment(config, 9));
    expect(recallSegment({ ...config, seed: 5 }, 9).ids).not.toEqual(recallSegment(config, 9).ids);
    // However it is cut, and whoever has the lane.
    expect(lanesOf(15, { ...config, length: 32 })).toEqual(lanes);
    const part = recallSegment({ ...config, lanes: 2 }, 9, 30);
    expect(part.ids).toEqual(recallSegment(config, 9).ids.subarray(30 * 16));
    expect(part.lane0).toBe(30);
  });
});

describe('its stream', () => {
  let system: System | undefined;
  afterEach(() => system?.stop());

  it('sends as far as it was given credit, and goes on from its state', async () => {
    system = await startSystem({ seed: 1 });
    const stream = await system.spawn(recallStream, config, { on: 'main', restore: [{ sent: 3 }] });
    const got: Segment[] = [];
    stream.outputs.segments.subscribe(segment => void got.push(segment));
    const client = await system.spawn(asker, {}, { on: 'main' });
    system.link(client.outputs.needs, stream.inputs.needs);
    await client.call.ask(2);
    await expect.poll(() => got.length).toBe(2);
    expect(got).toEqual([recallSegment(config, 3), recallSegment(config, 4)]);
    expect(await stream.snapshot()).toEqual([{ sent: 5 }]);
  });
});
