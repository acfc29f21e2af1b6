import { filter, firstValueFrom, take, toArray } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineActor, port, type System, startSystem } from '../../../src/actors/index.ts';
import { ManualClock } from '../../../src/core/clock.ts';
import { Random } from '../../../src/core/random.ts';
import { batches, collector, doubler, source, summer } from '../../fixtures/actors/basic.ts';
import { lingering, stillborn } from '../../fixtures/actors/faults.ts';
import { deafEnd, sleeper } from '../../fixtures/actors/slow.ts';

let system: System;
afterEach(() => system?.stop());

describe('a group', () => {
  it('fans in: one consumer gets what every copy sends', async () => {
    system = await startSystem({ seed: 1 });
    const senders = await system.spawn(source, { first: 5 }, { on: 'main', copies: 3 });
    const end = await system.spawn(collector, {}, { on: 'main' });
    system.link(senders.outputs.numbers, end.inputs.numbers);
    expect(await senders.call.send(2)).toEqual([7, 7, 7]);
    expect((await end.call.waitFor(6)).sort()).toEqual([5, 5, 5, 6, 6, 6]);
    expect(await senders.call.which()).toEqual([0, 1, 2]);
    expect(system.links().map(({ link }) => link)).toContain('source/2.numbers → collector.numbers');
  });

  it('fans out: every copy gets what one producer sends', async () => {
    system = await startSystem({ seed: 1 });
    const sender = await system.spawn(source, {}, { on: 'main' });
    const ends = await system.spawn(collector, {}, { on: 'main', copies: 2 });
    system.link(sender.outputs.numbers, ends.inputs.numbers);
    await sender.call.send(3);
    expect(await ends.call.waitFor(3)).toEqual([
      [0, 1, 2],
      [0, 1, 2],
    ]);
  });

  it('is observed on the main thread as one stream', async () => {
    system = await startSystem({ seed: 1 });
    const senders = await system.spawn(source, {}, { copies: 2 });
    const seen = firstValueFrom(senders.outputs.numbers.pipe(take(4), toArray()));
    await senders.call.send(2);
    expect((await seen).sort()).toEqual([0, 0, 1, 1]);
  });
});

describe('random streams', () => {
  it('follow from the seed and the name alone', async () => {
    system = await startSystem({ seed: 11 });
    const group = await system.spawn(collector, {}, { on: 'main', copies: 2 });
    const [first, second] = await group.call.draw();
    expect(first).not.toBe(second);
    expect(second).toBe(Random.fromSeed(11).split('actor', 'collector/1').uniform());
  });
});

describe('a call', () => {
  it('has a deadline, on the clock that was given', async () => {
    const deaf = defineActor(import.meta.url, {
      name: 'deaf',
      config: z.object({}),
      start: () => ({ ask: () => new Promise<number>(() => {}) }),
    });
    const clock = new ManualClock();
    system = await startSystem({ seed: 1, clock });
    const actor = await system.spawn(deaf, {}, { on: 'main', deadline: 500 });
    const answer = actor.call.ask();
    clock.advance(499);
    expect(await Promise.race([answer, Promise.resolve('none yet')])).toBe('none yet');
    clock.advance(1);
    await expect(answer).rejects.toThrow('deaf.ask: no answer within 500 ms');
  });
});

describe('wrong use', () => {
  it.each([
    [
      'overflow',
      { overflow: 'never' as never },
      'overflow = "never": expected one of block, latest, dropOldest',
    ],
    ['depth', { depth: 0 }, 'depth = 0: expected an integer from 1 to 65536'],
    ['deeper', { depth: 65_537 }, 'depth = 65537: expected an integer from 1 to 65536'],
    ['text', { depth: '8' as never }, 'depth = "8": expected an integer from 1 to 65536'],
  ])('of a link: %s', async (_what, options, message) => {
    system = await startSystem({ seed: 1 });
    const sender = await system.spawn(source, {}, { on: 'main' });
    const end = await system.spawn(collector, {}, { on: 'main' });
    expect(() => system.link(sender.outputs.numbers, end.inputs.numbers, options)).toThrow(
      `link source.numbers → collector.numbers: ${message}`,
    );
  });

  it('of slabs: fields that differ are named', async () => {
    system = await startSystem({ seed: 1 });
    const sender = await system.spawn(batches, { size: 3 }, { on: 'main' });
    const end = await system.spawn(summer, { size: 4 }, { on: 'main' });
    expect(() => system.link(sender.outputs.batches, end.inputs.batches)).toThrow(
      'link batches.batches → summer.batches: field observations: expected float32 [4, 4], got float32 [3, 4]',
    );
  });

  it('of names: two actors of one name', async () => {
    system = await startSystem({ seed: 1 });
    await system.spawn(source, {}, { on: 'main' });
    await expect(system.spawn(source, {}, { on: 'main' })).rejects.toThrow(
      'spawn source: there is an actor of that',
    );
  });

  it('of copies and restore', async () => {
    system = await startSystem({ seed: 1 });
    await expect(system.spawn(source, {}, { copies: 0 })).rejects.toThrow(
      'copies = 0: expected a positive integer',
    );
    await expect(system.spawn(source, {}, { copies: 2, restore: [1] })).rejects.toThrow(
      'restore: expected 2 snapshots, got 1',
    );
  });

  it.each([
    ['copies', { copies: 1.5 }, 'copies = 1.5: expected a positive integer'],
    ['on', { on: 'gpu' }, 'on = "gpu": expected one of worker, main, tensors, or { thread: a name }'],
    ['name', { name: '' }, 'name = "": expected a name'],
    ['deadline', { deadline: 0 }, 'deadline = 0: expected milliseconds, more than 0 and at most 2147483647'],
    [
      'a time that no timer can wait',
      { deadline: 2 ** 31 },
      'deadline = 2147483648: expected milliseconds, more than 0 and at most 2147483647',
    ],
    ['hangAfter', { hangAfter: Number.NaN }, 'hangAfter = NaN: expected milliseconds'],
    ['startWithin', { startWithin: '1m' }, 'startWithin = "1m": expected milliseconds'],
    ['memory', { memory: -1 }, 'memory = -1: expected bytes, more than 0'],
    ['restarts', { restarts: 3 }, 'restarts = 3: expected { times, within }'],
    [
      'restarts.times',
      { restarts: { times: -1, within: 1 } },
      'restarts.times = -1: expected an integer from 0',
    ],
    [
      'restarts.within',
      { restarts: { times: 1, within: '1m' } },
      'restarts.within = "1m": expected milliseconds',
    ],
    ['restore', { restore: 'state' }, 'restore = "state": expected an array, one snapshot for each copy'],
    ['an option that there is not', { copy: 2 }, 'Unrecognized key: "copy"'],
  ])('of spawn options: %s', async (_what, options, message) => {
    system = await startSystem({ seed: 1 });
    const spawn = system.spawn(source, {}, options as never);
    await expect(spawn).rejects.toThrow(`: ${message}`);
    await expect(spawn).rejects.toMatchObject({ kind: 'usage', message: /^spawn (source)?:/ });
  });

  it('of names: at the same time, and the copies of a group', async () => {
    system = await startSystem({ seed: 1 });
    const spawn = (name: string, copies?: number) =>
      system.spawn(source, {}, { on: 'main', name, copies: copies as never });
    const twice = await Promise.allSettled([spawn('a', 2), spawn('a'), spawn('a/1'), spawn('a/2')]);
    expect(twice.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    await expect(spawn('a/1')).rejects.toThrow('spawn a/1: there is an actor of that name');
    await spawn('b/0');
    await expect(spawn('b', 1)).rejects.toThrow('spawn b: there is an actor of that name (b/0); give it');
    await spawn('b');
  });

  it('of names: one that failed, or was stopped, leaves its name', async () => {
    system = await startSystem({ seed: 1 });
    const options = { on: 'main', name: 'a', copies: 2 } as const;
    await expect(system.spawn(stillborn, {}, options)).rejects.toThrow('no such device');
    const first = await system.spawn(source, {}, options);
    await first.stop();
    const second = await system.spawn(source, {}, options);
    await first.stop(); // again
    await expect(system.spawn(source, {}, options)).rejects.toThrow('there is an actor of that name');
    expect(await second.call.which()).toEqual([0, 1]);
  });

  it('of a system that was stopped', async () => {
    system = await startSystem({ seed: 1 });
    await system.stop();
    await expect(system.spawn(source, {})).rejects.toThrow('spawn: the system has been stopped');
  });
});

/** Resolves when an actor has sent as much as its one link holds. */
async function standsStill(actor: string): Promise<void> {
  const full = () =>
    system.links().some(({ link, sent, depth }) => link.startsWith(`${actor}.`) && sent === depth);
  while (!full()) await new Promise(setImmediate);
}

describe('a start that never ends', () => {
  it.each(['main', 'worker', 'tensors'] as const)('fails the spawn, and leaves the name, on %s', async on => {
    const clock = new ManualClock();
    system = await startSystem({ seed: 1, clock });
    const neighbour = await system.spawn(source, {}, { on, name: 'neighbour' });
    const spawning = system.spawn(sleeper, { lives: 0 }, { on, startWithin: 500 });
    clock.advance(499);
    expect(await Promise.race([spawning, Promise.resolve('not yet')])).toBe('not yet');
    clock.advance(1);
    await expect(spawning).rejects.toThrow(
      'actor sleeper: start: not done within 500 ms (spawn option startWithin)',
    );
    const again = await system.spawn(sleeper, { lives: 1 }, { on });
    expect(await again.call.ask()).toBe('awake');
    expect(await neighbour.call.which()).toBe(0);
    expect(neighbour.restarts).toBe(0);
  });

  it.each(['main', 'worker'] as const)('is a crash after a restart, on %s', async on => {
    const clock = new ManualClock();
    system = await startSystem({ seed: 1, clock });
    const restarts = { times: 2, within: 60_000 };
    const actor = await system.spawn(sleeper, { lives: 1 }, { on, startWithin: 500, restarts });
    const reasons: string[] = [];
    system.events.subscribe(event => {
      if (event.type !== 'restarted') return;
      reasons.push(event.reason);
      setImmediate(() => clock.advance(500));
    });
    await expect(actor.call.die()).rejects.toThrow();
    await expect(system.failed).rejects.toThrow(
      /^sleeper: start: not done within 500 ms \(spawn option startWithin\) .*\(beyond its budget of 2 restarts in 60 s\)/,
    );
    // Behind each stands where it comes from.
    expect(reasons).toEqual([
      expect.stringMatching(/^crashed: over \(.*slow\.ts:\d+:\d+\)$/),
      expect.stringMatching(/^start: not done within 500 ms \(spawn option startWithin\)/),
    ]);
  });

  it('ends with the system', async () => {
    system = await startSystem({ seed: 1 });
    const spawning = expect(system.spawn(sleeper, { lives: 0 }, { on: 'main' })).rejects.toThrow(
      'spawn sleeper: the system has been stopped',
    );
    await system.stop();
    await spawning;
  });
});

describe('stop', () => {
  it.each([['first'], ['last']])(
    'has actors handle what waits, producers first, and completes their streams: spawned %s',
    async when => {
      const order: string[] = [];
      const stage = defineActor(import.meta.url, {
        name: 'stage',
        config: z.object({}),
        inputs: { numbers: port<number>() },
        outputs: { numbers: port<number>() },
        start({ inputs, outputs, name, signal }) {
          signal.addEventListener('abort', () => order.push(`${name} aborted`));
          inputs.numbers.subscribe({
            next(n) {
              order.push(`${name} got ${n}`);
              outputs.numbers.next(n + 1);
            },
            complete: () => order.push(`${name} completed`),
          });
          return {
            stop() {
              order.push(`${name} stops`);
              outputs.numbers.next(0);
            },
            send: (n: number) => outputs.numbers.next(n),
          };
        },
      });
      system = await startSystem({ seed: 1 });
      const spawn = (name: string) => system.spawn(stage, {}, { on: 'main', name });
      const early = when === 'last' ? await spawn('second') : undefined;
      const first = await spawn('first');
      const second = early ?? (await spawn('second'));
      system.link(first.outputs.numbers, second.inputs.numbers);
      const seen = firstValueFrom(second.outputs.numbers.pipe(toArray()));
      await first.call.send(5);
      await system.stop();
      expect(order).toEqual([
        'first aborted',
        'second aborted',
        'first stops',
        'first completed',
        'second got 5',
        'second got 0',
        'second stops',
        'second completed',
      ]);
      expect(await seen).toEqual([6, 1, 0]);
    },
  );

  it('waits once, not once a message, for a consumer that does not read', async () => {
    system = await startSystem({ seed: 1 });
    const end = await system.spawn(deafEnd, {}, { on: 'main' });
    const sender = await system.spawn(source, {});
    system.link(sender.outputs.numbers, end.inputs.numbers, { depth: 2 });
    const sent = sender.call.sendBlocking(22);
    await standsStill(sender.name);
    await system.stop();
    expect(await sent).toBe(22);
    const [{ dropped, waitedMs }] = system.links();
    expect(dropped).toBe(20);
    expect(waitedMs).toBeLessThan(10_000); // it was a second for each
  });

  it('of an actor that stands still on a full link leaves its neighbours on the thread alone', async () => {
    system = await startSystem({ seed: 1 });
    const end = await system.spawn(deafEnd, {}, { on: 'main' });
    const neighbour = await system.spawn(source, {}, { on: 'tensors', name: 'neighbour' });
    const sender = await system.spawn(source, {}, { on: 'tensors' });
    system.link(sender.outputs.numbers, end.inputs.numbers, { depth: 2 });
    const sent = sender.call.sendBlocking(3);
    await standsStill(sender.name);
    await sender.stop();
    expect(await sent).toBe(3);
    expect(await neighbour.call.which()).toBe(0);
  });

  it('of one actor takes its links out and frees its name; what is sent to it is dropped', async () => {
    system = await startSystem({ seed: 1 });
    const sender = await system.spawn(source, {});
    const end = await system.spawn(collector, {});
    system.link(sender.outputs.numbers, end.inputs.numbers, { depth: 2 });
    await sender.call.send(4);
    const blocked = sender.call.sendBlocking(2000);
    await end.stop();
    expect(await blocked).toBe(2004);
    expect(system.links().map(({ link }) => link)).toEqual(
      system.links().length > 0 ? ['source.numbers → (no link)'] : [],
    );
    const again = await system.spawn(collector, {}, { on: 'main' });
    expect(await again.call.seen()).toEqual([]);
    expect(() => system.link(sender.outputs.numbers, end.inputs.numbers)).toThrow(
      'collector has been stopped',
    );
  });

  it('says which actor left handles open', async () => {
    system = await startSystem({ seed: 1 });
    await system.spawn(lingering, {});
    const warning = firstValueFrom(system.events.pipe(filter(event => event.type === 'warning')));
    await system.stop();
    expect(await warning).toMatchObject({
      actor: 'lingering',
      message: expect.stringContaining('handles open'),
    });
  });

  it('may come twice, and while a spawn is under way', async () => {
    system = await startSystem({ seed: 1 });
    const spawning = expect(system.spawn(source, {})).rejects.toThrow('the system has been stopped');
    await Promise.all([system.stop(), system.stop()]);
    await spawning;
  });
});

it('messages through several stages on three threads arrive whole', async () => {
  system = await startSystem({ seed: 1 });
  const sender = await system.spawn(source, {});
  const twice = await system.spawn(doubler, {});
  const end = await system.spawn(collector, {}, { on: 'tensors' });
  system.link(sender.outputs.numbers, twice.inputs.numbers);
  system.link(twice.outputs.doubled, end.inputs.numbers);
  await sender.call.sendBlocking(5000);
  expect(await end.call.waitFor(5000)).toEqual(Array.from({ length: 5000 }, (_, i) => 2 * i));
});
