import { Subject } from 'rxjs';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import type { ActorDefinition, Carried, Methods, Ports } from '../../../src/actors/index.ts';
import { concealmentScan } from '../../../src/evaluation/actors/concealment.ts';
import type {
  AssignReveal,
  PolicyAnswer,
  PolicyRequest,
  TrialOrder,
  TrialOutcomes,
  TrialRequest,
} from '../../../src/evaluation/actors/messages.ts';
import type { TrialsPlayed, WorldStates } from '../../../src/scenarios/ab-robotics/messages.ts';
import type { operator } from '../../../src/scenarios/ab-robotics/operator.ts';
import type { robotCell } from '../../../src/scenarios/ab-robotics/robot-cell.ts';

/** Whether a field whose name has `arm` in it can be reached in a type, at any depth. */
type HasArm<T> = T extends readonly (infer Item)[]
  ? HasArm<Item>
  : T extends (...args: never[]) => unknown
    ? false
    : T extends object
      ? true extends { [K in keyof T]-?: NamesArm<K> extends true ? true : HasArm<T[K]> }[keyof T]
        ? true
        : false
      : false;
type NamesArm<K> = K extends string
  ? Lowercase<K> extends
      | 'arm'
      | 'arms'
      | `${string}arm`
      | `${string}arms`
      | `arm${'_' | '-' | ' '}${string}`
      | 'armname'
    ? true
    : false
  : false;

/** Everything that an actor is sent, sends and is spawned with. */
type Reachable<D> =
  D extends ActorDefinition<infer S extends z.ZodType, infer I extends Ports, infer O extends Ports, Methods>
    ? z.output<S> | { [K in keyof I]: Carried<I[K]> }[keyof I] | { [K in keyof O]: Carried<O[K]> }[keyof O]
    : 'not an actor';

describe('concealment by types', () => {
  it('lets no cell and no operator reach an arm', () => {
    expectTypeOf<HasArm<Reachable<typeof robotCell>>>().toEqualTypeOf<false>();
    expectTypeOf<HasArm<Reachable<typeof operator>>>().toEqualTypeOf<false>();
    // The types above are those of these messages: none of them is left out.
    expectTypeOf<TrialOrder | WorldStates | PolicyAnswer>().toExtend<Reachable<typeof robotCell>>();
    expectTypeOf<TrialRequest | PolicyRequest | TrialsPlayed>().toExtend<Reachable<typeof robotCell>>();
    expectTypeOf<TrialsPlayed | TrialOutcomes>().toExtend<Reachable<typeof operator>>();
  });

  it('finds an arm where there is one', () => {
    expectTypeOf<HasArm<AssignReveal>>().toEqualTypeOf<true>();
    expectTypeOf<
      HasArm<{ readonly trials: readonly { readonly deep: { readonly arm: string } }[] }>
    >().toEqualTypeOf<true>();
    expectTypeOf<HasArm<{ readonly arm?: string }>>().toEqualTypeOf<true>();
    expectTypeOf<HasArm<TrialOrder & { readonly testArm: number }>>().toEqualTypeOf<true>();
    expectTypeOf<
      HasArm<{ readonly index: number; readonly harm: { readonly ful: boolean } }>
    >().toEqualTypeOf<true>();
    expectTypeOf<
      HasArm<{ readonly index: number; readonly names: readonly string[] }>
    >().toEqualTypeOf<false>();
  });
});

describe('concealmentScan', () => {
  const order = { type: 'order', batch: 0, orders: [{ unitId: 'trial-0', index: 0, policyHandle: 'a1' }] };

  it('is silent where no message names an arm, and says how many it has read', () => {
    const scan = concealmentScan(['baseline', 'better']);
    const orders = new Subject<unknown>();
    scan.tap('orders', orders);
    for (let i = 0; i < 3; i++) orders.next(order);
    expect(scan.guard()).toEqual({
      name: 'concealment',
      passed: true,
      says: 'no arm was named in 3 messages to and from cells and operators',
    });
  });

  it('names the link and the word of a planted leak, in any case and as part of a key', () => {
    const scan = concealmentScan(['baseline', 'better']);
    const orders = new Subject<unknown>();
    const played = new Subject<unknown>();
    scan.tap('orders', orders);
    scan.tap('cells.played', played);
    orders.next(order);
    played.next({ type: 'played', notes: { policyBetter: 1 } });
    expect(scan.guard()).toMatchObject({ passed: false });
    expect(scan.leaks).toEqual([
      { link: 'cells.played', word: 'better', excerpt: 'ype":"played","notes":{"policyBetter":1}}' },
    ]);
  });

  it('goes on from what an earlier sitting has read and found', () => {
    const first = concealmentScan(['better']);
    const orders = new Subject<unknown>();
    first.tap('orders', orders);
    orders.next('the better one');
    orders.next(order);
    first.stop();
    const second = concealmentScan(['better'], JSON.parse(JSON.stringify(first.state)));
    second.tap('orders', orders);
    orders.next(order);
    expect(second.state).toEqual({ ...first.state, messages: 3 });
    expect(second.guard()).toEqual({
      name: 'concealment',
      passed: false,
      says: 'an arm was named 1 times in 3 messages, first "better" on orders',
    });
  });

  it('does not pass where it has read nothing', () => {
    expect(concealmentScan(['baseline']).guard().passed).toBe(false);
  });

  it('reads no more once it is stopped', () => {
    const scan = concealmentScan(['better']);
    const orders = new Subject<unknown>();
    scan.tap('orders', orders);
    scan.stop();
    orders.next('better');
    expect(scan.leaks).toEqual([]);
  });
});
