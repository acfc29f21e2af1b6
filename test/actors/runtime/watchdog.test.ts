import { expect, test } from 'vitest';
import { Cell } from '../../../src/actors/runtime/protocol.ts';
import type { Thread } from '../../../src/actors/runtime/threads.ts';
import { Watchdog, type WatchedSeat } from '../../../src/actors/runtime/watchdog.ts';
import { ManualClock } from '../../../src/core/clock.ts';

const MiB = 2 ** 20;

/** A process whose threads a test lets beat and grow; looked at every 100 ms. */
function scene() {
  const clock = new ManualClock();
  const size = { resident: 200 * MiB, main: 50 * MiB };
  const watchdog = new Watchdog(clock, { resident: () => size.resident, own: () => size.main });
  const seats: { beat(): void }[] = [];
  const killed: string[] = [];
  /** @param memory its budget in MiB */
  function thread(name: string, memory?: number, copy: { starting?: boolean; startWithin?: number } = {}) {
    const cellOf = (): Thread => ({ cell: new Int32Array(Cell.words) }) as unknown as Thread;
    const copies = [
      {
        starting: copy.starting ?? false,
        spec: {
          limits: { hangAfter: 60_000, memory: memory === undefined ? undefined : memory * MiB },
          startWithin: copy.startWithin ?? 60_000,
        },
      },
    ];
    const actor = {
      quiet: false,
      present: cellOf() as Thread | undefined,
      copies,
      kill: ({ message }: Error) => void killed.push(`${name} ${message}`),
      beat: () => {
        if (actor.present && !actor.quiet) Atomics.add(actor.present.cell, Cell.beats, 1);
      },
      /** It measures so many MiB more of itself, as the process does. */
      grow(mebibytes: number) {
        if (actor.present) Atomics.add(actor.present.cell, Cell.memory, mebibytes * 1024);
        size.resident += mebibytes * MiB;
      },
      /** It has gone, and given back so many MiB; another takes its place. */
      goes(mebibytes: number) {
        actor.present = cellOf();
        actor.quiet = false;
        size.resident -= mebibytes * MiB;
      },
    };
    seats.push(actor);
    watchdog.watch(actor satisfies WatchedSeat);
    return actor;
  }
  /** So many looks, at which every thread that is not quiet has beaten. */
  const looks = (count: number, meanwhile: () => void = () => {}) => {
    for (let i = 0; i < count; i++) {
      for (const seat of seats) seat.beat();
      meanwhile();
      clock.advance(100);
    }
  };
  return { size, thread, killed, looks };
}

test('a thread that measures too much of itself is ended, once', () => {
  const { thread, killed, looks } = scene();
  const actor = thread('big', 100);
  looks(3, () => actor.grow(30));
  expect(killed).toEqual([]);
  looks(3, () => actor.grow(30));
  expect(killed).toEqual(['big grew by 120 MiB beyond its memory budget of 100 MiB']);
});

test('a silent thread that grows is ended by what the process grew', () => {
  const { size, thread, killed, looks } = scene();
  const actor = thread('silent', 100);
  looks(3);
  actor.quiet = true;
  looks(4, () => {
    size.resident += 40 * MiB;
  });
  expect(killed).toEqual(['silent grew by 120 MiB beyond its memory budget of 100 MiB']);
});

test.each([
  ['another thread, without a budget', 'other'],
  ['another thread that came later', 'new'],
  ['the main thread', 'main'],
])('a silent thread is not charged with the growth of %s', (_what, who) => {
  const { size, thread, killed, looks } = scene();
  const silent = thread('silent', 100);
  const other = thread('other');
  looks(3);
  silent.quiet = true;
  const grower = who === 'new' ? thread('new') : other;
  looks(20, () => {
    if (who !== 'main') return grower.grow(50);
    size.main += 50 * MiB;
    size.resident += 50 * MiB;
  });
  expect(killed).toEqual([]);
});

test('a silent thread is not ended for one that was ended for its size', () => {
  const { thread, killed, looks } = scene();
  const silent = thread('silent', 100);
  const big = thread('big', 300);
  looks(3);
  silent.quiet = true;
  looks(8, () => big.grow(50));
  expect(killed).toEqual(['big grew by 350 MiB beyond its memory budget of 300 MiB']);
  big.goes(0); // the process keeps what it was given
  looks(20);
  expect(killed).toHaveLength(1);
});

test('two silent threads share what nobody measured, and one growth ends one of them', () => {
  const { size, thread, killed, looks } = scene();
  const first = thread('first', 100);
  const second = thread('second', 150);
  looks(3);
  first.quiet = true;
  second.quiet = true;
  looks(5, () => {
    size.resident += 40 * MiB;
  });
  expect(killed).toEqual([]); // 200 MiB: perhaps 100 each
  looks(5, () => {
    size.resident += 40 * MiB;
  });
  expect(killed).toEqual(['first grew by 120 MiB beyond its memory budget of 100 MiB']);
  first.goes(200);
  looks(20);
  expect(killed).toHaveLength(1);
});

test('a silent thread shares with one that starts, which may load what it cannot measure', () => {
  const { size, thread, killed, looks } = scene();
  const silent = thread('silent', 100);
  thread('starts', undefined, { starting: true });
  looks(3);
  silent.quiet = true;
  looks(4, () => {
    size.resident += 40 * MiB;
  });
  expect(killed).toEqual([]);
});

test('a thread may be silent for as long as it may take to start, while it starts', () => {
  const { thread, killed, looks } = scene();
  const actor = thread('late', undefined, { starting: true, startWithin: 90_000 });
  actor.quiet = true;
  looks(900);
  expect(killed).toEqual([]);
  looks(3);
  expect(killed).toEqual(['late hung: no sign of life for 90000 ms']);
});
