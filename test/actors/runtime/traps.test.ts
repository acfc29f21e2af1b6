import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { distinct, firstValueFrom, Subscription, take, toArray } from 'rxjs';
import { afterEach, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { defineActor, port, type System, startSystem } from '../../../src/actors/index.ts';
import { collector, source } from '../../fixtures/actors/basic.ts';
import { faulty } from '../../fixtures/actors/faults.ts';

// Each of these went wrong once, somewhere. (Silent exit, memory, half-written slabs: supervision.test.ts; TypeScript
// in commonjs projects: projects.test.ts; a ring taken over by another thread: ring.test.ts.)
let system: System;
afterEach(async () => {
  vi.restoreAllMocks();
  await system?.stop();
});

const turns = async (ms: number): Promise<void> => {
  for (const end = performance.now() + ms; performance.now() < end; ) await new Promise(setImmediate);
};

it('a worker that only waits for messages stays: Atomics.waitAsync alone would let it exit with code 0', async () => {
  system = await startSystem({ seed: 1 });
  const sender = await system.spawn(source, {}, { on: 'main' });
  const end = await system.spawn(collector, {});
  system.link(sender.outputs.numbers, end.inputs.numbers);
  await turns(300); // it has long run out of other things to do
  await sender.call.send(1);
  expect(await end.call.waitFor(1)).toEqual([0]);
  expect(end.restarts).toBe(0);
});

it('a ring has one waiter, however often its reader comes and goes: abandoned ones would stay for ever', async () => {
  const waiting = new Set<Promise<unknown>>();
  const { waitAsync } = Atomics as unknown as {
    waitAsync: (...args: never[]) => { async: boolean; value: never };
  };
  vi.spyOn(Atomics as never as { waitAsync: typeof waitAsync }, 'waitAsync').mockImplementation((...args) => {
    const result = waitAsync(...args);
    if (result.async) {
      const value = result.value as Promise<unknown>;
      waiting.add(value);
      value.then(() => waiting.delete(value));
    }
    return result;
  });
  const fickle = defineActor(import.meta.url, {
    name: 'fickle',
    config: z.object({}),
    inputs: { numbers: port<number>() },
    start({ inputs }) {
      let subscription = new Subscription();
      return {
        read() {
          subscription = inputs.numbers.subscribe();
        },
        leave: () => subscription.unsubscribe(),
      };
    },
  });
  system = await startSystem({ seed: 1 });
  const sender = await system.spawn(source, {});
  const reader = await system.spawn(fickle, {}, { on: 'main' });
  system.link(sender.outputs.numbers, reader.inputs.numbers);
  for (let i = 0; i < 20; i++) {
    await reader.call.read();
    await turns(2); // long enough to fall asleep
    await reader.call.leave();
  }
  expect(waiting.size).toBe(1);
});

it('a call is answered though nobody holds the handle: Comlink forgets calls of collected proxies', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  system = await startSystem({ seed: 1 });
  const sender = await system.spawn(source, {}, { on: 'main' });
  const ask = async (): Promise<{ answer: Promise<number[]> }> => {
    const end = await system.spawn(collector, {});
    system.link(sender.outputs.numbers, end.inputs.numbers);
    return { answer: end.call.waitFor(2) };
  };
  const { answer } = await ask();
  for (let i = 0; i < 5; i++) {
    collectGarbage();
    await turns(5);
  }
  await sender.call.send(2);
  expect(await answer).toEqual([0, 1]);
});

it('an actor that dies on the tensor host takes its neighbours along, and only its own budget pays', async () => {
  system = await startSystem({ seed: 1 });
  const sender = await system.spawn(source, {}, { on: 'main' });
  const options = { on: 'tensors', name: 'neighbour', restarts: { times: 0, within: 60_000 } } as const;
  const neighbour = await system.spawn(faulty, { fault: 'throw', lives: 0 }, options);
  const actor = await system.spawn(faulty, { fault: 'trap' }, { on: 'tensors' });
  const passed = [neighbour, actor].map(one => {
    system.link(sender.outputs.numbers, one.inputs.numbers);
    // What the neighbour had passed on when it was ended, but not ticked off, comes again.
    const once = one.outputs.passed.pipe(distinct(({ value }) => value));
    return firstValueFrom(once.pipe(take(6), toArray()));
  });
  await sender.call.send(6);
  for (const values of await Promise.all(passed)) {
    expect(values.map(({ value, sum }) => [value, sum])).toEqual(
      [0, 1, 2, 3, 4, 5].map(n => [n, (n * (n + 1)) / 2]),
    );
  }
  expect([neighbour.restarts, actor.restarts]).toEqual([1, 1]);
});

it('an error in a subscriber of the main thread is RxJS’s, not an actor’s', async () => {
  const uncaught = vi.fn();
  process.prependOnceListener('uncaughtException', uncaught);
  const listeners = process.rawListeners('uncaughtException').slice(1);
  process.removeAllListeners('uncaughtException');
  process.once('uncaughtException', uncaught);
  try {
    system = await startSystem({ seed: 1 });
    const sender = await system.spawn(source, {}, { on: 'main' });
    sender.outputs.numbers.subscribe(() => {
      throw new Error('in the scenario');
    });
    await sender.call.send(1);
    await vi.waitFor(() => expect(uncaught).toHaveBeenCalled());
    expect(sender.restarts).toBe(0);
  } finally {
    for (const listener of listeners) process.on('uncaughtException', listener as never);
  }
});
