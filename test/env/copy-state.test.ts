import { describe, expect, test } from 'vitest';
import { Random } from '../../src/core/random.ts';
import { environmentCalls } from '../../src/env/calls.ts';
import { cartPole } from '../../src/env/classic/cart-pole.ts';
import { pendulum } from '../../src/env/classic/pendulum.ts';
import type { VectorEnvironment } from '../../src/env/contract.ts';
import { makeVectorEnvironment } from '../../src/env/define.ts';
import { vectorize } from '../../src/env/vectorize.ts';
import { makeWalk } from '../fixtures/environments/walk.ts';
import { actionSizeOf, make, tasks } from './rapier/helpers.ts';

const rowOf = ({ observations, count }: VectorEnvironment, copy: number): Float32Array => {
  const size = observations.length / count;
  return observations.slice(copy * size, (copy + 1) * size);
};

describe('a copy put where another one stood goes on as that one does', () => {
  test('pendulum, to the bit and to the end of the episode', async () => {
    const from = await makeVectorEnvironment(pendulum, {}, 1);
    const to = await makeVectorEnvironment(pendulum, {}, 3);
    for (let k = 0; k < 190; k++) from.step(Float32Array.of(1));
    to.setCopyState?.(2, from.copyState?.(0) ?? null);
    expect(rowOf(to, 2)).toEqual(rowOf(from, 0));
    for (let k = 1; k <= 10; k++) {
      from.step(Float32Array.of(-1));
      to.step(Float32Array.of(0, 1, -1));
      expect(to.rewards[2]).toBe(from.rewards[0]);
      expect([to.truncated[2], to.truncated[0]]).toEqual([k === 10 ? 1 : 0, 0]);
    }
  });

  test('copies of a single environment', async () => {
    const walks = (count: number) =>
      vectorize(() => makeWalk({ step: 1 }), count, { name: 'walk', maxEpisodeSteps: 6 });
    const [from, to] = [await walks(1), await walks(2)];
    from.step(Int32Array.of(1));
    from.step(Int32Array.of(0));
    to.setCopyState?.(1, structuredClone(from.copyState?.(0) ?? null));
    expect(rowOf(to, 1)).toEqual(rowOf(from, 0));
    for (let k = 3; k <= 6; k++) {
      from.step(Int32Array.of(k % 2));
      to.step(Int32Array.of(1, k % 2));
      expect([to.truncated[1], to.terminated[1]]).toEqual([from.truncated[0], from.terminated[0]]);
    }
    expect(from.truncated[0]).toBe(1);
    expect(() => to.setCopyState?.(0, { wrong: 1 })).toThrow(/environment walk: state of a copy = /);
  });

  test.each(Object.keys(tasks))('%s', async name => {
    const [from, to] = [await make(name, 2), await make(name, 3)];
    const size = actionSizeOf(from);
    const random = Random.fromSeed(3);
    const actions = new Float32Array(3 * size);
    for (const env of [from, to]) env.reset({ seed: 6 });
    for (let k = 0; k < 12; k++) {
      random.fillUniform(actions, -0.4, 0.4);
      from.step(actions.slice(0, 2 * size));
      to.step(actions);
    }
    to.setCopyState(2, structuredClone(from.copyState(1)));
    const off = () => Math.max(...rowOf(to, 2).map((value, k) => Math.abs(value - rowOf(from, 1)[k])));
    expect(off()).toBeLessThan(1e-4);
    for (let k = 0; k < 6; k++) {
      random.fillUniform(actions, -0.4, 0.4);
      actions.copyWithin(size, 2 * size, 3 * size);
      from.step(actions.slice(0, 2 * size));
      to.step(actions);
    }
    // Of robots on the ground, what their contacts pushed last is not part of a state: they come close.
    if (name === 'cart-pole-swing-up') expect(off()).toBeLessThan(1e-4);
    else expect(Math.abs(rowOf(to, 2)[0] - rowOf(from, 1)[0])).toBeLessThan(0.02);
    from.close();
    to.close();
  });

  test('not one of another environment', async () => {
    const [poles, swings] = [await makeVectorEnvironment(cartPole, {}, 1), await make('hopper', 1)];
    const copies = await makeVectorEnvironment(pendulum, {}, 1);
    expect(() => copies.setCopyState?.(0, poles.copyState?.(0) ?? null)).toThrow(
      /variables has length 4, expected 2/,
    );
    const other = await make('cart-pole-swing-up', 1);
    expect(() => swings.setCopyState(0, other.copyState(0))).toThrow(/design = .* another task/);
    swings.close();
    other.close();
  });
});

test('what a thread asks of environments is counted', async () => {
  const before = environmentCalls();
  const copies = await makeVectorEnvironment(pendulum, {}, 3);
  copies.step(new Float32Array(3));
  copies.reset();
  const walks = await vectorize(() => makeWalk({ step: 1 }), 2);
  walks.step(new Int32Array(2));
  const { made, resets, steps } = environmentCalls();
  expect([made - before.made, steps - before.steps]).toEqual([2, 5]);
  expect(resets).toBeGreaterThan(before.resets);
});
