import { firstValueFrom, take, toArray } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import { type Placement, type System, startSystem } from '../../../src/actors/index.ts';
import { batches, collector, doubler, source, summer, whereabouts } from '../../fixtures/actors/basic.ts';

let system: System;
afterEach(() => system?.stop());

describe.each<[Placement, Placement]>([
  ['worker', 'worker'],
  ['main', 'main'],
  ['main', 'worker'],
  ['tensors', 'tensors'],
  [{ thread: 'one' }, { thread: 'one' }],
  [{ thread: 'one' }, { thread: 'other' }],
])('a link from %s to %s', (from, to) => {
  it('carries values in order, and slabs copied or filled in place', async () => {
    system = await startSystem({ seed: 1 });
    const [values, slabs] = await Promise.all([
      system.spawn(source, {}, { on: from }),
      system.spawn(batches, { size: 3 }, { on: from }),
    ]);
    const [end, sums] = await Promise.all([
      system.spawn(collector, {}, { on: to }),
      system.spawn(summer, { size: 3 }, { on: to }),
    ]);
    system.link(values.outputs.numbers, end.inputs.numbers);
    system.link(slabs.outputs.batches, sums.inputs.batches, { depth: 2 });

    expect(await values.call.send(50)).toBe(50);
    expect(await end.call.waitFor(50)).toEqual(Array.from({ length: 50 }, (_, i) => i));

    for (const inPlace of [false, true]) {
      const results = firstValueFrom(sums.outputs.sums.pipe(take(10), toArray()));
      await slabs.call.send(10, inPlace);
      expect(await results).toEqual(
        Array.from({ length: 10 }, (_, k) => ({ observations: 12 * k, done: 3 * (k % 2) })),
      );
    }
  });
});

it('a link is in place for every call after it, on whichever threads that sets things going', async () => {
  system = await startSystem({ seed: 1 });
  const values = await system.spawn(source, {}, { on: 'main' });
  const twice = await system.spawn(doubler, {});
  system.link(values.outputs.numbers, twice.inputs.numbers);
  for (let round = 0; round < 100; round++) {
    const next = firstValueFrom(twice.outputs.doubled);
    await values.call.send(1); // reaches the worker through the ring, the new link through its control port
    expect(await next).toBe(2 * round);
  }
});

it('an output of an actor that has been stopped completes at once', async () => {
  system = await startSystem({ seed: 1 });
  const values = await system.spawn(source, {}, { on: 'main' });
  await values.stop();
  expect(await firstValueFrom(values.outputs.numbers.pipe(toArray()))).toEqual([]);
  expect(system.links()).toEqual([]);
});

it('actors that name a thread share it, by reference, and others do not', async () => {
  system = await startSystem({ seed: 1 });
  const on = { thread: 'shared' };
  const [here, too, elsewhere] = await Promise.all([
    system.spawn(whereabouts, {}, { on, name: 'here' }),
    system.spawn(whereabouts, {}, { on, name: 'too' }),
    system.spawn(whereabouts, {}, { on: { thread: 'another' }, name: 'elsewhere' }),
  ]);
  expect(await too.call.thread()).toBe(await here.call.thread());
  expect(await elsewhere.call.thread()).not.toBe(await here.call.thread());
  await here.stop();
  expect(await too.call.thread()).toBeGreaterThan(0);
});
