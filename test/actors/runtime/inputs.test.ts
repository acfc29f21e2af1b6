import { describe, expect, it } from 'vitest';
import { port } from '../../../src/actors/index.ts';
import { Inlet } from '../../../src/actors/runtime/inputs.ts';
import { LocalLane, RingLane } from '../../../src/actors/runtime/lanes.ts';
import { LocalQueue } from '../../../src/actors/runtime/local.ts';
import type { LinkSpec } from '../../../src/actors/runtime/protocol.ts';
import { allocateRing } from '../../../src/actors/runtime/ring.ts';
import { newSlots } from '../../../src/actors/runtime/slots.ts';

const numbers = port<number>();

function linked(depth: number, local: boolean) {
  const memory = allocateRing('block', depth, local ? undefined : count => newSlots(numbers, count));
  const link: LinkSpec = { id: 1, name: 'a.x → b.x', carries: 'value', memory, local };
  const queue = local ? new LocalQueue(memory) : undefined;
  const inlet = new Inlet(numbers, 'b: input x');
  inlet.attach(link, queue);
  return { inlet, lane: queue ? new LocalLane(link, queue) : new RingLane(link, numbers) };
}

describe.each([true, false])('an inlet with a deep link (same thread: %s)', local => {
  it('lets its thread turn the loop, and give signs of life, between bursts', async () => {
    const { inlet, lane } = linked(512, local);
    for (let i = 0; i < 500; i++) lane.send(i);
    const seen: number[] = [];
    inlet.observable.subscribe(n => seen.push(n as number));
    let most = 0;
    while (seen.length < 500) {
      const before = seen.length;
      await new Promise(setImmediate);
      most = Math.max(most, seen.length - before);
    }
    expect(seen).toEqual(Array.from({ length: 500 }, (_, i) => i));
    expect(most).toBe(64);
    inlet.complete();
  });
});
