import { expect, expectTypeOf, test } from 'vitest';
import type { ActionColumn, Step } from '../../src/env/contract.ts';
import { defineEnvironment, environment, makeEnvironment } from '../../src/env/define.ts';
import {
  type ActionSpace,
  type Box,
  box,
  dict,
  discrete,
  multiDiscrete,
  type ValueOf,
} from '../../src/env/spaces.ts';

const hand = dict({ joints: box([2, 3]), grip: discrete(2) });
const scene = dict({ hand, picture: box(4, { low: 0, high: 1 }), buttons: multiDiscrete([2, 5]) });

const reaching = defineEnvironment(import.meta.url, {
  name: 'reaching',
  summary: '',
  make() {
    const observe = () => ({
      hand: { joints: new Float32Array(6), grip: 1 },
      picture: new Float32Array(4),
      buttons: Int32Array.of(1, 4),
    });
    return environment({
      observationSpace: scene,
      actionSpace: multiDiscrete([3, 3]),
      reset: () => ({ observation: observe(), info: {} }),
      step(action) {
        expectTypeOf(action).toEqualTypeOf<Int32Array>();
        return { observation: observe(), reward: action[0], terminated: false, truncated: false, info: {} };
      },
    });
  },
});

test('the values of each space', () => {
  expectTypeOf<ValueOf<Box>>().toEqualTypeOf<Float32Array>();
  expectTypeOf(discrete(3)).toExtend<ActionSpace>();
  expectTypeOf<ValueOf<ReturnType<typeof discrete>>>().toEqualTypeOf<number>();
  expectTypeOf<ValueOf<ReturnType<typeof multiDiscrete>>>().toEqualTypeOf<Int32Array>();
  expectTypeOf<ValueOf<typeof scene>>().toEqualTypeOf<{
    readonly hand: { readonly joints: Float32Array; readonly grip: number };
    readonly picture: Float32Array;
    readonly buttons: Int32Array;
  }>();
  expectTypeOf(scene).not.toExtend<ActionSpace>();
  expectTypeOf<ActionColumn<Box>>().toEqualTypeOf<Float32Array>();
  expectTypeOf<ActionColumn<ReturnType<typeof multiDiscrete>>>().toEqualTypeOf<Int32Array>();
});

test('observations and actions of an environment, parts within parts', async () => {
  const one = await makeEnvironment(reaching, {});
  const { observation } = one.reset({ seed: 1 });
  expectTypeOf(observation.hand.joints).toEqualTypeOf<Float32Array>();
  expectTypeOf(observation.hand.grip).toEqualTypeOf<number>();
  expectTypeOf(observation.buttons).toEqualTypeOf<Int32Array>();
  expectTypeOf(one.step).parameter(0).toEqualTypeOf<Int32Array>();
  expectTypeOf(one.step).returns.toEqualTypeOf<Step<ValueOf<typeof scene>>>();
  expect(observation.hand.joints).toHaveLength(6);
  expect(one.step(Int32Array.of(2, 0)).reward).toBe(2);
});

test('an action of another kind does not compile, and does not run', async () => {
  const one = await makeEnvironment(reaching, {});
  one.reset({ seed: 1 });
  const wanted = 'expected an Int32Array of length 2';
  // @ts-expect-error one choice for two
  expect(() => one.step(1)).toThrow(wanted);
  // @ts-expect-error a list
  expect(() => one.step([1, 1])).toThrow(wanted);
  // @ts-expect-error floats for choices
  expect(() => one.step(new Float32Array(2))).toThrow(wanted);
  // @ts-expect-error doubles
  expect(() => one.step(new Float64Array(2))).toThrow(wanted);
  // @ts-expect-error nothing
  expect(() => one.step()).toThrow(wanted);
  // How many there are is not in the type: TypeScript knows no lengths of typed arrays.
  expect(() => one.step(new Int32Array(3))).toThrow(wanted);
});

test('an observation of another kind than its space does not compile', () => {
  const step = () => ({ observation: 0, reward: 0, terminated: false, truncated: false, info: {} });
  const described = { observationSpace: discrete(2), actionSpace: discrete(2), step };
  environment({ ...described, reset: () => ({ observation: 1, info: {} }) });
  // @ts-expect-error floats for a choice
  environment({ ...described, reset: () => ({ observation: new Float32Array(1), info: {} }) });
  environment({
    ...described,
    reset: () => ({ observation: 1, info: {} }),
    // @ts-expect-error a flag that is a number
    step: () => ({ ...step(), terminated: 0 }),
  });
  // @ts-expect-error no column holds a dict of actions
  environment({ ...described, actionSpace: scene, reset: () => ({ observation: 1, info: {} }) });
  // @ts-expect-error a part that is not there
  expectTypeOf<ValueOf<typeof scene>>().toHaveProperty('foot');
});
