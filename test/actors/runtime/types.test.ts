import type { Observable } from 'rxjs';
import { expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import {
  defineActor,
  type InputEnd,
  type OutputEnd,
  port,
  type SlabOutput,
  type System,
  slab,
} from '../../../src/actors/index.ts';

const texts = defineActor(import.meta.url, {
  name: 'texts',
  config: z.object({ size: z.number().default(2) }),
  inputs: { words: port<string>(), either: port<string | number>() },
  outputs: config => ({
    numbers: port(z.number()),
    floats: slab({ x: { dtype: 'float32', shape: [config.size] } }),
    integers: slab({ x: { dtype: 'int32', shape: [config.size] } }),
  }),
  start({ config, inputs, outputs }) {
    expectTypeOf(config).toEqualTypeOf<{ size: number }>();
    expectTypeOf(inputs.words).toEqualTypeOf<Observable<string>>();
    expectTypeOf(outputs.numbers.next).parameter(0).toEqualTypeOf<number>();
    expectTypeOf(outputs.floats).toExtend<
      SlabOutput<{ x: { dtype: 'float32'; shape: readonly number[] } }>
    >();
    outputs.floats.write(({ x }) => expectTypeOf(x).toEqualTypeOf<Float32Array>());
    return { count: async (word: string, times?: number) => word.length * (times ?? 1), snapshot: () => 1 };
  },
});

const floats = defineActor(import.meta.url, {
  name: 'floats',
  config: z.object({}),
  inputs: { floats: slab({ x: { dtype: 'float32', shape: [2] } }) },
  start({ inputs }) {
    inputs.floats.subscribe(({ x }) => expectTypeOf(x).toEqualTypeOf<Float32Array>());
  },
});

/** Never called: it is enough that it compiles. */
async function uses(system: System): Promise<void> {
  const one = await system.spawn(texts, {});
  const many = await system.spawn(texts, { size: 3 }, { copies: 2 });
  const end = await system.spawn(floats, {});

  expectTypeOf(one.outputs.numbers).toEqualTypeOf<OutputEnd<number>>();
  expectTypeOf(one.inputs.words).toEqualTypeOf<InputEnd<string>>();
  expectTypeOf(one.call.count).toEqualTypeOf<(word: string, times?: number) => Promise<number>>();
  expectTypeOf(many.call.count).toEqualTypeOf<(word: string, times?: number) => Promise<number[]>>();
  expectTypeOf(one.call).not.toHaveProperty('snapshot');

  system.link(one.outputs.numbers, many.inputs.either);
  system.link(one.outputs.floats, end.inputs.floats);
  // @ts-expect-error numbers are not strings
  system.link(one.outputs.numbers, one.inputs.words);
  // @ts-expect-error integers are not floats
  system.link(one.outputs.integers, end.inputs.floats);
  // @ts-expect-error a slab is not a value
  system.link(one.outputs.floats, one.inputs.words);
  // @ts-expect-error an input is not an output
  system.link(one.inputs.words, one.inputs.words);
  // @ts-expect-error the config has no such field of that type
  await system.spawn(texts, { size: 'large' });
  // @ts-expect-error there is no such method
  one.call.nothing();
  // @ts-expect-error the method takes a word
  one.call.count(1);
}

it('what does not fit does not compile', () => {
  expect(uses).toBeTypeOf('function');
});
