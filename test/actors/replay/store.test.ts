import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PrioritizedDraws, uniformDraws } from '../../../src/actors/replay/draws.ts';
import type { Transitions } from '../../../src/actors/replay/fields.ts';
import { Limiter } from '../../../src/actors/replay/limiter.ts';
import { memoryRecords } from '../../../src/actors/replay/records.ts';
import { rowsOfStore, Store, type StoreShape } from '../../../src/actors/replay/store.ts';
import { SumTree } from '../../../src/actors/replay/sum-tree.ts';
import { Random } from '../../../src/core/random.ts';
import { expected, misfits, rowsOf, type Step, spaces, World } from './history.ts';

const storeOf = (shape: Omit<StoreShape, 'spaces'>, draws?: PrioritizedDraws) =>
  new Store(
    { ...shape, spaces },
    memoryRecords({ rows: rowsOfStore(shape), size: 3, type: 'float32' }),
    draws,
  );

/** Every row of a store that may be drawn. */
const drawable = (store: Store) =>
  Int32Array.from(Array.from({ length: store.extent }, (_, row) => row).filter(row => store.isDrawable(row)));

/** The steps of a stream that its ring still holds: an end takes a slot, as does what the last step led to. */
function held(steps: readonly Step[], slots: number): number[] {
  const places: number[] = [];
  let head = 0;
  for (const { terminated, truncated } of steps) {
    places.push(head);
    head += terminated || truncated ? 2 : 1;
  }
  const open = !steps.at(-1)?.terminated && !steps.at(-1)?.truncated;
  const oldest = head - slots + (open ? 1 : 0);
  return places.flatMap((place, t) => (place >= oldest ? [t] : []));
}

const shapes = fc.record({
  seed: fc.integer(),
  nStep: fc.integer({ min: 1, max: 5 }),
  gamma: fc.constantFrom(0, 0.5, 0.99, 1),
  workers: fc.integer({ min: 1, max: 2 }),
  count: fc.integer({ min: 1, max: 3 }),
  steps: fc.integer({ min: 1, max: 9 }),
  slots: fc.integer({ min: 7, max: 30 }),
  rounds: fc.integer({ min: 1, max: 6 }),
  ends: fc.constantFrom(0, 0.2, 1),
});

describe('the store', () => {
  it('holds the newest steps of every stream, and gives the n-step rows of the definition', () => {
    fc.assert(
      fc.property(shapes, ({ seed, nStep, gamma, workers, count, steps, slots, rounds, ends }) => {
        const streams = workers * count;
        const store = storeOf({ streams, capacity: streams * slots, nStep });
        const world = new World(streams, Random.fromSeed(seed));
        for (let round = 0; round < rounds; round++) {
          world.round(workers, steps, count, ends).forEach((stretch, worker) => {
            store.insert(stretch, steps, count, worker * count);
          });
          const kept = world.history.map(all => held(all, slots + 1));
          const rows = world.history.flatMap((all, stream) =>
            kept[stream].flatMap(t => expected(all, t, nStep, gamma) ?? []),
          );
          const drawn = drawable(store);
          const found = rowsOf(store, drawn, nStep, gamma);
          expect(misfits(found, world, nStep, gamma)).toEqual([]);
          expect(found.map(({ observation }) => observation.join()).sort()).toEqual(
            rows.map(({ observation }) => observation.join()).sort(),
          );
          expect(store.drawable).toBe(drawn.length);
          expect(store.stored).toBe(kept.reduce((sum, all) => sum + all.length, 0));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('goes on with the same bits from a snapshot', () => {
    const shape = { streams: 2, capacity: 24, nStep: 3 };
    const world = new World(2, Random.fromSeed(5));
    const stretches = Array.from({ length: 5 }, () => world.round(1, 5, 2)[0]);
    const [first, second] = [storeOf(shape), storeOf(shape)];
    for (const stretch of stretches.slice(0, 2)) first.insert(stretch, 5, 2, 0);
    second.restore(structuredClone(first.snapshot(0)));
    for (const stretch of stretches.slice(2)) {
      first.insert(stretch, 5, 2, 0);
      second.insert(stretch, 5, 2, 0);
    }
    expect(second.snapshot(0)).toEqual(first.snapshot(0));
    expect(() => storeOf({ ...shape, capacity: 26 }).restore(first.snapshot(0))).toThrow(
      'replay: capacity: the saved store has 13 rows for each of 2 environment copies, expected 14 for each of 2',
    );
  });

  it('cuts a stream that goes on with another observation than its last step led to', () => {
    const store = storeOf({ streams: 1, capacity: 20, nStep: 3 });
    const world = new World(1, Random.fromSeed(1));
    store.insert(world.round(1, 4, 1, 0)[0], 4, 1, 0);
    const anew = new World(1, Random.fromSeed(2));
    store.insert(anew.round(1, 4, 1, 0)[0], 4, 1, 0);
    const rows = rowsOf(store, drawable(store), 3, 0.5);
    // Four of the first life, the last of which end early in what they led to; two of the second.
    expect(rows.map(({ observation, next, discount }) => [observation[2], next[2], discount])).toEqual([
      [0, 3, 0.125],
      [1, 4, 0.125],
      [2, 4, 0.25],
      [3, 4, 0.5],
      [0, 3, 0.125],
      [1, 4, 0.125],
    ]);
  });

  it.each([
    [
      'observations',
      'uint8',
      3.5,
      'observations = uint8: observation 3.5: expected a whole number, 0 to 255',
    ],
    ['nextObservations', 'float32', Number.NaN, 'observation NaN: expected a finite number'],
    ['rewards', 'float32', Number.POSITIVE_INFINITY, 'reward Infinity: expected a finite number'],
  ] as const)('refuses %s (%s) of %d', (column, type, value, message) => {
    const shape = { streams: 1, capacity: 20, nStep: 1, spaces };
    const store = new Store(shape, memoryRecords({ rows: rowsOfStore(shape), size: 3, type }));
    const world = new World(1, Random.fromSeed(1));
    store.insert(world.round(1, 4, 1)[0], 4, 1, 0);
    expect(misfits(rowsOf(store, drawable(store), 1, 1), world, 1, 1)).toEqual([]);
    const [stretch] = world.round(1, 4, 1);
    stretch[column].fill(value);
    expect(() => store.insert(stretch, 4, 1, 0)).toThrow(`replay: ${message}`);
  });

  it('refuses a capacity below what its streams need', () => {
    expect(() => storeOf({ streams: 4, capacity: 11, nStep: 1 })).toThrow(
      'replay: capacity = 11: expected at least 12, 3 for each of the 4 environment copies',
    );
  });
});

describe('planted errors are seen', () => {
  const plants: Record<string, (slab: Transitions) => void> = {
    'the reward of the step before': ({ rewards }) => rewards.copyWithin(1, 0),
    'a bootstrap through a terminated end': ({ terminated, truncated }) => {
      truncated.set(truncated.map((flag, k) => flag | terminated[k]));
      terminated.fill(0);
    },
    'the first observation of the next episode': ({ observations, nextObservations }) =>
      nextObservations.set(observations.subarray(3)),
    'no end at all': ({ terminated, truncated }) => {
      terminated.fill(0);
      truncated.fill(0);
    },
  };
  const seen = (plant: (slab: Transitions) => void, nStep: number): string[] => {
    const world = new World(1, Random.fromSeed(4));
    const store = storeOf({ streams: 1, capacity: 60, nStep });
    const [stretch] = world.round(1, 50, 1);
    plant(stretch);
    store.insert(stretch, 50, 1, 0);
    return [...new Set(misfits(rowsOf(store, drawable(store), nStep, 0.9), world, nStep, 0.9))];
  };

  it('none where none is planted', () => {
    expect([seen(() => {}, 1), seen(() => {}, 3)]).toEqual([[], []]);
  });

  it.each([
    ['the reward of the step before', 'reward'],
    ['a bootstrap through a terminated end', 'discount'],
    ['the first observation of the next episode', 'next observation'],
    ['no end at all', 'discount'],
  ])('%s', (name, told) => {
    expect(seen(plants[name], 1)).toContain(told);
    expect(seen(plants[name], 3)).toContain(told);
  });
});

describe('the sum tree', () => {
  it('agrees with plain sums', () => {
    const values = fc.array(fc.oneof(fc.constant(0), fc.double({ min: 1e-3, max: 1e3, noNaN: true })), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(
        values,
        fc.array(fc.nat(39)),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (all, again, share) => {
          const tree = new SumTree(all.length);
          all.forEach((value, i) => {
            tree.set(i, value);
          });
          for (const i of again) tree.set(i % all.length, all[(i + 1) % all.length]);
          const now = [...tree.leaves(all.length)];
          const sum = now.reduce((a, b) => a + b, 0);
          expect(Math.abs(tree.total - sum)).toBeLessThanOrEqual(1e-12 * sum);
          if (sum === 0) return;
          const mass = share * tree.total;
          const at = tree.find(mass);
          const below = now.slice(0, at).reduce((a, b) => a + b, 0);
          expect(now[at]).toBeGreaterThan(0);
          expect(below).toBeLessThanOrEqual(mass + 1e-9 * sum);
          expect(below + now[at]).toBeGreaterThanOrEqual(mass - 1e-9 * sum);
          const filled = new SumTree(all.length);
          filled.fill(tree.leaves(all.length));
          expect(filled.total).toBe(tree.total);
        },
      ),
    );
  });
});

describe('the limiter', () => {
  it('is never off by one, whatever comes in and is drawn', () => {
    const rates = fc.tuple(fc.integer({ min: 1, max: 4000 }), fc.constantFrom(1, 10, 100, 1000));
    fc.assert(
      fc.property(
        rates,
        fc.nat(50),
        fc.array(fc.nat(5000), { maxLength: 20 }),
        ([top, bottom], startAfter, all) => {
          let limiter = new Limiter({ startAfter, updatesPerStep: top / bottom });
          let [inserted, drawn] = [0n, 0n];
          for (const transitions of all) {
            limiter.insert(transitions);
            inserted += BigInt(transitions);
            const over = inserted - BigInt(startAfter);
            const due = (over > 0n ? (over * BigInt(top)) / BigInt(bottom) : 0n) - drawn;
            expect(limiter.due).toBe(Number(due));
            // Not always all of it.
            limiter.draw(Math.ceil(Number(due) / 2));
            drawn += BigInt(Math.ceil(Number(due) / 2));
            const other = new Limiter({ startAfter, updatesPerStep: top / bottom });
            other.restore(limiter.snapshot());
            limiter = other;
          }
          expect([limiter.inserted, limiter.drawn]).toEqual([Number(inserted), Number(drawn)]);
        },
      ),
    );
  });
});

describe('draws', () => {
  const settings = { alpha: 0.6, beta: 0.4, betaSteps: 10, epsilon: 1e-6 };

  it('take every drawable row alike', () => {
    const store = storeOf({ streams: 2, capacity: 20, nStep: 2 });
    const world = new World(2, Random.fromSeed(3));
    store.insert(world.round(1, 8, 2)[0], 8, 2, 0);
    const rows = drawable(store);
    const indices = new Int32Array(20_000);
    const weights = new Float32Array(20_000);
    uniformDraws(store, Random.fromSeed(9)).draw(indices, weights, 0, 20_000, 0);
    const each = 20_000 / rows.length;
    // χ² of so many degrees of freedom: its mean and five of its standard deviations.
    const chi = [...rows].reduce(
      (sum, row) => sum + (indices.filter(r => r === row).length - each) ** 2 / each,
      0,
    );
    expect(chi).toBeLessThan(rows.length + 5 * Math.sqrt(2 * rows.length));
    expect(new Set(indices)).toEqual(new Set(rows));
    expect(new Set(weights)).toEqual(new Set([1]));
  });

  /** A store of 16 rows drawn by priority, whose row k has an error of k. */
  function prioritized(update = true) {
    const shape = { streams: 1, capacity: 40, nStep: 1 };
    const draws = new PrioritizedDraws(rowsOfStore(shape), settings, Random.fromSeed(7));
    const store = storeOf(shape, draws);
    store.insert(new World(1, Random.fromSeed(3)).round(1, 16, 1, 0)[0], 16, 1, 0);
    const rows = Int32Array.from({ length: 16 }, (_, k) => k);
    if (update) draws.update(rows, Float32Array.from(rows), 16);
    return { draws, store };
  }

  /** How far the shares of rows are from those of their priorities, and weights from the formula's. */
  function misfit({ draws }: ReturnType<typeof prioritized>, drawn = 0) {
    const indices = new Int32Array(32_000);
    const weights = new Float32Array(32_000);
    draws.draw(indices, weights, 0, 32_000, drawn);
    const priorities = Array.from({ length: 16 }, (_, k) => (k + settings.epsilon) ** settings.alpha);
    const total = priorities.reduce((a, b) => a + b);
    const shares = priorities.map((p, k) =>
      Math.abs(indices.filter(row => row === k).length / 32_000 - p / total),
    );
    const beta = Math.min(1, settings.beta + (1 - settings.beta) * (drawn / settings.betaSteps));
    const present = [...new Set(indices)];
    const raw = (k: number) => (16 * (priorities[k] / total)) ** -beta;
    const largest = Math.max(...present.map(raw));
    const off = indices.reduce((worst, k, i) => Math.max(worst, Math.abs(weights[i] - raw(k) / largest)), 0);
    return { shares: Math.max(...shares), weights: off, largest: weights.reduce((a, b) => Math.max(a, b)) };
  }

  it.each([0, 5, 99])('take rows by priority, with importance weights after %d updates', drawn => {
    const found = misfit(prioritized(), drawn);
    expect(found.shares).toBeLessThan(1e-4);
    expect(found.weights).toBeLessThan(1e-6);
    expect(found.largest).toBe(1);
  });

  it('show it where priorities are never updated', () => {
    expect(misfit(prioritized(false)).shares).toBeGreaterThan(0.04);
  });

  it('give new rows the largest priority so far, and overwritten ones none', () => {
    const shape = { streams: 1, capacity: 16, nStep: 1 };
    const draws = new PrioritizedDraws(rowsOfStore(shape), settings, Random.fromSeed(7));
    const store = storeOf(shape, draws);
    const world = new World(1, Random.fromSeed(3));
    store.insert(world.round(1, 16, 1, 0)[0], 16, 1, 0);
    expect(draws.weightOf(0)).toBe(1);
    draws.update(Int32Array.of(3, 4), Float32Array.of(-8, 0.5), 2);
    draws.update(Int32Array.of(3), Float32Array.of(2), 1);
    expect(draws.weightOf(3)).toBeCloseTo(2 ** 0.6, 5);
    store.insert(world.round(1, 2, 1, 0)[0], 2, 1, 0);
    // Row 1 holds what the last step led to.
    expect(draws.weightOf(16)).toBeCloseTo(8 ** 0.6, 5);
    expect(draws.weightOf(0)).toBeCloseTo(8 ** 0.6, 5);
    expect(draws.weightOf(1)).toBe(0);
    expect(() => draws.update(Int32Array.of(3), Float32Array.of(Number.NaN), 1)).toThrow(
      'priorities: errors[0] = NaN: expected a finite number',
    );
  });

  it('go on with the same bits from a snapshot', () => {
    const { draws } = prioritized();
    const other = new PrioritizedDraws(41, settings, Random.fromSeed(0));
    other.restore(structuredClone(draws.snapshot()));
    const batches = [draws, other].map(each => {
      const out = [new Int32Array(64), new Float32Array(64)] as const;
      each.draw(...out, 0, 64, 3);
      return out;
    });
    expect(batches[1]).toEqual(batches[0]);
  });
});
