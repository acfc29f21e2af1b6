import { firstValueFrom, take, toArray } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import { type Placement, type System, startSystem } from '../../../src/actors/index.ts';
import { batches, collector, doubler, source, summer } from '../../fixtures/actors/basic.ts';

let system: System;
afterEach(() => system?.stop());

const placements: [Placement, Placement][] = [
  ['worker', 'worker'],
  ['worker', 'main'],
  ['main', 'worker'],
  ['main', 'main'],
  ['tensors', 'tensors'],
];

describe.each(placements)('a link from %s to %s', (from, to) => {
  it('carries values in order', async () => {
    system = await startSystem({ seed: 1 });
    const sender = await system.spawn(source, {}, { on: from });
    const twice = await system.spawn(doubler, {}, { on: to });
    const end = await system.spawn(collector, {}, { on: to });
    system.link(sender.outputs.numbers, twice.inputs.numbers);
    system.link(twice.outputs.doubled, end.inputs.numbers, { depth: 100 });
    expect(await sender.call.send(50)).toBe(50);
    expect(await end.call.waitFor(50)).toEqual(Array.from({ length: 50 }, (_, i) => 2 * i));
  });

  it.each([false, true])('carries slabs (filled in place: %s)', async inPlace => {
    system = await startSystem({ seed: 1 });
    const sender = await system.spawn(batches, { size: 3 }, { on: from });
    const sums = await system.spawn(summer, { size: 3 }, { on: to });
    system.link(sender.outputs.batches, sums.inputs.batches, { depth: 2 });
    const results = firstValueFrom(sums.outputs.sums.pipe(take(10), toArray()));
    await sender.call.send(10, inPlace);
    expect(await results).toEqual(
      Array.from({ length: 10 }, (_, k) => ({ observations: 12 * k, done: 3 * (k % 2) })),
    );
  });
});
