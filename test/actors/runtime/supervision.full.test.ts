import { filter, firstValueFrom } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import { type SpawnOptions, type System, startSystem } from '../../../src/actors/index.ts';
import type { Fault } from '../../fixtures/actors/faults.ts';
import { budget, onceRestarted, runFaulty } from './faulty-run.ts';

// The ways to die that supervision.test.ts leaves out.
let system: System;
afterEach(() => system?.stop());

describe('an actor that goes wrong while it handles a message', () => {
  it('sleep: is restarted, gets that message again and its state back', async () => {
    system = await startSystem({ seed: 1 });
    const { passed } = await runFaulty(system, { fault: 'sleep' }, { hangAfter: 300 });
    expect(await passed).toEqual(onceRestarted(3));
  });

  it.each<[Fault, RegExp, SpawnOptions?]>([
    ['reject', /crashed: boom later/],
    ['timer', /crashed: boom in a timer/],
    ['heap', /its heap grew beyond its memory budget|grew by \d+ MiB/, { memory: budget }],
    ['wasmMemory', /grew by \d+ MiB beyond its memory budget of 64 MiB/, { memory: budget }],
  ])('%s: is restarted though the message counts as handled', async (fault, reason, options) => {
    system = await startSystem({ seed: 1 });
    const restarted = firstValueFrom(system.events.pipe(filter(event => event.type === 'restarted')));
    const { actor } = await runFaulty(system, { fault, at: 5 }, options);
    expect(await restarted).toMatchObject({ reason: expect.stringMatching(reason) });
    expect(await actor.call.life()).toBe(2);
  });
});

describe('the restart budget', () => {
  it('forgets restarts that lie outside its window', async () => {
    system = await startSystem({ seed: 1 });
    // Three lives fail, each longer ago than the window of a millisecond when the next one does.
    const { passed } = await runFaulty(
      system,
      { fault: 'throw', lives: 3 },
      { restarts: { times: 1, within: 1 } },
    );
    expect((await passed).at(-1)).toEqual({ value: 5, life: 4, sum: 15 });
  });
});
