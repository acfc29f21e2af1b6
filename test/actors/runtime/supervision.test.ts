import { filter, firstValueFrom, take, toArray } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type Overflow,
  type Placement,
  type SpawnOptions,
  type System,
  startSystem,
} from '../../../src/actors/index.ts';
import { TroupeError } from '../../../src/core/errors.ts';
import { reader, source } from '../../fixtures/actors/basic.ts';
import { edges, type Fault, faulty, halfway, picky, stillborn } from '../../fixtures/actors/faults.ts';
import { hoarder } from '../../fixtures/actors/slow.ts';
import { budget, onceRestarted, runFaulty } from './faulty-run.ts';

let system: System;
afterEach(() => system?.stop());

const cases: [Fault, RegExp, SpawnOptions?][] = [
  ['throw', /crashed: boom \(test.*\)$/],
  ['exit', /ended by itself \(exit code 0\)/],
  ['hang', /hung: no sign of life for 300 ms/, { hangAfter: 300 }],
  ['trap', /crashed: RuntimeError: unreachable/],
  ['arrays', /grew by \d+ MiB beyond its memory budget of 64 MiB/, { memory: budget }],
];

describe('an actor that goes wrong while it handles a message', () => {
  it.each(cases)(
    '%s: is restarted, gets that message again and its state back',
    async (fault, reason, options) => {
      system = await startSystem({ seed: 1 });
      const restarted = firstValueFrom(system.events.pipe(filter(event => event.type === 'restarted')));
      const { actor, passed } = await runFaulty(system, { fault }, options);
      expect(await passed).toEqual(onceRestarted(3));
      expect(await restarted).toMatchObject({
        actor: 'faulty',
        restarts: 1,
        reason: expect.stringMatching(reason),
      });
      expect(actor.restarts).toBe(1);
    },
  );

  it('is restarted in place on the main thread', async () => {
    system = await startSystem({ seed: 1 });
    const { passed } = await runFaulty(system, { fault: 'throw' }, { on: 'main' });
    expect(await passed).toEqual(onceRestarted(3));
  });
});

it('an actor that grows while it gives signs of life is restarted for its size', async () => {
  system = await startSystem({ seed: 1 });
  const actor = await system.spawn(hoarder, {}, { memory: budget });
  await expect(actor.call.hoard()).rejects.toThrow(/grew by \d+ MiB beyond its memory budget of 64 MiB/);
  expect(await actor.call.ask()).toBe('here');
});

describe('the restart budget', () => {
  it('counts restarts; past it the system saves, stops and says who, with which seed and message', async () => {
    const order: string[] = [];
    system = await startSystem({
      seed: 77,
      onFailure: async () => {
        order.push(`save ${await bystander.call.which()}`);
      },
    });
    const bystander = await system.spawn(source, {}, { name: 'bystander' });
    system.events.subscribe(event => order.push(`${event.type} ${'actor' in event ? event.actor : ''}`));
    await runFaulty(system, { fault: 'throw', lives: 99 }, { restarts: { times: 2, within: 60_000 } });
    const error = await system.failed.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TroupeError);
    expect((error as Error).message.replace(/ \(test\S+:\d+:\d+\)/, '')).toBe(
      'faulty: crashed: boom (beyond its budget of 2 restarts in 60 s); seed 77, ' +
        'last message: numbers number 3 = 3 (source.numbers → faulty.numbers)',
    );
    expect(order).toEqual(['restarted faulty', 'restarted faulty', 'failed faulty', 'save 0']);
    await expect(system.spawn(source, {})).rejects.toThrow('spawn: the system has failed');
  });
});

describe('calls', () => {
  it('to an actor that dies meanwhile reject at once; later ones reach its next life', async () => {
    system = await startSystem({ seed: 1 });
    const actor = await system.spawn(faulty, { fault: 'exit', when: 'call' });
    await expect(actor.call.fail()).rejects.toThrow(/ended by itself/);
    expect(await actor.call.life()).toBe(2);
  });

  it('that trap in wasm reject, and the actor is restarted', async () => {
    system = await startSystem({ seed: 1 });
    const restarted = firstValueFrom(system.events);
    const actor = await system.spawn(faulty, { fault: 'trap', when: 'call' });
    await expect(actor.call.fail()).rejects.toThrow(/unreachable/);
    expect(await restarted).toMatchObject({
      type: 'restarted',
      reason: expect.stringContaining('crashed: RuntimeError: unreachable (test/'),
    });
    expect(await actor.call.life()).toBe(2);
  });

  it('that throw reject, and the actor goes on', async () => {
    system = await startSystem({ seed: 1 });
    const actor = await system.spawn(faulty, { fault: 'throw', when: 'call' });
    await expect(actor.call.fail()).rejects.toThrow('boom');
    expect(await actor.call.life()).toBe(1);
    expect(await actor.snapshot()).toEqual([{ life: 1, sum: 0 }]);
  });
});

describe.each<Placement>(['worker', 'main', 'tensors', { thread: 'shared' }])(
  'an actor that fails in start on %s',
  on => {
    it('rejects the spawn with its name and the cause', async () => {
      system = await startSystem({ seed: 1 });
      await expect(system.spawn(stillborn, {}, { on })).rejects.toThrow(
        'actor stillborn: start: no such device',
      );
    });

    it('rejects a config that does not fit as wrong use', async () => {
      system = await startSystem({ seed: 1 });
      const error = await system
        .spawn(source, { first: 'one' as never }, { on })
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        kind: 'usage',
        message: expect.stringContaining('actor source: config: first'),
      });
    });
  },
);

describe('a producer killed while it fills a slab', () => {
  it('leaves no half slab, and its next life goes on', async () => {
    system = await startSystem({ seed: 1 });
    const size = 1000;
    const sender = await system.spawn(halfway, { size }, { hangAfter: 300 });
    const end = await system.spawn(edges, { size }, { on: 'main' });
    system.link(sender.outputs.slabs, end.inputs.slabs, { depth: 2 });
    const seen = firstValueFrom(end.outputs.edges.pipe(take(6), toArray()));
    await expect(sender.call.send(6)).rejects.toThrow(/hung/);
    await sender.call.send(3);
    expect(await seen).toEqual([0, 1, 2, 3, 4, 5].map(n => [n, n]));
  });
});

it('what waits between two actors of one thread goes down with it, and nobody is given what nobody sent', async () => {
  system = await startSystem({ seed: 1 });
  const on = 'tensors';
  const sender = await system.spawn(source, {}, { on });
  const doomed = await system.spawn(faulty, { fault: 'exit', when: 'call' }, { on });
  const ways: Overflow[] = ['block', 'dropOldest', 'latest'];
  const ends = await Promise.all(ways.map(name => system.spawn(reader, {}, { on, name })));
  for (const [i, overflow] of ways.entries()) {
    system.link(sender.outputs.numbers, ends[i].inputs.numbers, { overflow });
  }
  await sender.call.send(5);
  await expect(doomed.call.fail()).rejects.toThrow(/ended by itself/);
  const read = ends.map(end => end.call.read(1)); // nothing has been sent in this life
  await sender.call.send(1);
  expect(await Promise.all(read)).toEqual([[0], [0], [0]]);
  for (const link of system.links()) expect(link).toMatchObject({ sent: 6, received: 1, dropped: 5 });
});

describe('a value that fails the schema of its port', () => {
  it.each<Placement>(['worker', 'main'])('stops the system with one line (on %s)', async on => {
    system = await startSystem({ seed: 5 });
    const sender = await system.spawn(source, { first: 8 }, { on: 'main' });
    const end = await system.spawn(picky, {}, { on });
    system.link(sender.outputs.numbers, end.inputs.numbers);
    await sender.call.send(3);
    await expect(system.failed).rejects.toThrow(
      /^picky: input numbers \(source.numbers → picky.numbers\): 10: Too big: expected number to be <=9; seed 5/,
    );
  });
});
